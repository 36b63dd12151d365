"""The command line as scripts rely on it: forms, exit codes, three languages."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.engine.registers import BIN, GOOD, csv_text

from qor.interfaces.cli.main import main
from qor.interfaces.masking import masked_text


def ask(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    """Run a command that prints JSON."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "question",
    [
        (
            "deduction",
            "--code",
            "1.3",
            "--care-form",
            "outpatient",
            "--amount",
            "1",
            "--on",
            "2026-06-01",
        ),
        (
            "deduction",
            "--code",
            "6.3",
            "--care-form",
            "railway_mobile",
            "--amount",
            "1",
            "--on",
            "2026-06-01",
        ),
        ("figure", "mci", "--on", "2027-06-01"),
        ("figure", "gdp", "--on", "2026-06-01"),
        ("deadline", "--from", "2029-01-09", "--working-days", "1"),
        ("deadline", "--from", "yesterday", "--working-days", "1"),
        ("clause", "99", "--on", "2026-06-01"),
        ("classification", "--on", "2020-01-01"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], question: tuple[str, ...]) -> None:
    """Exit code 2 with the error and its clauses, in each language."""
    said = {
        language: ask(capsys, "law", *question, "--lang", language, code=2)
        for language in ("kk", "ru", "en")
    }
    assert all({"error", "cites"} <= set(answer) for answer in said.values())
    assert len({answer["error"] for answer in said.values()}) == 3


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_text_answers(capsys: pytest.CaptureFixture[str], language: str) -> None:
    """Every question also answers in words."""
    for question in (
        ("clause", "26", "--on", "2026-06-01"),
        ("figure", "mci", "--on", "2026-06-01"),
        ("classification", "--on", "2026-06-01"),
        ("deadline", "--from", "19.03.2026", "--working-days", "5"),
        (
            "deduction",
            "--code",
            "5.1",
            "--care-form",
            "outpatient",
            "--amount",
            "12 400,00",
            "--on",
            "2026-06-01",
        ),
        ("coverage",),
        ("changes", "19/2026"),
    ):
        assert main(["law", *question, "--lang", language]) == 0
    out = capsys.readouterr().out
    assert "37\u00a0200,00\u00a0₸" in out
    assert "31.03.2026" in out


