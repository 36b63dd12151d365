"""Every kind of file, and files that are none: refused whole, with where and why, nothing
half-written."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from tests.engine.registers import BIN, GOOD, csv_text, lake_with_providers, rows_of, take

from qor.engine.intake import other_sources, refusals
from qor.engine.storage.lake import Lake
from qor.law.nouns.refusals import Refusal

RUSSIAN = {
    "provider_bin": "БИН поставщика",
    "service_id": "ID услуги",
    "care_form": "Форма помощи",
    "started_at": "Дата начала",
    "ended_at": "Дата окончания",
    "registered_at": "Дата ввода",
    "amount": "Сумма",
    "service_code": "Код услуги",
}
KAZAKH = {
    "provider_bin": "Өнім берушінің БСН",
    "service_id": "Қызмет ID",
    "care_form": "Көмек нысаны",
    "started_at": "Қызмет басталуы",
    "ended_at": "Қызмет аяқталуы",
    "registered_at": "Енгізілген уақыты",
    "amount": "Сомасы",
    "service_code": "Қызмет коды",
}


def _short(titles: dict[str, str], delimiter: str) -> str:
    return csv_text([{key: GOOD[key] for key in titles}], delimiter, list(titles.values()))


def _workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _json_lines(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _parquet(folder: Path) -> bytes:
    path = folder / "made.parquet"
    columns = ", ".join(
        f"'{cell}' AS {key}" for key, cell in GOOD.items() if key not in {"amount", "started_at"}
    )
    duckdb.connect().execute(
        f"COPY (SELECT {columns}, 1500.00::DECIMAL(18,2) AS amount, TIMESTAMP '2026-02-10 "
        f"09:00:00' AS started_at) TO '{path}' (FORMAT parquet)"
    )
    return path.read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        csv_text([GOOD]),
        csv_text([GOOD], ";"),
        "\ufeff" + csv_text([GOOD]),
        csv_text([GOOD]).replace("\n", "\r\n"),
        _short(RUSSIAN, ";").encode("cp1251"),
        _short(RUSSIAN, ",").encode("utf-8-sig"),
        _short(KAZAKH, ";"),
        _json_lines(GOOD),
        _json_lines({**GOOD, "amount": 1500.00, "quantity": 1, "operation_codes": ["47.09"]}),
        _workbook([list(GOOD), list(GOOD.values())]),
    ],
    ids=[
        "comma",
        "semicolon",
        "bom",
        "crlf",
        "cp1251",
        "russian",
        "kazakh",
        "json",
        "json-types",
        "xlsx",
    ],
)
def test_kinds_of_files(tmp_path: Path, content: str | bytes) -> None:
    """The same row comes in whatever the file."""
    lake = lake_with_providers(tmp_path)
    assert take(lake, tmp_path, "r", content).accepted == 1
    assert [
        str(cell)
        for cell in rows_of(lake, "services", "provider_bin, service_id, amount, started_at")[0]
    ] == [BIN, "s1", "1500.00", "2026-02-10 09:00:00"]


def test_parquet(tmp_path: Path) -> None:
    """Typed columns are taken as they are."""
    lake = lake_with_providers(tmp_path)
    assert take(lake, tmp_path, "r.parquet", _parquet(tmp_path)).accepted == 1


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (40 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", refusals.EmptyFile),
        (b"\xef\xbb\xbf \r\n", refusals.EmptyFile),
        (csv_text([GOOD]).splitlines()[0] + "\n", refusals.EmptyFile),
        ("a,b,c\n1,2,3\n", refusals.MissingColumns),
        (csv_text([{k: v for k, v in GOOD.items() if k != "amount"}]), refusals.MissingColumns),
        (csv_text([GOOD | {"Сумма": "1"}]), refusals.DoubleColumn),
        (",".join(f"c{n}" for n in range(10_000)) + "\n", refusals.TooManyColumns),
        (csv_text([GOOD]).replace("visit", "vi\0sit"), refusals.NulByte),
        (csv_text([GOOD]).encode("utf-16"), refusals.WrongEncoding),
        (b"\x89PNG\r\n\x1a\n\0\0\0", refusals.NulByte),
        (b"\xd0\xcf\x11\xe0 an old workbook", refusals.NotATable),
        (b"PK\x03\x04 not a zip", refusals.NotATable),
        (b"PAR1 not parquet", refusals.NotATable),
        (gzip.compress(b"x", mtime=0), refusals.FileRefused),
        ("{not json}\n", refusals.NotJson),
        (_json_lines(GOOD) + "[1]\n", refusals.NotJson),
        (_workbook([list(GOOD), ["=1+1", *list(GOOD.values())[1:]]]), refusals.FormulaInCell),
        (_workbook([list(GOOD)]), refusals.EmptyFile),
    ],
    ids=lambda value: (
        value.__name__ if isinstance(value, type) else ""
    ),  # names from bytes differ between two collections
)
def test_files_that_are_refused(
    tmp_path: Path, content: str | bytes, refusal: type[Refusal]
) -> None:
    """Refused by name, with the file, and the lake is as it was."""
    lake = lake_with_providers(tmp_path)
    with pytest.raises(refusal) as caught:
        take(lake, tmp_path, "r.csv", content)
    assert caught.value.facts["file"] == "r.csv"
    assert lake.parts("services") == []
    assert len(Lake(lake.root).entries) == 1


def test_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a workbook unpacks to is weighed before it is read; so is the packed file."""
    lake = lake_with_providers(tmp_path)
    monkeypatch.setattr(other_sources, "MOST_UNPACKED", 32 << 20)
    with pytest.raises(refusals.TooLarge):
        take(lake, tmp_path, "r.xlsx", _zip_bomb())
    monkeypatch.setattr(other_sources, "MOST_PACKED", 1 << 10)
    with pytest.raises(refusals.TooLarge):
        take(lake, tmp_path, "r2.xlsx", _zip_bomb())


