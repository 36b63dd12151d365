"""Files that were once read wrong without a word (tests/engine/inputs): each is now read right, or
refused, or its rows rejected."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest
from tests.engine.registers import AT, GOOD, csv_text, lake_with_providers, rows_of, take

from qor.engine.intake import refusals
from qor.engine.intake.receive import Delivery, Receipt, receive
from qor.engine.intake.rehearse import rehearse
from qor.engine.storage.duck import connect, literal
from qor.engine.storage.lake import Lake
from qor.interfaces.messages import catalogue, refusal_text
from qor.law.nouns.months import month
from qor.law.nouns.refusals import Refusal

INPUTS = Path(__file__).parent / "inputs"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with the providers, tariffs and people of the inputs."""
    lake = Lake(tmp_path / "lake")
    for table in ("providers", "tariffs", "people"):
        receive(lake, Delivery(INPUTS / "base" / f"{table}.csv", table, None, "test", AT))
    return lake


def _take(lake: Lake, file: str, table: str = "services") -> Receipt:
    receipt = receive(lake, Delivery(INPUTS / file, table, None, "test", AT))
    assert receipt.received == receipt.accepted + receipt.rejected
    return receipt


@pytest.mark.parametrize(
    ("file", "counts", "reasons"),
    [
        ("01-thousands-comma.csv", (5, 0), {"unreadable": 5}),
        ("02-two-numbers-in-a-cell.csv", (4, 1), {"unreadable": 3}),
        ("14-nul-in-parquet.parquet", (2, 0), {"control_sign": 2}),
        ("15-time-words.csv", (2, 0), {"unreadable": 2}),
        ("20-invisible-signs.csv", (5, 1), {"second_of_key": 4}),
        ("22-last-row.xlsx", (3, 3), {}),
        ("11-broken/plain-text.csv.gz", (4, 4), {}),
    ],
)
def test_rows_that_are_rejected(
    lake: Lake, file: str, counts: tuple[int, int], reasons: dict[str, int]
) -> None:
    """Ambiguous numbers, words after a time, control signs; unseen signs make no new key; rows
    without cells are no rows."""
    receipt = _take(lake, file)
    assert ((receipt.received, receipt.accepted), receipt.reasons) == (counts, reasons)


@pytest.mark.parametrize(
    ("file", "refusal", "line"),
    [
        ("06-unclosed-quote.csv", refusals.UnclosedQuote, 5),
        ("07-cut/cut.csv", refusals.DamagedText, 5),
        ("08-mixed-encoding.csv", refusals.DamagedText, 4),
        ("10-second-sheet.xlsx", refusals.SeveralSheets, None),
        ("11-broken/compression-unknown.xlsx", refusals.DamagedFile, None),
        ("11-broken/deflate-damaged.xlsx", refusals.DamagedFile, None),
        ("11-broken/no-worksheet.xlsx", refusals.NoSheet, None),
        ("11-broken/page-damaged.parquet", refusals.DamagedFile, None),
        ("11-broken/password.xlsx", refusals.DamagedFile, None),
        ("11-broken/sheet-xml-cut.xlsx", refusals.DamagedFile, None),
        ("13-key-twice.jsonl", refusals.KeyTwice, 1),
        ("21-mixed-line-ends.csv", refusals.MixedLineEnds, 4),
    ],
)
def test_files_that_are_refused(
    lake: Lake, tmp_path: Path, file: str, refusal: type[Refusal], line: int | None
) -> None:
    """By name, at its line, handed in or tried; the lake stays as it was; no path of the machine
    stands in the sentence."""
    entries = len(lake.entries)
    with pytest.raises(refusal) as caught:
        _take(lake, file)
    assert caught.value.facts.get("line") == line
    with connect() as connection, pytest.raises(refusal):
        rehearse(connection, lake, INPUTS / file, month("2026-02"), tmp_path)
    for language in ("kk", "ru", "en"):
        said = refusal_text(caught.value, language)
        assert Path(file).name in said and str(INPUTS) not in said and str(tmp_path) not in said
    assert len(Lake(lake.root).entries) == entries


def test_a_path_is_no_pattern(lake: Lake) -> None:
    """`reg[12].csv` lies beside reg1.csv: only the one named is read."""
    assert _take(lake, "05-glob/reg[12].csv").accepted == 3


@pytest.mark.parametrize("kind", ["x*.csv", "x?.parquet", "[x].csv", "a{1,2}.csv"])
def test_no_name_is_a_pattern(tmp_path: Path, kind: str) -> None:
    """Neither a file's name nor the lake's own folder, in CSV and Parquet."""
    folder = tmp_path / "lake[1]*"
    folder.mkdir()
    lake = lake_with_providers(folder)
    text = csv_text([GOOD])
    path = folder / kind
    path.write_text(text)
    if kind.endswith("parquet"):
        source = tmp_path / "plain.csv"
        source.write_text(text)
        duckdb.execute(
            f"COPY (FROM read_csv({literal(source)}, all_varchar = true)) TO "
            f"{literal(path)} (FORMAT parquet)"
        )
    assert receive(lake, Delivery(path, "services", None, "test", AT)).accepted == 1
    assert receive(lake, Delivery(path, "services", None, "test", AT)).seen_before
    assert rows_of(lake, "services", "service_id") == [("s1",)]


