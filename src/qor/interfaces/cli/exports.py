"""The one door by which a command hands out rows of people or money, in a file or as JSON: each is
an entry of the audit journal."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import sha256_of
from qor.interfaces.cli.acting import acting, open_where_accounts_are
from qor.interfaces.cli.files import write_rows
from qor.interfaces.cli.parser import option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now

READERS = ("expert", "accountant", "head_office", "administrator", "auditor")
_ASKED = ("month", "provider", "check", "show_iin", "performers", "bank_day", "found_on")


@dataclass(frozen=True, slots=True)
class _Handed:
    """Where the JSON of a command holds its rows: under these names, or it is a list of them.
    `is_open`: the command has opened its database already."""

    lists: tuple[str, ...]
    is_open: bool

    def rows(self, answer: object) -> int | None:
        """How many rows an answer holds; None where it is no answer of rows."""
        if isinstance(answer, list):
            return len(answer)
        if isinstance(answer, dict) and self.lists:
            return sum(len(answer[name]) for name in self.lists)
        return None


def add_export(parser: argparse.ArgumentParser, *lists: str) -> None:
    """Add what an export needs to be entered: the database of the journal, and who it goes to.
    `lists`: the names under which the command's JSON holds rows, where it is no list of them."""
    option(parser, "--database", key="database", default="", metavar="URL")
    option(parser, "--by", key="by", default=None)
    parser.set_defaults(handed=_Handed(lists, is_open=False))


def add_handing_out(parser: argparse.ArgumentParser, *lists: str) -> None:
    """The same for a command that opens its database itself."""
    if not any("--by" in action.option_strings for action in parser._actions):
        option(parser, "--by", key="by", default=None)
    parser.set_defaults(handed=_Handed(lists, is_open=True))


def watch_json(args: argparse.Namespace, voice: Voice) -> None:
    """Let each answer of rows that the command prints as JSON be entered before it is printed: by
    whom, which command, what was asked for, how many rows.

    Who may not have them gets none: NotAnAccount. Where there is no database there is no journal,
    and that is said, as for a file.
    """
    handed = getattr(args, "handed", None)
    if handed is not None:
        voice.before_json = partial(_enter_printed, args, voice, handed)


def export_rows(
    args: argparse.Namespace,
    voice: Voice,
    connection: Connection,
    query: str,
    title: Callable[[str], str],
    *,
    is_open: bool = False,
) -> int:
    """Write a query's rows to the file of `--out` and enter it into the journal; how many rows.

    Who may not have the file gets none: NotAnAccount. Where there is no database there is no
    journal, and that is said. `is_open`: the command has opened its database already.
    """
    who = _receiver(args, voice, is_open=is_open)
    entry = partial(_enter, args, args.out.name, who) if who is not None else None
    return write_rows(connection, query, args.out, title, before_placing=entry)


def export_folder(args: argparse.Namespace, voice: Voice, write: Callable[[], Any]) -> Any:
    """Let `write` fill the folder of `--out`, then enter the sha256 of each of its files; what
    `write` returned. NotAnAccount before anything is written."""
    who = _receiver(args, voice)
    answer = write()
    root = Path(args.out)
    if who is not None and root.is_dir():
        paths = sorted(path for path in root.rglob("*") if path.is_file())
        digests = {str(path.relative_to(root)): sha256_of(path) for path in paths}
        enter_export(args, who, root.name, {"files": digests})
    return answer


def enter_export(args: argparse.Namespace, who: str, name: str, facts: dict[str, Any]) -> None:
    """Enter a file that a command writes: by whom, which command, what was asked for."""
    _record(args, who, {"file": name, **facts})


def _record(args: argparse.Namespace, who: str, facts: dict[str, Any]) -> None:
    from qor.workflow.audit.journal import record_apart

    asked = {
        key: str(getattr(args, key)) for key in _ASKED if getattr(args, key, None) not in (None, "")
    }
    subject = " ".join(part for part in (args.command, getattr(args, "what", None)) if part)
    record_apart(
        by=who,
        at=now(),
        verb="export",
        subject=f"command:{subject}",
        facts={"asked": asked, **facts},
    )


def _receiver(args: argparse.Namespace, voice: Voice, *, is_open: bool = False) -> str | None:
    """Who the rows go to; None where no database keeps a journal."""
    if is_open or open_where_accounts_are(args.database):
        return acting(args.by, *READERS)
    key = "export_not_entered" if getattr(args, "out", None) else "answer_not_entered"
    voice.warning(voice.t(f"cli.{key}"))
    return None


def _enter(args: argparse.Namespace, name: str, who: str, draft: Path, rows: int) -> None:
    enter_export(args, who, name, {"sha256": sha256_of(draft), "rows": rows})


def _enter_printed(args: argparse.Namespace, voice: Voice, handed: _Handed, answer: object) -> None:
    rows = handed.rows(answer)
    if rows is None:
        return
    who = _receiver(args, voice, is_open=handed.is_open)
    if who is not None:
        _record(args, who, {"printed": "json", "rows": rows})
