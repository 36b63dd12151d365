"""`qor intake`, `run`, `freeze`, `rejected`: bringing registers in and running the month."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from qor.engine.intake.receive import DEFAULT_MEMORY as INTAKE_MEMORY
from qor.engine.intake.receive import Delivery, Receipt, receive
from qor.engine.monitoring.loop import Skipped
from qor.engine.monitoring.month import DEFAULT_MEMORY, RunRequest, freeze, run_month
from qor.engine.monitoring.person_index import build_index
from qor.engine.monitoring.rehearsal import try_register
from qor.engine.results.months import list_rejected
from qor.engine.storage.duck import connect
from qor.engine.storage.lake import Lake
from qor.interfaces.cli.acting import acting_in_lake
from qor.interfaces.cli.exports import add_export
from qor.interfaces.cli.lake_of_month import open_lake
from qor.interfaces.cli.month_in_figures import month_facts, tell_month
from qor.interfaces.cli.parser import a_memory, command, in_lake, option
from qor.interfaces.cli.paths import a_file_to_read
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now, today
from qor.interfaces.masking import masked_text
from qor.interfaces.typed_days import a_day
from qor.law.nouns.months import month
from qor.law.nouns.refusals import Refusal

_SHOWN = 50
INDEX_MEMORY = "4GB"


def add(commands: Any) -> None:
    """Add the commands of the lake."""
    parser = command(commands, "intake", "intake", _intake)
    option(parser, "files", key="intake_files", nargs="+", type=Path, metavar="FILE")
    in_lake(parser)
    option(parser, "--table", key="intake_table", default="services", metavar="NAME")
    option(parser, "--month", key="month")
    option(parser, "--memory", key="memory")
    option(parser, "--by", key="by", default=None)
    option(parser, "--database", key="database", default="", metavar="URL")
    _add_run(commands)
    trying = command(commands, "try", "try", _try)
    option(trying, "file", key="intake_files", type=a_file_to_read, metavar="FILE")
    option(trying, "--month", key="month", required=True)
    in_lake(trying)
    add_export(trying, "findings", "returns")
    indexing = command(commands, "index", "index", _index, needs_json=False)
    in_lake(indexing)
    option(indexing, "--memory", key="memory")
    closing = command(commands, "freeze", "freeze", _freeze, needs_json=False)
    option(closing, "month", key="month")
    in_lake(closing)
    option(closing, "--by", key="by", default=None)
    option(closing, "--database", key="database", default="", metavar="URL")
    seeing = command(commands, "rejected", "rejected", _rejected)
    in_lake(seeing)
    add_export(seeing)


def _add_run(commands: Any) -> None:
    parser = command(commands, "run", "run", _run)
    option(parser, "month", key="month")
    in_lake(parser)
    option(parser, "--found-on", key="found_on", metavar="DATE")
    option(parser, "--memory", key="memory")
    option(parser, "--by", key="by", default=None)
    option(parser, "--database", key="database", default="", metavar="URL")


def _who(args: argparse.Namespace) -> str:
    """Head office or an administrator, where there are accounts."""
    return acting_in_lake(args.by, args.database, "head_office", "administrator")


def _intake(args: argparse.Namespace, voice: Voice) -> int:
    lake = Lake(args.lake)
    for_month, who = month(args.month) if args.month else None, _who(args)
    receipts, refused = [], 0
    with voice.progress(voice.t("cli.step_intake")) as step:
        for number, path in enumerate(args.files):
            step(path.name, number, len(args.files))
            try:
                delivery = Delivery(path, args.table, for_month, who, now())
                receipts.append(
                    receive(lake, delivery, memory=a_memory(args.memory, INTAKE_MEMORY))
                )
            except Refusal as refusal:
                refused += 1
                voice.refusal(refusal)
        step("", len(args.files), len(args.files))
    if voice.as_json:
        if receipts or not refused:
            voice.json(
                [
                    {name: getattr(receipt, name) for name in receipt.__slots__}
                    for receipt in receipts
                ]
            )
    else:
        for receipt in receipts:
            tell_receipt(voice, receipt)
        if any(receipt.rejected for receipt in receipts):
            voice.line(voice.t("cli.see_rejected", lake=args.lake))
    return 2 if refused else 0


def tell_receipt(voice: Voice, receipt: Receipt) -> None:
    """Say what became of one file."""
    counts = {
        "received": receipt.received,
        "accepted": receipt.accepted,
        "rejected": receipt.rejected,
    }
    voice.line(voice.t("cli.receipt", file=receipt.file, **counts))
    if receipt.seen_before:
        voice.line("  " + voice.t("cli.receipt_seen"))
        return
    for reason, number in receipt.reasons.items():
        voice.line(voice.t("cli.receipt_reason", count=number, reason=voice.t(f"rows.{reason}")))
    for column, number in receipt.normalised.items():
        voice.line("  " + voice.t("cli.receipt_normalised", column=column, count=number))
    for key, number in (
        ("replaced", receipt.replaced),
        ("unchanged", receipt.unchanged),
        ("padded", receipt.padded_iin),
    ):
        if number:
            voice.line("  " + voice.t(f"cli.receipt_{key}", count=number))
    if receipt.ignored:
        voice.line("  " + voice.t("cli.receipt_ignored", columns=", ".join(receipt.ignored)))
    if receipt.left:
        voice.line("  " + voice.t("cli.receipt_left", sheets=", ".join(receipt.left)))


def _run(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    found_on = a_day(args.found_on) if args.found_on else today()
    request = RunRequest(
        month(args.month), found_on, _who(args), now(), a_memory(args.memory, DEFAULT_MEMORY)
    )
    with voice.progress(voice.t("cli.step_checks")) as step:
        outcome = run_month(lake, request, step)
    if voice.as_json:
        facts = month_facts(lake, request.month)
        voice.json(
            {
                "month": str(request.month),
                **facts,
                "skipped": {skip.check: list(skip.lacks) for skip in outcome.skipped},
            }
        )
        return 0
    tell_skipped(voice, outcome.skipped)
    tell_month(voice, lake, request.month)
    return 0


def tell_skipped(voice: Voice, skipped: list[Skipped]) -> None:
    """Say which checks could not run, and why."""
    for skip in skipped:
        voice.line(voice.t("cli.skipped", check=skip.check, tables=", ".join(skip.lacks)))


def _try(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        tried = try_register(connection, lake, args.file, month(args.month), today(), Path(folder))
    seen = tried.rehearsal
    if voice.as_json:
        rows_ = {
            "received": seen.received,
            "accepted": seen.accepted,
            "rejected": seen.rejected,
            "reasons": seen.reasons,
        }
        voice.json(
            {
                "rows": rows_,
                "findings": tried.findings,
                "returns": tried.returns,
                "indexed": tried.indexed,
            }
        )
        return 0
    voice.line(
        voice.t(
            "cli.receipt",
            file=args.file.name,
            received=seen.received,
            accepted=seen.accepted,
            rejected=seen.rejected,
        )
    )
    for reason, number in seen.reasons.items():
        voice.line(voice.t("cli.receipt_reason", count=number, reason=voice.t(f"rows.{reason}")))
    names = ("service_id", "check", "code", "kind", "proposed_deduction")
    lines = [
        (
            f["service_id"],
            f["check"],
            f["code"] or "–",
            voice.t(f"terms.kind_{f['kind']}"),
            f["proposed_deduction"],
        )
        for f in tried.findings
    ]
    lines += [
        (r["service_id"], r["reason"], "–", voice.t("terms.kind_return"), None)
        for r in tried.returns
    ]
    voice.table(args.month, [voice.t(f"terms.{name}") for name in names], lines)
    return 0


def _index(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    voice.line(voice.t("cli.indexed", file=build_index(lake, a_memory(args.memory, INDEX_MEMORY))))
    return 0


def _freeze(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    freeze(lake, month(args.month), _who(args), now())
    voice.line(voice.t("cli.frozen", month=args.month))
    return 0


def _rejected(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    rejected = list_rejected(lake)
    for row in rejected:
        row["text"], row["value"] = masked_text(row["text"]), masked_text(row["value"])
        if row["amount"] is not None:  # an IIN may have been typed where the sum belongs
            row["amount"] = masked_text(str(row["amount"]))
    if voice.as_json:
        voice.json(rejected)
        return 0
    headings = tuple(
        voice.t(f"terms.{name}") for name in ("name", "line", "column", "value", "reason")
    )
    listed = [
        (r["file"], int(r["line"]), r["column"], r["value"], voice.t(f"rows.{r['reason']}"))
        for r in rejected
    ]
    voice.table(voice.t("terms.unread_rows"), headings, listed[:_SHOWN])
    if len(listed) > _SHOWN:
        voice.line(voice.t("cli.more_rows", count=len(listed) - _SHOWN))
    return 0
