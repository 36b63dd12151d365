"""`qor checks`: the catalogue on the screen, the handbook in a folder, edits of checks and what
they would change."""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from qor.engine.checks.catalogue import ALL
from qor.engine.checks.edits import edits_of, put_in_force, read_edit
from qor.engine.monitoring.differences import (
    Difference,
    as_if_from,
    difference_of_edit,
    difference_of_run,
    looked_at_on,
)
from qor.engine.simulate.handbook import write_handbook
from qor.engine.storage.duck import connect
from qor.interfaces.cli.acting import acting_in_lake
from qor.interfaces.cli.database import open_portal
from qor.interfaces.cli.exports import add_export
from qor.interfaces.cli.lake_of_month import open_lake, refuse_not_run
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now, today
from qor.interfaces.messages import day
from qor.interfaces.typed_days import a_day
from qor.law.nouns.months import month


def add(commands: Any) -> None:
    """Add `checks` with its commands `diff`, `edit`, `edits`."""
    parser = command(commands, "checks", "checks", _checks)
    option(parser, "--handbook", key="checks_handbook", type=Path, metavar="DIR")
    inside = parser.add_subparsers(required=False, metavar="…", dest="what")
    comparing = command(inside, "diff", "checks_diff", _diff)
    option(comparing, "month", key="month")
    in_lake(comparing)
    option(comparing, "--edit", key="checks_edit_file", type=Path, metavar="FILE")
    option(comparing, "--found-on", key="found_on", metavar="DATE")
    add_export(comparing, "cases")
    editing = command(inside, "edit", "checks_edit", _edit)
    option(editing, "file", key="checks_edit_file", type=Path, metavar="FILE")
    in_lake(editing)
    option(editing, "--by", key="by", default=None)
    option(editing, "--database", key="database", default="", metavar="URL")
    in_lake(command(inside, "edits", "checks_edits", _edits))


def _checks(args: argparse.Namespace, voice: Voice) -> int:
    if args.handbook:
        write_handbook(args.handbook)
        voice.line(voice.t("cli.handbook_written", folder=args.handbook))
        return 0
    if voice.as_json:
        voice.json([_facts(check) for check in ALL])
        return 0
    headings = [voice.t(f"terms.{name}") for name in ("check", "code", "kind", "found")]
    lines = [
        (
            c.slug,
            c.code or "–",
            voice.t(f"terms.kind_{c.kind.value}"),
            c.says.in_language(voice.language),
        )
        for c in ALL
    ]
    voice.table(voice.t("cli.checks"), headings, lines)
    return 0


def _facts(check: Any) -> dict[str, Any]:
    says = {language: check.says.in_language(language) for language in ("kk", "ru", "en")}
    return {
        "check": check.slug,
        "code": check.code,
        "kind": check.kind.value,
        "says": says,
        "cites": check.cites,
        "figures": list(check.figures),
        "diagnoses": list(check.diagnoses),
    }


def _diff(args: argparse.Namespace, voice: Voice) -> int:
    lake, of = open_lake(args.lake), month(args.month)
    refuse_not_run(lake, of)
    found_on = a_day(args.found_on) if args.found_on else looked_at_on(lake, of) or today()
    edit = read_edit(args.edit) if args.edit else None
    since = as_if_from(edit, of) if edit else None
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        if edit:
            differences = difference_of_edit(connection, lake, of, edit, found_on, Path(folder))
        else:
            differences = difference_of_run(connection, lake, of, found_on, Path(folder))
    totals = _totals(differences)
    if voice.as_json:
        cases = [{name: getattr(each, name) for name in each.__slots__} for each in differences]
        voice.json({"month": args.month, "as_if_from": since, "totals": totals, "cases": cases})
        return 0
    if edit and since:
        voice.line(
            voice.t("cli.checks_diff_as_if", valid_from=day(edit.valid_from), since=day(since))
        )
    names = ("check", "change", "count", "before", "after")
    lines = [
        (
            t["check"],
            voice.t(f"terms.{t['change']}"),
            t["count"],
            Decimal(t["before"]),
            Decimal(t["after"]),
        )
        for t in totals
    ]
    voice.table(
        voice.t("cli.checks_diff_heading", month=of),
        [voice.t(f"terms.{name}") for name in names],
        lines,
    )
    return 0


def _totals(differences: list[Difference]) -> list[dict[str, Any]]:
    """Cases and tenge at stake by check and change."""
    groups: dict[tuple[str, str], list[Difference]] = defaultdict(list)
    for each in differences:
        groups[each.check, each.change].append(each)
    zero = Decimal("0.00")
    return [
        {
            "check": check,
            "change": change,
            "count": len(cases),
            "before": str(sum((case.before or zero for case in cases), zero)),
            "after": str(sum((case.after or zero for case in cases), zero)),
        }
        for (check, change), cases in sorted(groups.items())
    ]


def _edit(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    edit = read_edit(args.file)
    paid = _paid_upto(args.database)
    by = acting_in_lake(args.by, args.database, "head_office", "administrator")
    put_in_force(lake, edit, by, now(), paid_upto=paid)
    if voice.as_json:
        voice.json(edit.told())
    else:
        voice.line(
            voice.t("cli.checks_edited", check=edit.check, valid_from=f"{edit.valid_from:%d.%m.%Y}")
        )
    return 0


def _paid_upto(database: str) -> str | None:
    """The last month that is paid, where the database is named that knows; None: every closed month
    counts as paid (321/2020:13)."""
    if not database:
        return None
    open_portal(database, must_exist=True)
    from qor.workflow.treasury.paid import paid_upto

    return paid_upto()


def _edits(args: argparse.Namespace, voice: Voice) -> int:
    edits = edits_of(open_lake(args.lake))
    if voice.as_json:
        voice.json([edit.told() for edit in edits])
        return 0
    names = ("check", "valid_from", "value", "because")
    lines = [
        (
            e.check,
            e.valid_from,
            ", ".join(f"{name} = {value}" for name, value in e.figures),
            e.because,
        )
        for e in edits
    ]
    voice.table(voice.t("cli.checks_edits"), [voice.t(f"terms.{name}") for name in names], lines)
    return 0
