"""Sums that do not hang on services: per capita, pupils, urgent care, split-up organisations, and
what is reported (291/2020, clauses 38-48).

Each is a line of an act of its own kind. A sum that could not be made when its month was closed,
since something was not loaded or not reported yet, is made by the next closing, in its own month.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.capitation_changed import Changed, held_lines
from qor.engine.settlement.values import forms_of, make_norms
from qor.engine.storage.duck import Connection, literal, literals
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import fill, make_view, rows_of, step_rows
from qor.law.nouns.money import round_tenge
from qor.law.nouns.months import Month
from qor.law.reading.interpretations import interpretation
from qor.law.rules.per_capita import per_capita_sum, without_contributions
from qor.law.rules.recalculation import late_lists_are_paid
from qor.law.rules.ways_of_paying import Way

# A line: provider, contract, care form, funding, month of service, kind.
Key = tuple[str, str, str, str, str, str]
PER_CAPITA, UNPAID, PUPILS, URGENT, SPLIT_UP = (
    "per_capita",
    "per_capita_unpaid",
    "pupils",
    "urgent_care",
    "split_up",
)
_FUNDING, _APART = (
    "tmkkk",
    (PUPILS, SPLIT_UP),
)  # groups of `attached` that are no part of the population
_NOTHING = Decimal(0)

_COMPUTED = (PER_CAPITA, UNPAID, PUPILS, URGENT, SPLIT_UP)


@dataclass(slots=True)
class _Facts:
    """What the lake says of one month, by provider (BIN)."""

    norms: dict[tuple[str, str], Decimal]  # (BIN, care form) -> norm of one person
    factors: dict[tuple[str, str], Decimal]  # (BIN, care form) -> product of coefficients
    others: dict[tuple[str, str], Decimal]  # (BIN or *, kind of norm) -> norm of one
    groups: dict[
        tuple[str, str], tuple[int, int]
    ]  # (BIN, group) -> persons, of them without contributions
    reported: dict[tuple[str, str, str], Decimal]  # (BIN, care form, kind) -> tenge
    sums: set[tuple[str, str, str]]  # contract, care form, funding with a sum for the month
    made: dict[tuple[str, str, str], Decimal]  # (BIN, care form, kind) -> tenge that acts hold
    counted: set[str] = field(
        default_factory=set
    )  # BINs whose people were counted in the population register


def make_capitation_amounts(
    connection: Connection, lake: Lake, month: Month, closed: tuple[Month, ...] = ()
) -> None:
    """`capitation_amounts`: sums of the month, and of months closed before that were not made then;
    `capitation_unready`: those that cannot be made, and why; `capitation_changed`: lines of acts
    that would come to another sum now.

    People are those of the table `attached`; of the population register where it says nothing of a
    provider of primary care, and that is listed. Leaves `tariffs_of` as it is for the month. Needs
    `contracts`, `sums_held`, `coefficient_lines`, `made`, `moved_before`. Sources: 291/2020:38,
    291/2020:39, 291/2020:41, 291/2020:42, 291/2020:43, 291/2020:44, 291/2020:45, 291/2020:47,
    291/2020:47-1, 291/2020:48.
    """
    lines: list[tuple[Any, ...]] = []
    unready: list[tuple[str, ...]] = []
    before, changed = held_lines(connection), list[Changed]()
    for of in [m for m in closed if m < month] + [month]:
        due = _due(connection, of)
        facts = _facts(connection, lake, of, {bin_ for bin_, form, _ in due if form == "primary"})
        for bin_, form, contracts in due:
            amounts, lacks = _of_contract(facts, bin_, form, contracts, of)
            lines += amounts
            unready += lacks
            changed += before.changed(bin_, form, str(of), _kinds(facts, bin_, form, of))
        unready += _reported_without_contract(facts, due, of)
    fill(connection, "capitation_amounts", lines)
    fill(connection, "capitation_unready", unready)
    fill(connection, "capitation_changed", changed)


def _due(connection: Connection, of: Month) -> list[tuple[str, str, list[str]]]:
    """Who is paid per capita in a month: BIN, care form, the numbers of the contracts that cover
    it."""
    return step_rows(
        connection,
        "per_capita_contracts",
        funding=literal(_FUNDING),
        forms=literals(forms_of(Way.PER_CAPITA)),
        month_first=literal(of.first),
        month_last=literal(of.last),
    )


def _of_contract(
    facts: _Facts, bin_: str, form: str, contracts: list[str], of: Month
) -> tuple[list[tuple[Any, ...]], list[tuple[str, ...]]]:
    """The sums of a provider's form of care in a month, and what could not be made."""
    lines: list[tuple[Any, ...]] = []
    unready: list[tuple[str, ...]] = []
    several = len(contracts) > 1
    for kind, what, sums in _kinds(facts, bin_, form, of):
        key = (bin_, contracts[0], form, _FUNDING, str(of), kind)
        if (bin_, form, kind) in facts.made:
            if facts.reported.get((bin_, form, kind), _NOTHING) != facts.made[bin_, form, kind]:
                paid = kind in _COMPUTED or late_lists_are_paid()
                unready += [] if paid else [(*key, "report_changed")]
            continue
        if several:
            unready.append((*key, "several_contracts"))
        if what:
            unready.append((*key, what))
        elif (contracts[0], form, _FUNDING) not in facts.sums:
            unready.append((*key, "no_sum"))
        elif (
            not several
            or interpretation("per_capita_of_several_contracts").choice == "first_by_number"
        ):
            lines += [(*key[:5], name, persons, amount) for name, persons, amount in sums if amount]
            if kind == PER_CAPITA and bin_ in facts.counted:
                unready.append((*key, "counted_from_register"))
    return lines, unready


