"""What looks like a value and is none, or like a new one and is not: errors of a spreadsheet,
unseen signs, doubled columns, damaged letters."""

import json
import time
from pathlib import Path

import duckdb
import openpyxl
import pytest
from tests.engine.registers import AT, BIN, GOOD, csv_text, lake_with_providers, rows_of, take

from qor.engine.intake.receive import Delivery, receive
from qor.engine.intake.refusals import DamagedText, DoubleColumn, TooManyColumns
from qor.engine.storage.duck import literal
from qor.law.nouns.months import month


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#ЗНАЧ!"])
def test_an_error_of_a_spreadsheet_is_no_value(tmp_path: Path, error: str) -> None:
    """In a text, a code or a key, in CSV and in a workbook: the row is rejected."""
    lake = lake_with_providers(tmp_path)
    rows = [GOOD | {"card_no": error}, GOOD | {"service_id": error}, GOOD | {"service_id": "s3"}]
    receipt = take(lake, tmp_path, "errors.csv", csv_text(rows))
    assert (receipt.accepted, receipt.reasons) == (1, {"error_value": 2})
    book = openpyxl.Workbook()
    for row in (list(GOOD), list((GOOD | {"service_id": "s4", "service_code": error}).values())):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "errors.xlsx")
    receipt = take(lake, tmp_path, "errors.xlsx", (tmp_path / "errors.xlsx").read_bytes())
    assert (receipt.accepted, receipt.reasons) == (0, {"error_value": 1})


@pytest.mark.parametrize("sign", "\u2800 \u180f \U0001bca0 \U0001d173 \ufff0".split(" "))
def test_no_unseen_sign_makes_a_new_service(tmp_path: Path, sign: str) -> None:
    """Blank Braille, a selector of variations, marks of shorthand and of music, an unused sign."""
    lake = lake_with_providers(tmp_path)
    take(lake, tmp_path, "signs.csv", csv_text([GOOD, GOOD | {"service_id": f"s{sign}1"}]))
    assert rows_of(lake, "services", "service_id") == [("s1",)]


@pytest.mark.parametrize(
    "column", ["dispatched_at", "arrived_at", "at_patient_until", "hospital_at", "urgency"]
)
def test_a_call_with_an_unreadable_time_is_rejected(tmp_path: Path, column: str) -> None:
    """The time by which a call is judged is never emptied in silence."""
    lake = lake_with_providers(tmp_path)
    call = {"station_bin": BIN, "call_id": "c1", "received_at": "2026-02-10 09:00"}
    calls = [call, call | {"call_id": "c2"}]
    rows = [{**row, column: value} for row, value in zip(calls, ("", "later"), strict=True)]
    receipt = take(lake, tmp_path, "calls.csv", csv_text(rows), "calls")
    assert (receipt.accepted, receipt.reasons) == (1, {"unreadable": 1})


def test_two_columns_of_one_name_in_parquet_are_refused(tmp_path: Path) -> None:
    """`amount` and `Amount` are one column to us: neither is taken in silence."""
    lake = lake_with_providers(tmp_path)
    plain = tmp_path / "plain.csv"
    plain.write_text(csv_text([GOOD]))
    path = tmp_path / "double.parquet"
    # the writer takes no such pair: the second is renamed, in place, where its name stands
    duckdb.execute(
        f"COPY (SELECT *, '9.00' AS amoun_ FROM read_csv({literal(plain)}, all_varchar = true)) "
        f"TO {literal(path)} (FORMAT parquet)"
    )
    path.write_bytes(path.read_bytes().replace(b"amoun_", b"Amount"))
    with pytest.raises(DoubleColumn):
        receive(lake, Delivery(path, "services", month("2026-02"), "test", AT))


def test_damaged_utf8_of_other_letters_is_no_kz1048(tmp_path: Path) -> None:
    """Three Latin letters with accents, one byte that is none: refused at its line."""
    lake = lake_with_providers(tmp_path)
    rows = [GOOD | {"service_id": f"s{n}", "card_no": "café"} for n in range(3)]
    damaged = csv_text([*rows, GOOD | {"service_id": "s9", "card_no": "caf~"}])
    with pytest.raises(DamagedText) as refused:
        take(lake, tmp_path, "damaged.csv", damaged.encode().replace(b"~", b"\xe9"))
    assert refused.value.facts["line"] == 5


def test_an_object_of_very_many_keys_is_refused_at_once(tmp_path: Path) -> None:
    """87,500 keys in one line: each key is looked at once."""
    lake = lake_with_providers(tmp_path)
    start = time.process_time()
    wide = json.dumps(GOOD | {f"k{n}": "" for n in range(87_500)})
    with pytest.raises(TooManyColumns):
        take(lake, tmp_path, "wide.jsonl", wide)
    assert time.process_time() - start < 20  # key by key against all others took minutes