@pytest.mark.parametrize(
    "given",
    [
        ["frob"],
        [],
        ["law", "figure"],
        ["run", "2026-02"],
        ["law", "deadline", "--from", "2026-03-19", "--working-days", "x"],
    ],
)
def test_commands_that_are_not_understood(
    capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    """Exit code 2 and a sentence in the user's language."""
    with pytest.raises(SystemExit) as left:
        main([*given, "--lang", "kk"])
    assert left.value.code == 2
    assert "Команда түсініксіз" in capsys.readouterr().err


@pytest.fixture
def lake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A lake with one finding: a service of a foreigner that ended before it began; and one
    rejected row."""
    (tmp_path / "providers.csv").write_text(
        csv_text(
            [{"bin": BIN, "region": "71", "name_kk": "Ұйым", "name_ru": "Орг", "name_en": "Org"}]
        ),
        "utf-8",
    )
    backwards = GOOD | {"service_id": "=s2", "ended_at": "2026-02-10 08:00:00"}
    wrong = GOOD | {"service_id": "s3", "amount": "800314450001"}
    (tmp_path / "r.csv").write_text(
        csv_text(
            [GOOD, backwards, GOOD | {"service_id": "s4", "care_form": "x 800314450001"}, wrong]
        ),
        "utf-8",
    )
    root = tmp_path / "lake"
    assert (
        main(
            ["intake", str(tmp_path / "providers.csv"), "--lake", str(root), "--table", "providers"]
        )
        == 0
    )
    assert (
        main(
            [
                "intake",
                str(tmp_path / "r.csv"),
                "--lake",
                str(root),
                "--month",
                "2026-02",
                "--lang",
                "ru",
            ]
        )
        == 0
    )
    assert main(["run", "2026-02", "--lake", str(root), "--found-on", "2026-03-02"]) == 0
    capsys.readouterr()
    return root


def test_the_road_by_commands(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Findings, act and the register of unconfirmed cases as JSON."""
    findings = ask(capsys, "findings", "2026-02", "--lake", str(lake), "--check", "dates-inverted")
    assert [(row["service_id"], row["code"], row["found_on"]) for row in findings] == [
        ("=s2", "2.0", "2026-03-02")
    ]
    acts = ask(capsys, "act", "2026-02", "--lake", str(lake), "--provider", BIN)
    assert sum(int(row["rows_received"]) for row in acts) == 4
    assert ask(capsys, "unconfirmed", "2026-02", "--lake", str(lake)) == []
    assert main(["act", "2026-02", "--lake", str(lake), "--lang", "kk"]) == 0


def test_files_out(lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """XLSX with titles and no live formula, CSV that no spreadsheet runs, Parquet; other endings
    are refused."""
    for ending in ("xlsx", "csv", "parquet"):
        assert (
            main(
                [
                    "findings",
                    "2026-02",
                    "--lake",
                    str(lake),
                    "--out",
                    str(tmp_path / f"f.{ending}"),
                    "--lang",
                    "ru",
                ]
            )
            == 0
        )
    sheet = openpyxl.load_workbook(tmp_path / "f.xlsx").worksheets[0]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["=s2"] == "s"
    assert "ID услуги" in cells
    with (tmp_path / "f.csv").open(encoding="utf-8") as file:
        assert "'=s2" in {row["service_id"] for row in csv.DictReader(file)}
    assert main(["findings", "2026-02", "--lake", str(lake), "--out", str(tmp_path / "f.doc")]) == 2
    assert not [path for path in tmp_path.iterdir() if ".part" in path.name]


def test_identifiers_are_masked(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A twelve-digit number in a rejected row is masked on the screen and in JSON."""
    rows = ask(capsys, "rejected", "--lake", str(lake))
    assert [row["reason"] for row in rows] == ["unreadable", "above_most"]
    assert main(["rejected", "--lake", str(lake)]) == 0
    assert "800314450001" not in capsys.readouterr().out + json.dumps(rows)
    assert masked_text("x 800314450001 y") == "x 80••••••••01 y"


@pytest.mark.parametrize(
    "command",
    [
        ["run", "2026-02", "--lake", "nowhere"],
        ["act", "2026-02", "--lake", "nowhere"],
        ["intake", "nothing.csv", "--lake", "LAKE"],
    ],
)
def test_what_is_not_there(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No lake, no file: exit code 2 and a sentence."""
    given = [str(tmp_path / "lake") if word == "LAKE" else word for word in command]
    assert main([*given, "--lang", "en"]) == 2
    assert "Error:" in capsys.readouterr().err


def test_checks_in_three_languages(capsys: pytest.CaptureFixture[str]) -> None:
    """The catalogue."""
    for language in ("kk", "ru", "en"):
        assert main(["checks", "--lang", language]) == 0
    checks = ask(capsys, "checks")
    assert all(set(check["says"]) == {"kk", "ru", "en"} for check in checks)


@pytest.mark.parametrize(
    "given",
    [
        ["run", "2026-02", "--found-on", "2026-01-31"],
        ["run", "2026-02", "--memory", "banana"],
        ["act", "2026-02", "--provider", "123456789012"],
        ["findings", "2026-02", "--check", "nope"],
    ],
)
def test_options_that_do_not_fit(
    lake: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused by a sentence with exit code 2, never a traceback."""
    assert main([*given, "--lake", str(lake), "--lang", "kk"]) == 2
    assert "Қате" in capsys.readouterr().err


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A lake or a demo cannot lie where a file lies."""
    path = tmp_path / "file"
    path.write_text("x")
    assert main(["intake", str(path), "--lake", str(path)]) == 2
    assert main(["demo", "--dir", str(path)]) == 2
    assert main(["demo", "--dir", str(tmp_path / "new"), "--people", "0"]) == 2


def test_returned_rows_are_listed(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for a check that returns rows, `findings` lists them: here there are none."""
    assert ask(capsys, "findings", "2026-02", "--lake", str(lake), "--check", "overpriced") == []


def _catches_interrupts(pid: int) -> bool:
    """Whether the interpreter has started: before that the system ends the process itself."""
    status = (
        Path(f"/proc/{pid}/status").read_text("utf-8") if Path("/proc").is_dir() else "SigCgt:\t2"
    )
    caught = re.search(r"SigCgt:\s*([0-9a-f]+)", status)
    return caught is not None and bool(int(caught[1], 16) & 1 << (signal.SIGINT - 1))


def test_interrupted(lake: Path) -> None:
    """Ctrl-C: one sentence, exit code 130, and the lake as it was, or with the commit whole that
    was being written down; what is laid ready in `tmp` is no part of it."""
    command = [sys.executable, "-m", "qor", "run", "2026-02", "--lake", str(lake), "--lang", "ru"]
    command = [
        "env",
        "--default-signal=INT",
        "--unset=COVERAGE_PROCESS_CONFIG",  # a measured process starts more slowly
        *command,
    ]  # what runs in the background ignores it, and passes that on
    before = _entries(lake)
    for wait in (0.7, 1.0):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            while process.poll() is None and not _catches_interrupts(process.pid):
                time.sleep(0.01)
            time.sleep(wait)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate()
        assert "Traceback" not in said
        assert process.returncode in {0, 130}
        if process.returncode == 130:
            assert _entries(lake) == before or _is_whole(lake)


def _is_whole(lake: Path) -> bool:
    command = [sys.executable, "-m", "qor", "lake", "verify", "--lake", str(lake)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _entries(lake: Path) -> list[Path]:
    tmp = lake / "tmp"
    return sorted(path for path in lake.rglob("*.json") if tmp not in path.parents)


def test_interrupted_while_it_is_read(tmp_path: Path) -> None:
    """An interrupt while a module is compiled, of which Python makes a SyntaxError, ends the
    program as any other: exit code 130, no traceback. Without an interrupt the error is shown."""
    for interrupt, code in (("os.kill(os.getpid(), signal.SIGINT)", 130), ("pass", 1)):
        (tmp_path / "sitecustomize.py").write_text(
            f"""
import os, signal, sys
class Broken:
    def find_spec(self, name, *_):
        if name == "qor.interfaces.cli.main":
            try:
                {interrupt}
            except KeyboardInterrupt:
                pass
            raise SyntaxError("can't load unicodedata module")
sys.meta_path.insert(0, Broken())
""",
            "utf-8",
        )
        ended = subprocess.run(
            ["env", "--default-signal=INT", sys.executable, "-m", "qor", "--help"],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": str(tmp_path)},
        )
        assert ended.returncode == code
        assert ("Traceback" in ended.stderr) == (code == 1)
