"""`qor audit …`: proving the journal and what it tells of, writing its head elsewhere, taking over
an old one."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qor.interfaces.cli.acting import acting
from qor.interfaces.cli.database import open_portal
from qor.interfaces.cli.lake_of_month import open_lake
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now
from qor.law.nouns.refusals import BadValue

if TYPE_CHECKING:
    from qor.workflow.audit.proof import Problem, Proof

_SHOWN = 50


def add(commands: Any) -> None:
    """Add the commands."""
    group = command(commands, "audit", "audit", None, needs_json=False)
    inside = group.add_subparsers(required=True, metavar="…", dest="what")
    for name, run in (("verify", _verify), ("head", _head), ("take-over", _take_over)):
        parser = command(
            inside, name, f"audit_{name.replace('-', '_')}", run, needs_json=name == "verify"
        )
        option(parser, "--database", key="database", default="", metavar="URL")
        if name == "verify":
            option(parser, "--lake", key="lake", type=Path, default=None, metavar="DIR")
            option(parser, "--head", key="audit_typed_head", default="", metavar="NUMBER:HASH")
        if name == "take-over":
            option(parser, "--by", key="by", default=None)


def _verify(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake) if args.lake else None
    open_portal(args.database, must_exist=True, any_key=True)
    from qor.workflow.audit.lake_commits import check_lake
    from qor.workflow.audit.outside import typed_head
    from qor.workflow.audit.proof import prove
    from qor.workflow.database_roles import owns_tables

    try:
        typed = typed_head(args.head) if args.head else None
    except ValueError:
        raise BadValue(field="head", value=args.head) from None
    proof = prove(typed)
    if lake is not None:
        check_lake(lake)
    if voice.as_json:
        voice.json(_told(voice, proof) | {"role_owns_tables": owns_tables()})
    else:
        _tell(voice, proof, owns_tables())
    return 1 if proof.problems else 0


def _told(voice: Voice, proof: Proof) -> dict[str, Any]:
    broken = min(
        (each.number for each in proof.problems if each.kind == "entry_changed"), default=None
    )
    head = proof.outside
    return {
        "whole": not proof.problems,
        "entries": proof.entries,
        "rows": proof.rows,
        "broken_at": broken,
        "problems": [
            {"kind": e.kind, "what": e.what, "entry": e.number, "told": sentence(voice, e)}
            for e in proof.problems
        ],
        "outside": {
            "number": head.number,
            "at": head.at.isoformat(),
            "place": head.place,
            "age_hours": _hours(head.at),
        }
        if head
        else None,
    }


def _tell(voice: Voice, proof: Proof, owns: bool) -> None:
    for problem in proof.problems[:_SHOWN]:
        voice.line(sentence(voice, problem))
    if len(proof.problems) > _SHOWN:
        voice.line(voice.t("cli.more_rows", count=len(proof.problems) - _SHOWN))
    if proof.outside is None:
        voice.line(voice.t("cli.audit_no_head"))
    else:
        head = proof.outside
        age = _hours(head.at)
        voice.line(
            voice.t(
                "cli.audit_last_head",
                number=head.number,
                at=f"{head.at:%d.%m.%Y %H:%M}",
                hours=age,
                place=head.place,
            )
        )
    if owns:
        voice.line(voice.t("cli.audit_role_owns"))
    key = "cli.audit_broken" if proof.problems else "cli.audit_whole"
    voice.line(voice.t(key, count=proof.entries, rows=proof.rows, problems=len(proof.problems)))


def sentence(voice: Voice, problem: Problem) -> str:
    """A problem of the journal in the user's language."""
    return voice.t(f"cli.journal_{problem.kind}", what=problem.what, number=problem.number)


def _hours(at: datetime) -> int:
    return max(0, (now() - at) // timedelta(hours=1))


def _head(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, must_exist=True)
    from qor.workflow.audit.models import Head
    from qor.workflow.audit.outside import named, publish

    places = publish("command", now())
    head = Head.objects.get(id=1)
    where = ", ".join(map(named, places)) or "–"
    voice.line(voice.t("cli.audit_head_written", number=head.number, hash=head.hash, places=where))
    return 0 if places else 1


def _take_over(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, must_exist=True, any_key=True)
    from qor.workflow.audit.takeover import take_over_journal

    entry = take_over_journal(by=acting(args.by, "administrator"), at=now())
    voice.line(
        voice.t(
            "cli.audit_taken_over", entries=entry.number - 1, rows=entry.seals["sealed"]["count"]
        )
    )
    return 0
