"""Files and JSON of people and money that commands hand out: each is an entry of the journal, a
file with its sha256; who may not have one gets none."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.interfaces.test_command_line import lake as run_month
from tests.money.test_commands import lake, paid_through
from tests.workflow.people import World, an_act

from qor.engine.storage.lake import Lake
from qor.interfaces.cli.main import _parser, main
from qor.workflow.audit.models import Entry

SOURCES = Path(__file__).parents[2] / "src" / "qor"
ENTERED = {"act", "findings", "unconfirmed", "spark"} | {
    f"money {name}" for name in ("execution", "reconcile", "orders", "send")
}
# What hands out rows as JSON, with what it is asked in the tests; entered as a file is.
PRINTED = {
    "act": ("2026-02",),
    "findings": ("2026-02",),
    "unconfirmed": ("2026-02", "--show-iin"),
    "rejected": (),
    "try": ("FILE", "--month", "2026-02"),
    "profiles": ("2026-02", "--performers"),
    "checks diff": ("2026-02",),
}
PRINTED_OF_MONEY = {
    "money acts": ("2026-02",),
    "money execution": ("2026-06", "--lake", "LAKE"),
    "money reconcile": ("2026-06", "--lake", "LAKE"),
    "money late": (),
    "users list": (),
    "users requests": (),
}
# Closing enters what it does and the list of what is missing; the rest of `--json` says how an
# action ended, counts, proves, or tells of law and code.
PRINTED_BESIDE = {"money close"}
NO_ROWS = {
    *("audit verify", "backup", "bring-in", "checks", "checks edit", "checks edits", "day", "demo"),
    *("dependencies", "docs lineage", "import synthea", "init", "intake", "lake verify"),
    *(f"law {name}" for name in ("changes", "classification", "clause", "coverage", "deadline")),
    *("law deduction", "law figure", "ledger verify", "organisations", "restore", "run", "spark"),
    *(f"money {name}" for name in ("advance", "confirm", "move", "orders", "paid", "refund")),
    *("money returned", "money send", "money sent-back", "money table6", "tick"),
    *(f"users {name}" for name in ("approve", "factor", "invite", "off", "on", "password")),
    *("users refuse", "users role", "users sessions", "users unlock"),
}
# The dictionary of tables (names of columns), and the site of the docs.
NO_PEOPLE_NO_MONEY = {"docs tables", "docs site"}
Capture = pytest.CaptureFixture[str]
__all__ = ["lake", "run_month"]  # fixtures: a contract of region 71, a month with one finding


@pytest.fixture
def world(db: None) -> World:
    """A small Fund."""
    return World()


def _with_out(parser: argparse.ArgumentParser, path: str = "") -> Iterator[str]:
    if any("--out" in action.option_strings for action in parser._actions):
        yield path
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inside in action.choices.items():
                yield from _with_out(inside, f"{path} {name}".strip())


def test_every_command_that_writes_a_file_is_known() -> None:
    """A new command with `--out` is entered in the journal, or said here to hold nobody."""
    assert set(_with_out(_parser("en"))) == ENTERED | NO_PEOPLE_NO_MONEY


def _with_json(parser: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, bool]]:
    """Every command that answers as JSON, and whether what it prints is entered."""
    if any("--json" in action.option_strings for action in parser._actions):
        handed = parser.get_default("handed")
        yield path, handed is not None and (path not in NO_ROWS or bool(handed.lists))
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inside in action.choices.items():
                yield from _with_json(inside, f"{path} {name}".strip())


def test_every_command_that_prints_rows_is_known() -> None:
    """A new command with `--json` is entered in the journal, or said here to hand out no rows."""
    commands = dict(_with_json(_parser("en")))
    entered = {name for name, is_entered in commands.items() if is_entered}
    assert entered == set(PRINTED) | set(PRINTED_OF_MONEY) | PRINTED_BESIDE
    assert set(commands) - entered == NO_ROWS


@pytest.mark.parametrize("command", PRINTED)
def test_printed_people_leave_an_entry(
    run_month: Path,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    command: str,
) -> None:
    """Who, which command, what was asked for and how many rows; a provider's account gets none."""
    monkeypatch.setenv("QOR_DATABASE_URL", "")
    asked = [str(tmp_path / "r.csv") if word == "FILE" else word for word in PRINTED[command]]
    words = [*command.split(), *asked, "--lake", str(run_month), "--json"]
    words += ["--database", "sqlite:///:memory:", "--by"]
    capsys.readouterr()
    assert main([*words, "office"]) == 0
    answer = json.loads(capsys.readouterr().out)
    entry = Entry.objects.get(verb="export", subject=f"command:{command}")
    assert (entry.by, entry.facts["printed"], entry.facts["rows"]) == (
        "office",
        "json",
        _rows_of(command, answer),
    )
    assert ("month" in entry.facts["asked"]) is (command != "rejected")
    assert main([*words, world.providers["71"].username]) == 2
    assert set(json.loads(capsys.readouterr().out)) == {"error", "key", "cites"}
    assert Entry.objects.filter(verb="export").count() == 1


def _rows_of(command: str, answer: Any) -> int:
    names = {"try": ("findings", "returns"), "checks diff": ("cases",)}.get(command)
    return sum(len(answer[name]) for name in names) if names else len(answer)


