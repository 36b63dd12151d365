"""The one door by which a command writes rows of people or money to a file: each file is an entry
of the audit journal."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from qor.engine.storage.duck import Connection
from qor.interfaces.cli.acting import acting, open_where_accounts_are
from qor.interfaces.cli.files import write_rows
from qor.interfaces.cli.parser import option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now

READERS = ("expert", "accountant", "head_office", "administrator", "auditor")
_ASKED = ("month", "provider", "check", "show_iin", "performers", "bank_day", "found_on")
_BLOCK = 1 << 20


def add_export(parser: argparse.ArgumentParser) -> None:
    """Add what an export needs to be entered: the database of the journal, and who writes the
    file."""
    option(parser, "--database", key="database", default="", metavar="URL")
    option(parser, "--by", key="by", default=None)


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
    who = acting(args.by, *READERS) if is_open else _exporter(args, voice)
    entry = partial(_enter, args, args.out.name, who) if who is not None else None
    return write_rows(connection, query, args.out, title, before_placing=entry)


def export_folder(args: argparse.Namespace, voice: Voice, write: Callable[[], Any]) -> Any:
    """Let `write` fill the folder of `--out`, then enter the sha256 of each of its files; what
    `write` returned. NotAnAccount before anything is written."""
    who = _exporter(args, voice)
    answer = write()
    root = Path(args.out)
    if who is not None and root.is_dir():
        paths = sorted(path for path in root.rglob("*") if path.is_file())
        digests = {str(path.relative_to(root)): sha256_of(path) for path in paths}
        enter_export(args, who, root.name, {"files": digests})
    return answer


def enter_export(args: argparse.Namespace, who: str, name: str, facts: dict[str, Any]) -> None:
    """Enter a file that a command writes: by whom, which command, what was asked for."""
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
        facts={"file": name, "asked": asked, **facts},
    )


def sha256_of(path: Path) -> str:
    """The sha256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _exporter(args: argparse.Namespace, voice: Voice) -> str | None:
    """Who the file is written by; None where no database keeps a journal."""
    if open_where_accounts_are(args.database):
        return acting(args.by, *READERS)
    voice.warning(voice.t("cli.export_not_entered"))
    return None


def _enter(args: argparse.Namespace, name: str, who: str, draft: Path, rows: int) -> None:
    enter_export(args, who, name, {"sha256": sha256_of(draft), "rows": rows})
