"""`qor import synthea DIR`: another system's export becomes a lake, and its months are run."""

from __future__ import annotations

import argparse
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from qor.engine.imports.synthea import LAST_DAY, Export, read_synthea
from qor.engine.intake.receive import Delivery, Receipt, receive
from qor.engine.monitoring.loop import survey
from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.storage.duck import connect
from qor.engine.storage.lake import Lake
from qor.interfaces.cli.lake_commands import tell_receipt, tell_skipped
from qor.interfaces.cli.month_in_figures import month_facts
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now
from qor.law.nouns.months import Month, month, month_of

_MONTHS = 7


def add(commands: Any) -> None:
    """Add `import synthea`."""
    parser = command(commands, "import", "import", needs_json=False)
    sources = parser.add_subparsers(required=True, metavar="synthea")
    synthea = command(sources, "synthea", "import_synthea", _synthea)
    option(synthea, "folder", key="import_dir", type=Path, metavar="DIR")
    option(synthea, "--lake", key="lake", type=Path, default=Path("demo-synthea"), metavar="DIR")


def _synthea(args: argparse.Namespace, voice: Voice) -> int:
    lake = Lake(args.lake)
    with tempfile.TemporaryDirectory() as scratch:
        with connect() as connection:
            export = read_synthea(connection, args.folder, Path(scratch))
        receipts = [
            receive(lake, Delivery(path, name, None, "import", now()))
            for name, path in export.tables.items()
        ]
    ran = _run_months(lake, voice)
    everything = _survey(lake)
    if voice.as_json:
        voice.json(_facts(export, receipts, ran, everything))
    else:
        _tell(voice, export, receipts, ran, everything)
    return 0


def _run_months(lake: Lake, voice: Voice) -> list[dict[str, Any]]:
    """Run the last months of the export: those that the law held here covers."""
    months_in_lake = set(lake.months("services"))
    months = [
        m
        for m in (month_of(LAST_DAY).shift(-n) for n in range(_MONTHS - 1, -1, -1))
        if str(m) in months_in_lake
    ]
    ran = []
    with voice.progress(voice.t("cli.step_checks")) as step:
        for number, each in enumerate(months):
            step(str(each), number, len(months))
            outcome = run_month(
                lake, RunRequest(each, each.last + timedelta(days=2), "import", now())
            )
            ran.append({"month": str(each), **month_facts(lake, each), "skipped": outcome.skipped})
        step("", len(months), len(months))
    return ran


def _survey(lake: Lake) -> dict[str, int]:
    months = [month(name) for name in lake.months("services")]
    with connect() as connection, tempfile.TemporaryDirectory() as scratch:
        return survey(connection, lake, _without_gaps(months), _last_day(months), Path(scratch))


def _without_gaps(months: list[Month]) -> list[Month]:
    first, last = months[0], months[-1]
    return [
        first.shift(n)
        for n in range((last.year - first.year) * 12 + last.number - first.number + 1)
    ]


def _last_day(months: list[Month]) -> date:
    return months[-1].last


def _facts(
    export: Export, receipts: list[Receipt], ran: list[dict[str, Any]], everything: dict[str, int]
) -> dict[str, Any]:
    return {
        "days_moved": export.days,
        "unmapped": export.unmapped,
        "tables": {
            r.table: {
                "received": r.received,
                "accepted": r.accepted,
                "rejected": r.rejected,
                "reasons": r.reasons,
            }
            for r in receipts
        },
        "months": [
            {**facts, "skipped": {skip.check: list(skip.lacks) for skip in facts["skipped"]}}
            for facts in ran
        ],
        "whole_export": everything,
    }


def _tell(
    voice: Voice,
    export: Export,
    receipts: list[Receipt],
    ran: list[dict[str, Any]],
    everything: dict[str, int],
) -> None:
    for receipt in receipts:
        tell_receipt(voice, receipt)
    voice.line(
        voice.t("cli.imported", days=export.days, months=", ".join(facts["month"] for facts in ran))
    )
    for what, count in export.unmapped.items():
        voice.line(voice.t("cli.unmapped", what=what, count=count))
    tell_skipped(voice, ran[-1]["skipped"] if ran else [])
    headings = [
        voice.t(f"terms.{name}")
        for name in ("month", "received", "accepted", "rejected", "found", "at_stake")
    ]
    lines = [
        (
            f["month"],
            f["rows"]["received"],
            f["rows"]["accepted"],
            f["rows"]["rejected"],
            sum(c["found"] for c in f["findings"]),
            f["acts"]["at_stake"],
        )
        for f in ran
    ]
    voice.table(voice.t("cli.import_synthea"), headings, lines)
    voice.table(
        voice.t("cli.survey_heading"),
        [voice.t("terms.check"), voice.t("terms.found")],
        list(everything.items()),
    )
