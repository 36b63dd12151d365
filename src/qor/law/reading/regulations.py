"""Regulations: number, editions with the days they are in force, clauses in one sentence of our
own, and what became of each in Qor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from qor.law.nouns.citations import Citation
from qor.law.nouns.refusals import NoEditionOnDate, UnknownAct, UnknownClause, UnknownOrder
from qor.law.pages import LANGUAGES, page, page_names

_PACKAGE = "qor.law.kz.regulations"
NOT_HELD = "text not held"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of an act: the order that made it, its first day in force, and how sure that day
    is (`text` or `inferred`).

    `or_on` is the first day that another source names, where they differ.
    """

    act: str
    order: str
    in_force_on: date
    status: str
    note: str
    or_on: date | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause (or subparagraph) of an act, in one sentence of ours; `where` names the
    function that does it.

    `kind` is definition, procedure, deadline, sanction, routing, decision, form, threshold or
    confidentiality; `status` is implemented (`tests` name the tests that cite it), partly (`lacks`
    says what is missing), not yet, text not held or not for software, with the reason's key.
    `text_not_held_from` is the day since which another text is in force that is not held,
    `text_not_held_of` the parts it changed (none: the whole clause). `items` is how many items the
    text has that are not all told one by one (0: those that are told are all).
    """

    cites: Citation
    paragraph: int
    kind: str
    says: dict[str, str]
    orders: tuple[str, ...]
    status: str
    where: tuple[str, ...]
    reason: str
    tests: tuple[str, ...] = ()
    lacks: dict[str, str] = field(default_factory=dict)
    text_not_held_from: date | None = None
    text_not_held_of: str = ""
    items: int = 0

    @property
    def is_held(self) -> bool:
        """Whether the text is held at all."""
        return self.status != NOT_HELD


@cache
def _acts() -> dict[str, dict[str, Any]]:
    return {
        facts["act"]: facts for facts in (page(_PACKAGE, name) for name in page_names(_PACKAGE))
    }


def act_numbers() -> list[str]:
    """The numbers of the acts kept, e.g. 321/2020."""
    return sorted(_acts())


def editions(act: str) -> list[Edition]:
    """The editions of an act that Qor holds, oldest first. UnknownAct if it is not kept."""
    if act not in _acts():
        raise UnknownAct(act=act, known=", ".join(act_numbers()))
    facts = (
        Edition(act, e["order"], e["in_force_on"], e["status"], e["note"], e.get("or_on"))
        for e in _acts()[act]["editions"]
    )
    return sorted(facts, key=lambda edition: edition.in_force_on)


def edition(act: str, on: date) -> Edition:
    """The edition in force on a day. NoEditionOnDate if Qor holds none that old."""
    in_force = [candidate for candidate in editions(act) if candidate.in_force_on <= on]
    if not in_force:
        raise NoEditionOnDate(
            act=act, on=on.isoformat(), earliest=editions(act)[0].in_force_on.isoformat()
        )
    return in_force[-1]


def in_force_since(act: str, order: str, on: date) -> bool:
    """Whether the edition that an order made, or a later one, is in force on a day. KeyError for an
    order of no edition that is held."""
    first = {each.order: each.in_force_on for each in editions(act)}[order]
    return first <= edition(act, on).in_force_on


def title(act: str, language: str) -> str:
    """What the act is called, short."""
    return str(_acts()[act]["title"][language])


def clauses(act: str) -> Iterator[Clause]:
    """Every clause item of an act over all its editions, in the order of the text. UnknownAct if it
    is not kept."""
    everywhere = tuple(each.order for each in editions(act))
    for facts in _acts()[act]["clauses"]:
        yield _clause(act, facts, everywhere)


def texts_not_held(act: str) -> Iterator[Clause]:
    """Texts of an act that are not held at all: editions older than the first, or parts of a later
    one. UnknownAct if the act is not kept."""
    editions(act)
    for facts in _acts()[act].get("not_held", ()):
        yield _clause(act, facts | {"kind": "form", "status": NOT_HELD}, ())


def clauses_on(act: str, number: str, on: date) -> list[Clause]:
    """The items of one clause in the edition of a day. UnknownClause if that edition has none."""
    order = edition(act, on).order
    items = [item for item in clauses(act) if item.cites.clause == number and order in item.orders]
    if not items:
        raise UnknownClause(act=act, clause=number, order=order)
    return items


def items_of(clause: list[Clause]) -> list[str]:
    """The items that a clause's text has, told one by one or not: `1)`, `2)`…; none where it is one
    sentence, or where its text is not held."""
    counted = (f"{n})" for n in range(1, max((each.items for each in clause), default=0) + 1))
    listed = (each.cites.item for each in clause if each.cites.item)
    return list(dict.fromkeys((*counted, *listed)))


def changed_clauses(act: str, order: str) -> list[str]:
    """The numbers of the clauses whose text an order changed, added or removed, in the order of the
    text. UnknownOrder if it made no edition."""
    orders = [each.order for each in editions(act)]
    if order not in orders:
        raise UnknownOrder(act=act, order=order, known=", ".join(orders))
    touched = (
        item.cites.clause
        for item in clauses(act)
        if len(item.orders) < len(editions(act)) and order in item.orders
    )
    return list(dict.fromkeys(touched))


def _clause(act: str, facts: dict[str, Any], everywhere: tuple[str, ...]) -> Clause:
    where = facts.get("where", [])
    return Clause(
        cites=Citation(act, str(facts["clause"]), facts.get("item", "")),
        paragraph=facts.get("para", 1),
        kind=facts["kind"],
        says={language: facts[language] for language in LANGUAGES},
        orders=tuple(facts["orders"]) if "orders" in facts else everywhere,
        status=facts["status"],
        where=(where,) if isinstance(where, str) else tuple(where),
        reason=facts.get("reason", ""),
        tests=tuple(facts.get("test", ())),
        lacks=dict(facts.get("lacks", {})),
        text_not_held_from=facts.get("text_not_held_from"),
        text_not_held_of=facts.get("text_not_held_of", ""),
        items=facts.get("items", 0),
    )
