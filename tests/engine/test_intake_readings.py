"""Numbers, times and codes of a cell: read so in every column and table, or rejected."""

import json
from pathlib import Path

import duckdb
import pytest
from tests.engine.registers import AT, GOOD, csv_text, lake_with_providers, rows_of, take

from qor.engine.intake.receive import Delivery, receive
from qor.engine.storage.duck import literal


@pytest.mark.parametrize(
    ("column", "text", "read"),
    [
        ("amount", "12,400", None),
        ("amount", "1 2 3", None),
        ("amount", "12 4", None),
        ("amount", "1.234.567", None),
        ("amount", "12400.500", None),
        ("amount", "12 400,50", "12400.50"),
        ("amount", "12\N{NO-BREAK SPACE}400", "12400.00"),
        ("amount", "12400,5000", "12400.50"),
        ("amount", "12 400 124 000", None),
        ("quantity", "1,000", None),
        ("quantity", "1 2", None),
        ("quantity", "0.125", "0.125000"),
        ("quantity", "2,5", "2.500000"),
        ("coefficient", "1.125", None),
        ("coefficient", "1.1250", "1.125000"),
        ("bed_days", "1.000", None),
        ("bed_days", "3.0", "3"),
        ("sample_taken_at", "2026-02-05 09:09 PM", None),
        ("started_at", "2026-02-05 09:00:00 UTC", None),
        ("started_at", "05.02.2026 9:00 утра", None),
        ("started_at", "2026-02-05 09:09:4Z", "2026-02-05 14:09:04"),
        ("referral_date", "2026-02-05 AD", None),
        ("referral_date", "2026-02-05 UTC+5", None),
        ("sample_taken_at", "2026-02-05 9 UTC+5", None),
        ("referral_date", "05.02.2026 г.", None),
    ],
)
def test_every_number_and_time(tmp_path: Path, column: str, text: str, read: str | None) -> None:
    """What may be read in two ways is rejected in every column, what is read is read so."""
    lake = lake_with_providers(tmp_path)
    usual = GOOD | {column: GOOD.get(column, ""), "service_id": "usual"}
    receipt = take(lake, tmp_path, "r.csv", csv_text([GOOD | {column: text}, usual]))
    if read is None:
        assert (receipt.accepted, receipt.rejected) == (1, 1)
        assert rows_of(lake, "rejected", '"column"') == [(column,)]
    else:
        assert {
            identity: str(value)
            for identity, value in rows_of(lake, "services", f"service_id, {column}")
        }["s1"] == read


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("DECIMAL(18,3)", "12.400", "12.40"),
        ("DOUBLE", "12.4", "12.40"),
        ("DOUBLE", "12400", "12400.00"),
        ("FLOAT", "1234567.89", None),
        ("DOUBLE", "0.1 + 0.2", None),
    ],
)
def test_typed_numbers(tmp_path: Path, kind: str, value: str, read: str | None) -> None:
    """A typed number is no text with a thousands sign; a float that cannot hold its tiyn is
    rejected."""
    lake = lake_with_providers(tmp_path)
    path = tmp_path / "r.parquet"
    cells = ", ".join(f"{literal(cell)} AS {key}" for key, cell in GOOD.items() if key != "amount")
    number = f"CAST({value.replace(' + ', '::DOUBLE + ')} AS {kind})"
    duckdb.execute(f"COPY (SELECT {cells}, {number} AS amount) TO {literal(path)} (FORMAT parquet)")
    receive(lake, Delivery(path, "services", None, "test", AT))
    assert [
        str(row[0]) for row in (rows_of(lake, "services", "amount") if lake.has("services") else [])
    ] == ([read] if read else [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I20,0", "I20.0"),
        ("G01*", "G01"),
        ("A39.0†", "A39.0"),
        ("а39.0+", "A39.0"),
        ("I200", "I20.0"),
    ],
)
def test_marks_of_a_diagnosis(tmp_path: Path, text: str, code: str) -> None:
    """Dagger, asterisk and comma are ways of writing the same code, alone and in a list."""
    lake = lake_with_providers(tmp_path)
    take(
        lake,
        tmp_path,
        "r.csv",
        csv_text([GOOD | {"icd10_main": text, "icd10_other": f"{text}; J18.9"}]),
    )
    assert rows_of(lake, "services", "icd10_main, icd10_other") == [(code, [code, "J18.9"])]


def test_a_number_and_a_text_in_json(tmp_path: Path) -> None:
    """12.400 as a number is 12.40; as a text it may be twelve thousand: rejected."""
    lake = lake_with_providers(tmp_path)
    number = json.dumps(GOOD | {"amount": 0}).replace('"amount": 0', '"amount": 12.400')
    text = json.dumps(GOOD | {"amount": "12.400", "service_id": "s2"})
    receipt = take(lake, tmp_path, "r.jsonl", f"{number}\n{text}\n")
    assert (receipt.accepted, receipt.reasons) == (1, {"unreadable": 1})
    assert [str(row[0]) for row in rows_of(lake, "services", "amount")] == ["12.40"]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (
            "tariffs",
            {"code": "A1", "kind": "service", "valid_from": "2026-01-01", "price": "12,400"},
        ),
        (
            "tariffs",
            {
                "code": "A1",
                "kind": "group",
                "valid_from": "2026-01-01",
                "price": "1",
                "weight": "1,125",
            },
        ),
        ("tariffs", {"code": "A1", "kind": "service", "valid_from": "2026-01-01 PM", "price": "1"}),
        (
            "contributions",
            {"iin": "770309490040", "month": "2026-01", "amount": "4.250", "paid_on": "2026-01-20"},
        ),
        (
            "contracts",
            {
                "contract_no": "K1",
                "line": "1",
                "bin": "990149000006",
                "care_form": "outpatient",
                "funding": "osms",
                "valid_from": "2026-01-01",
                "amount": "12 5",
            },
        ),
        (
            "norms",
            {"bin": "990149000006", "kind": "КЖН", "valid_from": "2026-01-01", "value": "1.500"},
        ),
    ],
)
def test_every_table(tmp_path: Path, table: str, row: dict[str, str]) -> None:
    """Prices, weights, contributions, contracts and norms are read as strictly as registers."""
    lake = lake_with_providers(tmp_path)
    assert take(lake, tmp_path, "t.csv", csv_text([row]), table, None).reasons == {"unreadable": 1}