def test_a_huge_workbook_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    """Two gibibytes (a sparse file) are never read."""
    lake = lake_with_providers(tmp_path)
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(2 << 30)
    with pytest.raises(refusals.TooLarge):
        other_sources._weigh(path)
    assert lake.parts("services") == []


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    """Broken lines, cells with line ends and blank lines do not shift the line that a rejected row
    names."""
    lake = lake_with_providers(tmp_path)
    head, good = csv_text([GOOD]).splitlines()
    multi = csv_text([GOOD | {"service_id": "s2", "card_no": "two\nlines"}]).split("\n", 1)[1]
    wrong = csv_text([GOOD | {"service_id": "s3", "amount": "x"}]).splitlines()[1]
    receipt = take(lake, tmp_path, "r.csv", f"{head}\n{good}\n{multi}too,few\n{wrong}\n")
    assert (receipt.received, receipt.accepted) == (4, 2)
    assert rows_of(lake, "rejected", "line, reason") == [(5, "too_few_cells"), (6, "unreadable")]
    assert (
        "s3" in rows_of(lake, "rejected", "text")[0][0]
        or "s3" in rows_of(lake, "rejected", "text")[1][0]
    )


def test_numbers_in_a_workbook_get_their_zeros_back(tmp_path: Path) -> None:
    """A BIN typed as a number has lost its leading zero: put back, and said."""
    lake = lake_with_providers(tmp_path)
    row = GOOD | {"iin": 10101400001}
    receipt = take(lake, tmp_path, "r.xlsx", _workbook([list(row), list(row.values())]))
    assert receipt.padded_iin == 1
    assert rows_of(lake, "services", "iin") == [("010101400001",)]


def test_columns_that_are_not_ours_are_named(tmp_path: Path) -> None:
    """They are left out, and the receipt says which."""
    lake = lake_with_providers(tmp_path)
    assert take(lake, tmp_path, "r.csv", csv_text([GOOD | {"mood": "good"}])).ignored == ["mood"]


def test_providers_come_first(tmp_path: Path) -> None:
    """Without the table of providers no register can be judged."""
    with pytest.raises(refusals.NoProviders):
        take(Lake(tmp_path / "lake"), tmp_path, "r.csv", csv_text([GOOD]))
