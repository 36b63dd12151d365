"""What Qor writes: closed to others, harmless in a spreadsheet, refused in words where the disk
does not take it."""

from __future__ import annotations

import errno
import io
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from pypdf import PdfReader

from qor.interfaces.cli import main as cli
from qor.interfaces.disk import disk_trouble
from qor.interfaces.documents.cells import harmless
from qor.interfaces.documents.papers import Paper, as_pdf


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n=1"],
)
def test_a_text_that_begins_a_formula_is_harmless(text: str) -> None:
    """Led by an apostrophe."""
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["-5", "+7.25", "12", "-1,5", "№ 5", "", "a=b", 5, None, "KZ12"])
def test_numbers_and_plain_texts_stay(cell: object) -> None:
    """A negative sum is no formula."""
    assert harmless(cell) == cell


def test_files_are_closed_to_other_accounts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0600 and 0700, the lake too."""
    table = tmp_path / "providers.csv"
    table.write_text("bin,region,name_kk,name_ru,name_en\n990140000017,71,Е,К,C\n", "utf-8")
    lake = tmp_path / "new" / "lake"
    assert cli.main(["intake", str(table), "--table", "providers", "--lake", str(lake)]) == 0
    written = list((tmp_path / "new").rglob("*"))
    assert any(path.suffix == ".parquet" for path in written)
    for path in written:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_database_is_closed_to_other_accounts(tmp_path: Path) -> None:
    """A file of SQLite is made 0600, whatever the account's mask; so is all that lies beside
    it, the journal's key among it."""
    database = tmp_path / "qor.sqlite3"
    organisations = tmp_path / "organisations.csv"
    organisations.write_text(
        "kind,bin,region,name_kk,name_ru,name_en\nhead_office,990140000017,,Қор,Фонд,Fund\n",
        "utf-8",
    )
    arguments = ["init", "--organisations", str(organisations), "--database"]
    people = ["--administrator", "aa.bb", "--administrator", "cc.dd"]
    done = subprocess.run(
        [sys.executable, "-m", "qor", *arguments, f"sqlite:///{database}", *people],
        capture_output=True,
        text=True,
        check=False,
        umask=0,
    )
    assert done.returncode == 0, done.stderr
    organisations.unlink()
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "/srv/qor/lake/x"),
        OSError(errno.EROFS, "Read-only file system"),
        PermissionError(errno.EACCES, "Permission denied"),
        duckdb.IOException('IO Error: Could not write file "/srv/x": No space left on device'),
        sqlite3.OperationalError("database or disk is full"),
        sqlite3.OperationalError("attempt to write a readonly database"),
    ],
)
def test_a_disk_that_does_not_take_it_is_said_in_words(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, no path, no library's English; also where the error is the cause of another."""

    def fail(*_: object) -> int:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError("cannot go on") from cause

    monkeypatch.setattr(
        "argparse.ArgumentParser.parse_args",
        lambda *_: type("A", (), {"run": fail, "json": False})(),
    )
    assert cli.main(["--lang", "ru"]) == 2
    said = capsys.readouterr().err
    assert "на диске нет места" in said and "/srv" not in said and "space" not in said


def test_other_errors_are_not_called_the_disks() -> None:
    """A fault of ours stays one."""
    assert disk_trouble(ValueError("No space left")) is None
    assert disk_trouble(FileNotFoundError(errno.ENOENT, "x")) is None


@pytest.mark.parametrize(
    "name", ["中文医院", "Clinic 😀", "ᠮᠣᠩ", "a\u0001b", "Үміт", "quote ' \" \\ #x"]
)
def test_a_name_outside_the_font_is_still_printed(name: str) -> None:
    """Signs that no font of ours has stand as their numbers; no act fails for a name."""
    paper = Paper("t", [("name", name)], ["h"], [["r"]], [[]], [], ["a", "b"])
    content = as_pdf(paper, "kk")
    assert content.startswith(b"%PDF-1.") and len(PdfReader(io.BytesIO(content)).pages) == 1
