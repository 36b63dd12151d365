"""What does not exist is never answered with "all is well": databases, months, clauses, lakes
(orders: tests/money/test_commands.py)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engine.registers import BIN, GOOD, csv_text, lake_with_providers, load

from qor.engine.checks.catalogue import ALL
from qor.engine.storage.lake import Lake
from qor.interfaces.cli.main import main
from qor.law.reading.figures import figure_names, history

Capture = pytest.CaptureFixture[str]


def refused(capsys: Capture, *arguments: str) -> str:
    """The key of the refusal: exit code 2, one JSON object with the reason in words."""
    assert main([*arguments, "--json", "--lang", "en"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"]
    return str(answer["key"])


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with one service of February."""
    lake = lake_with_providers(tmp_path)
    load(lake, tmp_path, "r.csv", csv_text([GOOD]))
    return lake


@pytest.mark.parametrize(
    ("command", "key"),
    [
        (("profiles", "2031-01"), "nothing_to_run"),
        (("profiles", "2031-01", "--performers"), "nothing_to_run"),
        (("spark", "2031-01", "--out", "OUT"), "nothing_to_run"),
        (("unconfirmed", "2031-01"), "not_run_yet"),
        (("findings", "2031-01"), "not_run_yet"),
        (("act", "2031-01"), "not_run_yet"),
        (("checks", "diff", "2031-01"), "not_run_yet"),
        (("day", "2024-01"), "nothing_to_run"),
        (("run", "2024-01"), "nothing_to_run"),
    ],
)
def test_a_month_that_the_lake_does_not_hold(
    lake: Lake, capsys: Capture, command: tuple[str, ...], key: str
) -> None:
    """Refused by every command that asks for a month."""
    assert refused(capsys, *command, "--lake", str(lake.root)) == key


def test_a_month_that_cannot_be_frozen(lake: Lake) -> None:
    """Nothing of it is there to be closed."""
    assert main(["freeze", "2031-01", "--lake", str(lake.root)]) == 2


@pytest.mark.parametrize(
    "command",
    [
        ("rejected",),
        ("index",),
        ("checks", "edits"),
        ("checks", "diff", "2026-02"),
        ("profiles", "2026-02"),
        ("serve",),
    ],
)
def test_a_lake_that_does_not_exist(
    tmp_path: Path, capsys: Capture, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named, and not made by looking at it."""
    monkeypatch.setenv("QOR_SECRET_KEY", "k" * 50)
    assert main([*command, "--lake", str(tmp_path / "nowhere"), "--lang", "en"]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


_LOOKING = (
    ("audit", "verify"),
    ("ledger", "verify"),
    ("tick",),
    ("worker",),
    ("users", "list"),
    ("unconfirmed", "2026-02", "--lake", "LAKE"),
    ("checks", "edit", "EDIT", "--lake", "LAKE"),
    ("money", "acts", "2026-02"),
    ("money", "paid", "1"),
    ("money", "close", "2026-02", "--lake", "LAKE"),
    ("money", "execution", "2026-02", "--lake", "LAKE"),
    ("money", "reconcile", "2026-03", "--lake", "LAKE"),
    ("money", "orders", "--bank-day", "2026-03-25", "--lake", "LAKE"),
    (
        "money",
        "advance",
        BIN,
        "K-1",
        "1000",
        "--month",
        "2026-03",
        "--by",
        "office",
        "--lake",
        "LAKE",
    ),
)


def test_a_database_that_does_not_exist(lake: Lake, tmp_path: Path) -> None:
    """Every command that looks into one refuses, names it, and does not make it; an empty one is
    none either."""
    empty = tmp_path / "empty.sqlite3"
    empty.touch()
    edit = tmp_path / "edit.yaml"
    edit.write_text(
        "check: readmission\nvalid_from: 2026-02-01\nbecause: a test\ncites: ['321/2020:13']\n"
        "figures: {readmission_days: 10}\n",
        "utf-8",
    )
    script = f"""
import sys
from qor.interfaces.cli.main import main
for command in {_LOOKING!r}:
    given = [{{"LAKE": {str(lake.root)!r}, "EDIT": {str(edit)!r}}}.get(w, w) for w in command]
    code = main([*given, "--database", sys.argv[1], "--lang", "en"])
    print(code, " ".join(command))
"""
    others = {
        name: value
        for name, value in os.environ.items()
        if name not in {"QOR_DATABASE_URL", "QOR_DEMO_CLOCK"}
    }
    for file in (tmp_path / "mistyped.sqlite3", empty):
        answer = subprocess.run(
            [sys.executable, "-c", script, f"sqlite:///{file}"],
            env=others,
            capture_output=True,
            text=True,
            check=False,
        )
        codes = [line.split()[0] for line in answer.stdout.splitlines()]
        assert codes == ["2"] * len(_LOOKING), answer.stdout + answer.stderr
        assert answer.stderr.count(file.name) == len(_LOOKING)
    assert not (tmp_path / "mistyped.sqlite3").exists()


@pytest.mark.parametrize(
    ("typed", "act", "clause", "items"),
    [
        ("19", [], "321/2020", ["", ""]),
        ("291/2020:19", [], "291/2020", ["", "1)", "2)"]),
        ("291/2020 §19", [], "291/2020", ["", "1)", "2)"]),
        ("291/2020:19:1)", [], "291/2020", ["1)"]),
        ("291/2020 §19 2)", [], "291/2020", ["2)"]),
        ("19 2)", ["--act", "291/2020"], "291/2020", ["2)"]),
        ("§26", [], "321/2020", [""]),
        ("321/2020:annex 2", [], "321/2020", [""]),
        ("321/2020 приложение 2", [], "321/2020", [""]),
        ("2-қосымша", [], "321/2020", [""]),
        ("321/2020:annex 1:5.1", [], "321/2020", [""]),
    ],
)
def test_a_clause_in_the_products_own_spelling(
    capsys: Capture, typed: str, act: list[str], clause: str, items: list[str]
) -> None:
    """Answered as it is printed, in any of the three languages."""
    assert main(["law", "clause", typed, *act, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [row.get("item", "") for row in answer] == items and {row["act"] for row in answer} == {
        clause
    }


def test_every_clause_that_the_product_cites_is_answered(capsys: Capture) -> None:
    """Of each check and each figure whose act is held, as the text answers print it."""
    cited = {cite for check in ALL for cite in check.cites}
    cited |= {cite for name in figure_names() for value in history(name) for cite in value.cites}
    known = sorted(cite for cite in cited if cite.act in {"321/2020", "291/2020"})
    assert len(known) > 50
    for cite in known:
        assert main(["law", "clause", str(cite), "--on", "2026-07-01"]) == 0, str(cite)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (("clause", "999"), "unknown_clause"),
        (("clause", "291/2020:999"), "unknown_clause"),
        (("clause", "291/2020:19:9)"), "unknown_item"),
        (("clause", "321/2020:12 1)"), "unknown_item"),
        (("clause", "111/1999:1"), "unknown_act"),
        (("clause", "291/2020:19", "--act", "321/2020"), "citation_unclear"),
        (("clause", "everything"), "citation_unclear"),
        (("changes", "999/2030"), "unknown_order"),
        (("changes", "19/2026", "--act", "291/2020"), "unknown_order"),
        (("figure", "nothing"), "unknown_figure"),
    ],
)
def test_law_that_does_not_exist(capsys: Capture, arguments: tuple[str, ...], key: str) -> None:
    """A clause, an act, an order, a figure: each is refused by name."""
    assert refused(capsys, "law", *arguments) == key
