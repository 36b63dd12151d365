"""`qor money table6`: a printed report's table of execution, added up anew from its own lines."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from qor.engine.indicators.execution_table import (
    FUNDINGS,
    MEASURES,
    TableRow,
    above_contract,
    disagreements,
    execution_table,
    lines_of,
    moved_2020,
    report_2020,
)
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice

_YEAR = 2020


def add_to(commands: Any) -> None:
    """Add `table6` to the commands of money."""
    report = command(commands, "table6", "money_table6", _table6)
    option(report, "--year", key="report_year", type=int, choices=(_YEAR,), default=_YEAR)


def _table6(args: argparse.Namespace, voice: Voice) -> int:
    """The report's parts added up anew, what disagrees with what it prints, and the row above its
    contracts."""
    printed = report_2020()
    rows = execution_table(lines_of(printed))
    apart = disagreements(printed)
    over, under, why = moved_2020(voice.language)
    if voice.as_json:
        facts = {
            "rows": [_row(row) for row in rows],
            "disagreements": [asdict(each) for each in apart],
        }
        voice.json(
            facts | {"above_contract": [row.n for row in above_contract(rows)], "moved": why}
        )
        return 0
    columns = ("total", *FUNDINGS)
    named = ("Σ", *(voice.t(f"terms.funding_{f}") for f in FUNDINGS))
    heads = ["№", "", *(f"{voice.t(f'terms.{m}')}, {c}" for m in MEASURES for c in named)]
    voice.table(
        voice.t("cli.money_table6_title", year=args.year),
        heads,
        [_cells(voice, row, columns) for row in rows],
    )
    for each in apart:
        where, measure = each.n or voice.t("terms.total"), voice.t(f"terms.{each.measure}")
        sentence = voice.t(
            "cli.table6_apart",
            row=where,
            measure=measure,
            printed=each.printed,
            computed=each.computed,
        )
        voice.line(sentence)
    for row in above_contract(rows):
        excess = row.accepted["total"] - row.contracts["total"]
        short = next(r.contracts["total"] - r.accepted["total"] for r in rows if r.n == under)
        reason = why if row.n == over else "–"
        voice.line(
            voice.t(
                "cli.table6_above", row=row.n, excess=excess, under=under, short=short, why=reason
            )
        )
    return 0


def _cells(voice: Voice, row: TableRow, columns: tuple[str, ...]) -> list[str]:
    name = row.names.get(voice.language, voice.t("terms.total"))
    sums = (
        f"{getattr(row, measure)[c]:,.2f}".replace(",", " ")
        for measure in MEASURES
        for c in columns
    )
    return [str(row.n or ""), name, *sums]


def _row(row: TableRow) -> dict[str, Any]:
    return {"n": row.n, "contracts": row.contracts, "accepted": row.accepted}