def test_a_cut_file_leaves_the_whole_one_free(lake: Lake) -> None:
    """The cut one is refused, then the whole one brings its four rows, once."""
    with pytest.raises(refusals.DamagedText):
        _take(lake, "07-cut/cut.csv")
    assert _take(lake, "07-cut/whole.csv").accepted == 4
    assert len(rows_of(lake, "services", "service_id")) == 4


def test_kz1048_is_read(lake: Lake) -> None:
    """The Kazakh letters of the national 8-bit code are those letters."""
    _take(lake, "09-kz1048-providers.csv", "providers")
    names = {name for (name,) in rows_of(lake, "providers", "name_kk")}
    assert any(name.startswith("Қалалық аурухана") for name in names) and not any(
        "Ќ" in name for name in names
    )


def test_letters_that_nobody_here_writes(lake: Lake, tmp_path: Path) -> None:
    """An 8-bit text with letters that neither Kazakh nor Russian has is refused at its line."""
    path = tmp_path / "p.csv"
    path.write_bytes(
        "bin,region,name_ru\n990149000056,10,Ёж\n990149000066,10,".encode("cp1251") + b"\x90\x9a\n"
    )
    with pytest.raises(refusals.WrongEncoding) as caught:
        receive(lake, Delivery(path, "providers", None, "test", AT))
    assert caught.value.facts["line"] == 3


def test_the_visible_sheet_is_read(lake: Lake) -> None:
    """A hidden sheet before it is named as left."""
    receipt = _take(lake, "10-hidden-first-sheet.xlsx")
    assert (receipt.accepted, receipt.left) == (3, ["h"])


def test_three_overlapping_intervals(lake: Lake) -> None:
    """The first is accepted, the others are rejected once each."""
    receipt = _take(lake, "12-three-overlapping-intervals.csv", "insured")
    assert (receipt.received, receipt.accepted, receipt.reasons) == (
        3,
        1,
        {"overlapping_validity": 2},
    )


def test_an_interval_is_held_against_what_stands(lake: Lake, tmp_path: Path) -> None:
    """B overlaps A and is rejected; C overlaps only B, which does not stand: accepted."""
    lines = [
        "770309490040,2026-01-01,2026-01-31",
        "770309490040,2026-01-20,2026-02-20",
        "770309490040,2026-02-10,2026-03-01",
    ]
    text = "iin,valid_from,valid_to\n" + "\n".join(lines) + "\n"
    assert take(lake, tmp_path, "i.csv", text, "insured", None).reasons == {
        "overlapping_validity": 1
    }
    assert [str(row[0]) for row in rows_of(lake, "insured", "valid_from")] == [
        "2026-01-01",
        "2026-02-10",
    ]


def test_a_returned_register_may_be_corrected(lake: Lake) -> None:
    """Rejected while the register was signed, the same bytes are judged again once it was
    returned."""
    folder = "16-returned-register/"
    _take(lake, folder + "1-rows.csv")
    _take(lake, folder + "2-signed.csv", "registers")
    assert _take(lake, folder + "3-correction.csv").reasons == {"register_signed": 1}
    _take(lake, folder + "4-returned.csv", "registers")
    again = _take(lake, folder + "3-correction.csv")
    assert (again.accepted, again.replaced, again.seen_before) == (1, 1, False)


def test_what_is_handed_in_last_stands(tmp_path: Path) -> None:
    """A, B, A: the rows of A stand, and a fourth time nothing changes."""
    lake = lake_with_providers(tmp_path)
    for amount in ("1500.00", "1600.00", "1500.00"):
        take(lake, tmp_path, "r.csv", csv_text([GOOD | {"amount": amount}]))
    assert [str(row[0]) for row in rows_of(lake, "services", "amount")] == ["1500.00"]
    assert take(lake, tmp_path, "r.csv", csv_text([GOOD])).seen_before


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
def test_a_lost_zero_is_put_back_at_every_door(lake: Lake, ending: str) -> None:
    """Eleven digits that become a valid IIN with a zero before them: put right and counted,
    whatever the file."""
    assert _take(lake, f"18-iin-zero-lost/rows.{ending}").padded_iin == 1
    assert rows_of(lake, "services", "iin") == [("050704610002",)]


def test_a_lost_zero_in_parquet(tmp_path: Path) -> None:
    """Whole numbers and floats (a column with gaps becomes one) alike."""
    for kind in ("BIGINT", "DOUBLE"):
        lake = lake_with_providers(tmp_path / kind) if (tmp_path / kind).mkdir() is None else None
        assert lake is not None
        path = tmp_path / f"{kind}.parquet"
        cells = ", ".join(f"{literal(cell)} AS {key}" for key, cell in GOOD.items() if key != "iin")
        duckdb.execute(
            f"COPY (SELECT {cells}, 50704610002::{kind} AS iin) TO {literal(path)} (FORMAT parquet)"
        )
        assert receive(lake, Delivery(path, "services", None, "test", AT)).padded_iin == 1