def _kinds(
    facts: _Facts, bin_: str, form: str, of: Month
) -> Iterator[tuple[str, str, list[tuple[str, int | None, Decimal]]]]:
    """Each kind that is due: its name, what it lacks (empty if nothing), and its lines (kind,
    persons, tenge)."""
    norm, people = facts.norms.get((bin_, form)), facts.groups.get((bin_, ""))
    lacks = "no_norm" if norm is None else "no_attached" if people is None else ""
    yield (
        PER_CAPITA,
        lacks,
        _capitation(facts, bin_, form, norm, people, of) if norm is not None and people else [],
    )
    if form == "primary":
        urgent = facts.others.get((bin_, URGENT), facts.others.get(("*", URGENT)))
        lacks = "no_norm" if urgent is None else "" if people else "no_attached"
        yield URGENT, lacks, _of_group(URGENT, urgent, people)
        for group in _APART:
            counted = facts.groups.get((bin_, group))
            if counted is not None:
                norm = facts.others.get((bin_, group), facts.others.get(("*", group)))
                yield group, "no_norm" if norm is None else "", _of_group(group, norm, counted)
    for (owner, of_form, kind), amount in sorted(facts.reported.items()):
        if (owner, of_form) == (bin_, form):
            yield kind, "", [(kind, None, amount)]


def _capitation(
    facts: _Facts, bin_: str, form: str, norm: Decimal, people: tuple[int, int], of: Month
) -> list[tuple[str, int | None, Decimal]]:
    """People x norm x coefficients; of primary care people without contributions at their share, in
    a line apart (291/2020:47, 47-1)."""
    factor, unpaid = (
        facts.factors.get((bin_, form), Decimal(1)),
        people[1] if form == "primary" else 0,
    )
    lines: list[tuple[str, int | None, Decimal]] = []
    lines.append((PER_CAPITA, people[0] - unpaid, per_capita_sum(norm, people[0] - unpaid, factor)))
    if unpaid:
        lines.append((UNPAID, unpaid, without_contributions(norm, unpaid, of, factor)))
    return lines


def _of_group(
    kind: str, norm: Decimal | None, people: tuple[int, int] | None
) -> list[tuple[str, int | None, Decimal]]:
    return (
        [(kind, people[0], per_capita_sum(norm, people[0]))] if norm is not None and people else []
    )


def _reported_without_contract(
    facts: _Facts, due: list[tuple[str, str, list[str]]], of: Month
) -> Iterator[tuple[str, ...]]:
    covered = {(bin_, form) for bin_, form, _ in due}
    for bin_, form, kind in sorted(facts.reported):
        if (bin_, form) not in covered:
            yield bin_, "", form, _FUNDING, str(of), kind, "no_contract"


def _facts(connection: Connection, lake: Lake, of: Month, primary: set[str]) -> _Facts:
    make_norms(connection, lake, of)
    for table in ("norms", "people", "insured"):
        make_view(connection, table, source(lake, table))
    for table in ("attached", "reported_sums"):
        make_view(connection, table, source(lake, table, [of]))
    this, year, on = literal(str(of)), literal(str(of.year)), literal(of.last)
    apart, kinds = literals(_APART), literals((URGENT, *_APART))
    reported = rows_of(connection, "reported_sums", ("bin", "care_form", "kind", "amount"))
    facts = _Facts(
        norms=_by_two(rows_of(connection, "tariffs_of", ("bin", "care_form", "value"))),
        factors=_by_two(step_rows(connection, "coefficients_on", on_day=on)),
        others=_by_two(step_rows(connection, "norms_of_groups", on_day=on, kinds=kinds)),
        groups=_groups(step_rows(connection, "attached_groups", apart=apart)),
        reported={
            (bin_, form, kind): round_tenge(Decimal(amount))
            for bin_, form, kind, amount in reported
        },
        sums=set(step_rows(connection, "lines_with_sum", month=this, year=year)),
        made={
            (bin_, form, kind): Decimal(amount)
            for bin_, form, kind, amount in step_rows(connection, "amounts_made", month=this)
        },
    )
    unknown = {
        b
        for b in primary
        if (b, "") not in facts.groups and (b, "primary", PER_CAPITA) not in facts.made
    }
    if unknown:
        _count_people(connection, of.last, unknown, facts)
    return facts


def _by_two(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], Decimal]:
    return {(first, second): Decimal(value) for first, second, value in rows}


def _groups(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(bin_, group): (int(n), int(unpaid)) for bin_, group, n, unpaid in rows}


def _count_people(connection: Connection, on: date, bins: set[str], facts: _Facts) -> None:
    """Of whom the table `attached` says nothing: who is attached and alive, and who of them is not
    insured, on a day."""
    listed, day = literals(sorted(bins)), literal(on)
    counted = step_rows(connection, "counted_people", bins=listed, on_day=day)
    for bin_, persons, unpaid in counted:
        facts.groups[bin_, ""] = (int(persons), int(unpaid))
        facts.counted.add(bin_)