@pytest.mark.parametrize("command", PRINTED_OF_MONEY)
def test_printed_money_leaves_an_entry(
    lake: Lake, world: World, capsys: Capture, command: str
) -> None:
    """Of commands that open their database themselves."""
    an_act(world, claimed=Decimal("900.00"))
    asked = [str(lake.root) if word == "LAKE" else word for word in PRINTED_OF_MONEY[command]]
    capsys.readouterr()
    assert main([*command.split(), *asked, "--json", "--by", "payer"]) == 0
    answer = json.loads(capsys.readouterr().out)
    entry = Entry.objects.get(verb="export")
    assert (entry.by, entry.subject) == ("payer", f"command:{command}")
    assert (entry.facts["printed"], entry.facts["rows"]) == ("json", len(answer))


def test_a_file_is_entered_once(
    run_month: Path, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Also where the command says as JSON that it wrote it."""
    monkeypatch.setenv("QOR_DATABASE_URL", "")
    given = ["findings", "2026-02", "--lake", str(run_month), "--out", str(tmp_path / "f.csv")]
    assert main([*given, "--json", "--database", "sqlite:///:memory:", "--by", "office"]) == 0
    assert "sha256" in Entry.objects.get(verb="export").facts


def test_rows_leave_by_one_door() -> None:
    """Nothing but the exports writes rows to a file of the caller's."""
    callers = {
        path.name
        for path in SOURCES.rglob("*.py")
        if re.search(r"\bwrite_rows\(", path.read_text("utf-8"))
    }
    assert callers == {"files.py", "exports.py"}


@pytest.mark.parametrize("ending", ["xlsx", "csv", "parquet"])
@pytest.mark.parametrize("command", ["execution", "reconcile"])
def test_money_leaves_an_entry(
    lake: Lake, world: World, tmp_path: Path, command: str, ending: str
) -> None:
    """Who, which command, of which month, and the sha256 of the very bytes that were written."""
    an_act(world, claimed=Decimal("900.00"))
    out = tmp_path / f"m.{ending}"
    month = "2026-06"
    given = ["money", command, month, "--lake", str(lake.root), "--out", str(out)]
    assert main([*given, "--by", "payer"]) == 0
    entry = Entry.objects.get(verb="export")
    assert (entry.by, entry.subject) == ("payer", f"command:money {command}")
    assert entry.facts["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (entry.facts["file"], entry.facts["asked"]) == (out.name, {"month": month})


def test_no_file_for_who_may_not_have_it(
    lake: Lake, world: World, tmp_path: Path, capsys: Capture
) -> None:
    """A provider's account, and no account at all: refused by name in three languages, no file, no
    entry."""
    an_act(world, claimed=Decimal("900.00"))
    out = tmp_path / "m.csv"
    given = ["money", "execution", "2026-02", "--lake", str(lake.root), "--out", str(out)]
    clinic = world.providers["71"].username
    for name, language, words in (
        (clinic, "en", "may not do this"),
        ("nobody", "ru", "не подходит"),
        ("nobody", "kk", "жарамайды"),
    ):
        assert main([*given, "--by", name, "--lang", language]) == 2
        said = capsys.readouterr().err
        assert name in said and words in said
    assert not out.exists() and not Entry.objects.filter(verb="export").exists()


def test_a_bank_file_fetched_again_is_entered_again(
    lake: Lake, world: World, tmp_path: Path
) -> None:
    """The same bytes a second time: a second entry, the same sha256 that names the file."""
    day, out = paid_through(lake, world, tmp_path).isoformat(), tmp_path / "out"
    assert main(["money", "orders", "--bank-day", day, "--lake", str(lake.root)]) == 0
    for number in (1, 2):
        send = ["money", "send", "--bank-day", day, "--out", str(out), "--by", "payer"]
        assert main(send) == 0
        entries = Entry.objects.filter(verb="export", subject="command:money send", by="payer")
        assert entries.count() == number
    (file,) = out.iterdir()
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert [(entry.facts["file"], entry.facts["sha256"]) for entry in entries] == [
        (file.name, digest)
    ] * 2


def test_people_leave_an_entry(
    run_month: Path, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Act, findings and the register of the unconfirmed; whole IINs are said to have left."""
    monkeypatch.setenv("QOR_DATABASE_URL", "")
    for command, more in (
        ("act", ()),
        ("findings", ("--check", "dates-inverted")),
        ("unconfirmed", ("--show-iin",)),
    ):
        out = tmp_path / f"{command}.csv"
        given = [command, "2026-02", "--lake", str(run_month), "--out", str(out), *more]
        assert main([*given, "--database", "sqlite:///:memory:", "--by", "office"]) == 0
        entry = Entry.objects.get(verb="export", subject=f"command:{command}")
        assert entry.by == "office"
        assert entry.facts["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert entry.facts["asked"]["show_iin"] == "True"


def test_without_a_database_it_is_said(
    run_month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """A lake alone keeps no journal: the file is written, and the command says that nobody entered
    it."""
    monkeypatch.setenv("QOR_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    out = tmp_path / "a.csv"
    given = ["act", "2026-02", "--lake", str(run_month), "--out", str(out), "--lang", "en"]
    assert main(given) == 0
    assert "not entered in a journal" in " ".join(capsys.readouterr().out.split())
    assert out.exists() and not (tmp_path / "none.sqlite3").exists()
    assert main(["act", "2026-02", "--lake", str(run_month), "--json", "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) and "not entered in a journal" in printed.err
    assert not (tmp_path / "none.sqlite3").exists()
