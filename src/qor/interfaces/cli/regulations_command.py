"""`qor law clause`, `coverage`, `changes`: what the regulations say, how much of it is done, and
what an order changed."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from qor.interfaces.cli.citations import clause_typed, paragraph_typed
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import today
from qor.interfaces.messages import day
from qor.interfaces.typed_days import a_day
from qor.law.nouns.refusals import UnknownClause
from qor.law.reading.coverage import Covered, coverage
from qor.law.reading.defects import ACT
from qor.law.reading.regulations import Clause, Edition, changed_clauses, clauses_on, edition


def add_clause(questions: Any) -> None:
    """Add `clause` to the questions of the law."""
    parser = command(questions, "clause", "law_clause", _clause)
    option(parser, "number", key="law_clause_number")
    option(parser, "--act", key="law_act")
    option(parser, "--on", key="law_on", metavar="DATE")


def add_texts(questions: Any) -> None:
    """Add `coverage` and `changes`."""
    parser = command(questions, "coverage", "law_coverage", _coverage)
    option(parser, "--all", key="law_all", action="store_true")
    changes = command(questions, "changes", "law_changes", _changes)
    option(changes, "order", key="law_order")
    option(changes, "--act", key="law_act", default=ACT)


def _clause(args: argparse.Namespace, voice: Voice) -> int:
    on = a_day(args.on) if args.on else today()
    act, number, item_asked = clause_typed(args.number, args.act, ACT)
    items = _items(clauses_on(act, number, on), item_asked)
    order = edition(act, on).order
    if not items:
        raise UnknownClause(act=act, clause=f"{number} {item_asked}", order=order)
    if voice.as_json:
        told = [
            {
                **i.cites.as_dict(),
                "paragraph": i.paragraph,
                "kind": i.kind,
                "edition": order,
                "says": i.says,
                "status": i.status,
                "text_not_held_from": _not_held_from(i, on),
            }
            for i in items
        ]
        voice.json(told)
        return 0
    for item in items:
        voice.line(f"{voice.cited([item.cites])}: {item.says[voice.language]}")
        if since := _not_held_from(item, on):
            voice.line(
                voice.t(
                    "cli.later_text_not_held", since=day(since), parts=item.text_not_held_of or "–"
                )
            )
    _say_edition(edition(act, on), voice)
    return 0


def _items(held: list[Clause], asked: str) -> list[Clause]:
    """Those of a clause that were asked for, an item or a paragraph; where its sentence is not told
    by items, the whole clause."""
    if (paragraph := paragraph_typed(asked)) is not None:
        return [item for item in held if item.paragraph == paragraph]
    itemised = any(item.cites.item for item in held)
    return [item for item in held if item.cites.item == asked] if asked and itemised else held


def _not_held_from(item: Clause, on: date) -> date | None:
    """Since when another text of the clause is in force that is not held, on a day; None where what
    is shown is in force."""
    since = item.text_not_held_from
    return since if since is not None and since <= on else None


def _say_edition(held: Edition, voice: Voice) -> None:
    """Which edition was read, and how sure its first day is."""
    facts = {
        "order": held.order,
        "since": day(held.in_force_on),
        "status": voice.t(f"terms.source_{held.status}"),
    }
    voice.line(voice.t("cli.edition_read", **facts))
    if held.or_on is not None:
        voice.line(voice.t("cli.edition_or", since=day(held.or_on)))


def _coverage(args: argparse.Namespace, voice: Voice) -> int:
    found = coverage(definitions=args.all)
    if voice.as_json:
        voice.json([_covered_row(row) for row in found])
        return 0
    headings = tuple(voice.t(f"terms.{name}") for name in ("act", "clause", "status", "where"))
    voice.table(voice.t("cli.law_coverage"), headings, (_covered_line(row, voice) for row in found))
    return 0


def _covered_row(row: Covered) -> dict[str, object]:
    item = row.clause
    return {
        "act": item.cites.act,
        "clause": item.cites.clause,
        "item": item.cites.item,
        "paragraph": item.paragraph,
        "editions": item.orders,
        "kind": item.kind,
        "status": row.status,
        "where": list(row.where),
        "reason": row.reason or None,
        "tests": list(row.tests),
        "lacks": item.lacks or None,
        "text_not_held_from": item.text_not_held_from,
        "text_not_held_of": item.text_not_held_of or None,
    }


def _covered_line(row: Covered, voice: Voice) -> tuple[str, ...]:
    item = row.clause.cites
    status = voice.t(f"terms.status_{row.status.replace(' ', '_')}")
    where = ", ".join(row.where) or voice.t(f"terms.reason_{row.reason}")
    if lacks := row.clause.lacks.get(voice.language):
        where = f"{where}; {lacks}"
    if since := row.clause.text_not_held_from:
        parts = row.clause.text_not_held_of or "–"
        where = f"{where}; {voice.t('cli.later_text_not_held', since=day(since), parts=parts)}"
    return item.act, f"{item.clause} {item.item}".strip(), status, where


def _changes(args: argparse.Namespace, voice: Voice) -> int:
    found = changed_clauses(args.act, args.order)
    if voice.as_json:
        voice.json({"act": args.act, "order": args.order, "clauses": found})
    else:
        voice.line(voice.t("cli.changes_of", order=args.order, clauses=", ".join(found)))
    return 0