def test_control_signs_in_names(lake: Lake) -> None:
    """A line end or control sign in a name, which is printed on one line of a payment, rejects the
    row."""
    receipt = _take(lake, "19-bank-names/providers.csv", "providers")
    assert receipt.reasons == {"control_sign": 2}


def test_quotes_that_swallow_lines(tmp_path: Path) -> None:
    """An even number of quotes: one opens in the second row, another ends its cell five rows on;
    refused where it opens."""
    lake = lake_with_providers(tmp_path)
    lines = csv_text([GOOD | {"service_id": f"s{n}"} for n in range(9)]).splitlines()
    lines[2] = lines[2].replace(",C1,", ',"C1,')
    lines[7] = lines[7].replace(",C1,", ',C1",')
    with pytest.raises(refusals.UnclosedQuote) as caught:
        take(lake, tmp_path, "r.csv", "\n".join(lines) + "\n")
    assert caught.value.facts["line"] == 3


@pytest.mark.parametrize("cells", [87_500, 20_000, 3_000])
def test_a_line_of_very_many_cells(tmp_path: Path, cells: int) -> None:
    """One rejected row, at once."""
    lake = lake_with_providers(tmp_path)
    text = (
        csv_text([GOOD])
        + "x," * cells
        + "\n"
        + csv_text([GOOD | {"service_id": "s2"}]).splitlines()[1]
        + "\n"
    )
    start = time.process_time()
    receipt = take(lake, tmp_path, "r.csv", text)
    assert (receipt.received, receipt.accepted, receipt.reasons) == (3, 2, {"too_many_cells": 1})
    assert time.process_time() - start < 20  # a broken promise took minutes and gigabytes


def test_a_full_disk_is_a_refusal(tmp_path: Path) -> None:
    """A process that may write a few kilobytes only: refused in words, and the lake is as it
    was."""
    lake = lake_with_providers(tmp_path)
    path = tmp_path / "r.csv"
    path.write_text(
        csv_text([GOOD | {"service_id": f"s{n}", "card_no": f"C{n * 7919}"} for n in range(20_000)])
    )
    arguments = ["-m", "qor", "--lang", "en", "intake", str(path), "--lake", str(lake.root)]

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 10, 8 << 10))

    # a measured process could not write down what it ran, and one that compiles would leave the
    # program's modules cut off at the limit for all who come after it
    unmeasured = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    unmeasured["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        preexec_fn=small,
        check=False,
        env=unmeasured,
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert not Lake(lake.root).parts("services")


def test_sentences_hold_no_english_of_a_library() -> None:
    """Where a refusal names a detail, it is a place, a number or a format, in every language the
    same."""
    for key in ("damaged_file", "unclosed_quote", "several_sheets", "packed_file"):
        assert "detail" not in "".join(catalogue()[f"refusals.{key}"].values())


def _workbook(build: Callable[[openpyxl.Workbook], None], path: Path) -> Path:
    book = openpyxl.Workbook()
    build(book)
    book.save(path)
    return path


def test_sheets_of_notes_are_named(tmp_path: Path) -> None:
    """A visible sheet that is not the table is left, and said to be."""
    lake = lake_with_providers(tmp_path)

    def build(book: openpyxl.Workbook) -> None:
        book.worksheets[0].append(["to whom it may concern"])
        sheet = book.create_sheet("rows")
        sheet.append(list(GOOD))
        sheet.append(list(GOOD.values()))

    receipt = receive(
        lake, Delivery(_workbook(build, tmp_path / "r.xlsx"), "services", None, "test", AT)
    )
    assert (receipt.accepted, receipt.left) == (1, ["Sheet"])


def test_a_member_packed_by_lzma_and_damaged(tmp_path: Path) -> None:
    """A damaged member is a refusal whatever packed it."""
    lake = lake_with_providers(tmp_path)
    plain = tmp_path / "plain.xlsx"
    openpyxl.Workbook().save(plain)
    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("[Content_Types].xml").header_offset
    content[at + 60 : at + 200] = b"\xff" * 140
    path.write_bytes(content)
    with pytest.raises(refusals.DamagedFile):
        receive(lake, Delivery(path, "services", None, "test", AT))


def test_the_copy_of_the_inputs_is_whole(tmp_path: Path) -> None:
    """The inputs keep their own line ends and encodings."""
    assert b"\r\n" in (INPUTS / "21-mixed-line-ends.csv").read_bytes()
    assert shutil.copy(INPUTS / "08-mixed-encoding.csv", tmp_path)


def test_no_statement_reads_a_path_as_a_pattern() -> None:
    """Every reading of a file goes by `pattern_free` or `parquet`."""
    for path in (Path(__file__).parents[2] / "src").rglob("*.py"):
        text = path.read_text("utf-8")
        assert (
            "read_parquet({literal" not in text
            and "read_csv({literal" not in text
            and "[{literals(paths" not in text
        ), path
