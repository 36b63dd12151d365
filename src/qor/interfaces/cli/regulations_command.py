"""`qor law clause`, `coverage`, `changes`: what the regulations say, how much of it is done, and
what an order changed."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qor.interfaces.cli.citations import clause_typed, paragraph_typed
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import today
from qor.interfaces.messages import day
from qor.interfaces.typed_days import a_day
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.refusals import UnknownClause, UnknownItem
from qor.law.reading.coverage import Covered, coverage
from qor.law.reading.defects import ACT, ANNEX, classification
from qor.law.reading.regulations import (
    Clause,
    Edition,
    changed_clauses,
    clauses_on,
    edition,
    editions,
    items_of,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A place in an act on a day; `item` empty where the whole clause is asked for."""

    act: str
    clause: str
    item: str
    on: date


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
    of_day = edition(act, on)
    asked = _Asked(act, number, item_asked, on)
    items = _items(asked, clauses_on(act, number, on))
    if voice.as_json:
        rows = [
            {
                **i.cites.as_dict(),
                "paragraph": i.paragraph,
                "kind": i.kind,
                "edition": of_day.order,
                "says": i.says,
                "status": i.status,
                "text_not_held_from": _not_held_from(i, on),
            }
            for i in items
        ]
        voice.json(rows)
        return 0
    _say_clause(items, asked, voice)
    if any(item.is_held for item in items):
        _say_edition(of_day, voice)
    return 0


def _say_clause(items: list[Clause], asked: _Asked, voice: Voice) -> None:
    """What a clause says, and where its text or the text of today is not held."""
    for item in items:
        voice.line(f"{voice.cited([item.cites])}: {item.says[voice.language]}")
        if not item.is_held:
            voice.line(voice.t("cli.clause_text_not_held"))
        elif since := _not_held_from(item, asked.on):
            parts = item.text_not_held_of or "–"
            voice.line(voice.t("cli.later_text_not_held", since=day(since), parts=parts))
    alone = paragraph_typed(asked.item) is not None or any(item.cites.item for item in items)
    if not asked.item or alone or not any(item.is_held for item in items):
        return
    orders = _orders_with(asked)
    if edition(asked.act, asked.on).order in orders:
        voice.line(voice.t("cli.item_not_told_alone", item=asked.item))
    else:
        voice.line(
            voice.t("cli.item_of_another_edition", item=asked.item, orders="; ".join(orders))
        )


def _items(asked: _Asked, clause: list[Clause]) -> list[Clause]:
    """Those of a clause that were asked for, an item or a paragraph; the clause itself where that
    item is not told alone, stands in another edition, or the text that may have it is not held.
    UnknownItem."""
    if not asked.item:
        return clause
    paragraph, known = paragraph_typed(asked.item), _known_items(asked, clause)
    paragraphs = list(dict.fromkeys(f"¶{each.paragraph}" for each in clause))
    if paragraph is not None:
        known = paragraphs
        chosen = [each for each in clause if each.paragraph == paragraph]
    else:
        chosen = [each for each in clause if each.cites.item == asked.item]
        if _orders_with(asked) or (not known and not all(each.is_held for each in clause)):
            chosen = chosen or [each for each in clause if not each.cites.item]
    if not chosen:
        raise UnknownItem(
            act=asked.act,
            clause=asked.clause,
            item=asked.item,
            order=edition(asked.act, asked.on).order,
            known=", ".join(known or paragraphs),
        )
    return chosen


def _orders_with(asked: _Asked) -> list[str]:
    """The editions, by their orders, in which the clause has the item."""
    orders = []
    for each in editions(asked.act):
        then = replace(asked, on=each.in_force_on)
        with suppress(UnknownClause):
            clause = clauses_on(asked.act, asked.clause, then.on)
            if _is_among(asked.item, _known_items(then, clause)):
                orders.append(each.order)
    return orders


def _known_items(asked: _Asked, clause: list[Clause]) -> list[str]:
    """The items of a clause; of the classification its codes."""
    if (asked.act, asked.clause) == (ACT, ANNEX):
        return list(classification(asked.on))
    return items_of(clause)


def _is_among(item: str, known: list[str]) -> bool:
    """Whether an item is one of those known, or a form's cell of one (`5.1/outpatient`)."""
    code, _, form = item.partition("/")
    return code in known and (not form or form in set(CareForm))


def _not_held_from(item: Clause, on: date) -> date | None:
    """Since when another text of the clause is in force that is not held, on a day; None where what
    is shown is in force."""
    since = item.text_not_held_from
    return since if since is not None and since <= on else None


def _say_edition(of_day: Edition, voice: Voice) -> None:
    """Which edition was read, and how sure its first day is."""
    facts = {
        "order": of_day.order,
        "since": day(of_day.in_force_on),
        "status": voice.t(f"terms.source_{of_day.status}"),
    }
    voice.line(voice.t("cli.edition_read", **facts))
    if of_day.or_on is not None:
        voice.line(voice.t("cli.edition_or", since=day(of_day.or_on)))


def _coverage(args: argparse.Namespace, voice: Voice) -> int:
    covered = coverage(definitions=args.all)
    if voice.as_json:
        voice.json([_covered_row(row) for row in covered])
        return 0
    headings = tuple(voice.t(f"terms.{name}") for name in ("act", "clause", "status", "where"))
    voice.table(
        voice.t("cli.law_coverage"), headings, (_covered_line(row, voice) for row in covered)
    )
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
    clauses = changed_clauses(args.act, args.order)
    if voice.as_json:
        voice.json({"act": args.act, "order": args.order, "clauses": clauses})
    else:
        voice.line(voice.t("cli.changes_of", order=args.order, clauses=", ".join(clauses)))
    return 0
