"""`qor money …` and `qor ledger verify`: closing a month's acts, payment orders, execution,
reconciliation, and the proof of the ledger."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from qor.engine.storage.duck import connect
from qor.engine.storage.steps import listed_rows
from qor.interfaces.cli import (
    advance_command,
    debts_command,
    ledger_command,
    order_commands,
    printed_report_command,
)
from qor.interfaces.cli.acting import acting
from qor.interfaces.cli.database import join, open_portal
from qor.interfaces.cli.exports import add_handing_out, export_rows
from qor.interfaces.cli.lake_of_month import open_lake
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now
from qor.interfaces.messages import catalogue
from qor.law.nouns.months import month
from qor.law.nouns.refusals import Refusal


class NoActYet(Refusal):
    """The month was never closed: it has no acts."""

    key = "no_act_yet"


class NoContractsInMonth(Refusal):
    """No contract line of the lake covers the month."""

    key = "no_contracts_in_month"


def add(commands: Any) -> None:
    """Add the commands."""
    group = command(commands, "money", "money", None, needs_json=False)
    inside = group.add_subparsers(required=True, metavar="…", dest="what")
    for name, run in (
        ("close", _close),
        ("acts", _acts),
        ("execution", _execution),
        ("reconcile", _reconcile),
    ):
        parser = command(inside, name, f"money_{name}", run)
        option(parser, "month", key="month")
        _over_database(parser, lake=name != "acts")
        add_handing_out(parser, *(("unready_list",) if name == "close" else ()))
        if name in ("execution", "reconcile"):
            option(parser, "--out", key="out", type=Path, metavar="FILE")
    advance_command.add_to(inside)
    debts_command.add_to(inside)
    order_commands.add_to(inside)
    printed_report_command.add_to(inside)
    ledger = command(commands, "ledger", "ledger", None, needs_json=False)
    proofs = ledger.add_subparsers(required=True, metavar="…", dest="what")
    proving = command(proofs, "verify", "ledger_verify", ledger_command.verify_ledger)
    _over_database(proving, lake=False)
    option(proving, "--lake", key="ledger_lake", type=Path, metavar="DIR")


def _over_database(parser: argparse.ArgumentParser, lake: bool = True) -> None:
    option(parser, "--database", key="database", default="", metavar="URL")
    if lake:
        in_lake(parser)
        option(parser, "--by", key="by", default=None)


def _close(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    open_portal(args.database, must_exist=True)
    join(lake)
    from qor.workflow.acts.closing import close_acts
    from qor.workflow.acts.unready import unready_of

    closed = close_acts(
        lake, month(args.month), by=acting(args.by, "accountant", "head_office"), at=now()
    )
    join(lake)
    missing = unready_of(month(args.month))
    if voice.as_json:
        voice.json(asdict(closed) | {"unready_list": [asdict(line) for line in missing]})
        return 0
    voice.line(voice.t("cli.acts_closed", **asdict(closed)))
    if missing:
        names = ("provider", "contract_no", "care_form", "month", "what", "services", "amount")
        heads = [voice.t(f"terms.{name}") for name in names]
        rows = [
            [
                m.bin,
                m.contract_no,
                m.care_form,
                m.service_month,
                _what(voice, m.kind, m.what),
                m.services,
                m.amount,
            ]
            for m in missing
        ]
        voice.table(voice.t("cli.money_unready"), heads, rows)
    return 0


def _what(voice: Voice, kind: str, what: str) -> str:
    """What is missing, in words, with the kind of sum it is missing for."""
    return voice.t(f"unready.{what}") + (f" ({voice.t(f'line_kinds.{kind}')})" if kind else "")


def _acts(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, must_exist=True)
    from qor.workflow.acts.models import ACT_SUMS, Act, Closing

    of = str(month(args.month))
    if not Closing.objects.filter(month=of).exists():
        raise NoActYet(month=of)
    acts = Act.objects.filter(closing__month=of).order_by("provider__bin", "contract_no")
    rows = list(acts.values_list("provider__bin", "contract_no", "state", *ACT_SUMS))
    if voice.as_json:
        voice.json(
            [
                dict(zip(("provider_bin", "contract_no", "state", *ACT_SUMS), row, strict=True))
                for row in rows
            ]
        )
        return 0
    total = [
        "",
        "",
        "",
        *(sum((row[n] for row in rows), Decimal(0)) for n in range(3, 3 + len(ACT_SUMS))),
    ]
    heads = [voice.t(f"terms.{name}") for name in ("provider", "contract_no", "state", *ACT_SUMS)]
    voice.table(voice.t("cli.money_acts"), heads, rows, total)
    return 0


def _execution(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    open_portal(args.database, must_exist=True)
    from qor.workflow.acts.execution import Execution, execution
    from qor.workflow.acts.models import Act

    lines = execution(lake, month(args.month), Act.objects.all())
    if not lines:
        raise NoContractsInMonth(month=args.month)
    if args.out:
        return _write(Execution, lines, args, voice)
    if voice.as_json:
        voice.json([asdict(line) for line in lines])
        return 0
    names = (
        "contract_no",
        "care_form",
        "funding",
        "year_sum",
        "planned",
        "accepted",
        "runs_out_on",
    )
    voice.table(
        voice.t("cli.money_execution"),
        [voice.t(f"terms.{n}") for n in names],
        [[getattr(line, n) for n in names] for line in lines],
    )
    return 0


def _reconcile(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    open_portal(args.database, must_exist=True)
    from qor.workflow.acts.reconciliation import ReconciledLine, reconcile

    lines = reconcile(lake, month(args.month))
    if args.out:
        return _write(ReconciledLine, lines, args, voice)
    if voice.as_json:
        voice.json([asdict(line) for line in lines])
        return 0
    names = (
        "contract_no",
        "care_form",
        "funding",
        "planned",
        "accepted",
        "held",
        "disallowed",
        "lessen",
    )
    rows = [
        [
            line.contract_no,
            line.care_form,
            line.funding,
            line.planned,
            line.accepted,
            line.held,
            line.deducted,
            line.lessen,
        ]
        for line in lines
    ]
    voice.table(voice.t("cli.money_reconcile"), [voice.t(f"terms.{n}") for n in names], rows)
    return 0


def _write(kind: type[Any], lines: Sequence[Any], args: argparse.Namespace, voice: Voice) -> int:
    """Write lines of a kind to a workbook, CSV or Parquet file."""
    columns = {each.name: _KINDS.get(str(each.type), "VARCHAR") for each in fields(kind)}
    rows = listed_rows(([getattr(line, name) for name in columns] for line in lines), columns)
    with connect() as connection:
        count = export_rows(
            args,
            voice,
            connection,
            rows,
            lambda name: voice.t(f"terms.{name}") if f"terms.{name}" in catalogue() else name,
            is_open=True,
        )
    voice.line(voice.t("cli.written", count=count, file=args.out.name))
    return 0


_KINDS = {"Decimal": "DECIMAL(18,2)"}
