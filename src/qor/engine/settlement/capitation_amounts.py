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
from qor.engine.settlement.values import forms_of, make_norms
from qor.engine.storage.duck import Connection, literal, literals
from qor.engine.storage.lake import Lake
from qor.law.nouns.money import round_tenge
from qor.law.nouns.months import Month
from qor.law.reading.interpretations import interpretation
from qor.law.rules.per_capita import per_capita_sum, without_contributions
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
_MONEY, _NOTHING = "DECIMAL(18,2)", Decimal(0)


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
    `capitation_unready`: those that cannot be made, and why.

    People are those of the table `attached`; of the population register where it says nothing of a
    provider of primary care, and that is listed. Leaves `tariffs_of` as it is for the month. Needs
    `contract_forms`, `sums_held`, `coefficient_lines` and `made`. Sources: 291/2020:38,
    291/2020:39, 291/2020:41, 291/2020:42, 291/2020:43, 291/2020:44, 291/2020:45, 291/2020:47,
    291/2020:47-1, 291/2020:48.
    """
    lines: list[tuple[Any, ...]] = []
    unready: list[tuple[str, ...]] = []
    for of in [m for m in closed if m < month] + [month]:
        due = _due(connection, lake, of)
        facts = _facts(connection, lake, of, {bin_ for bin_, form, _ in due if form == "primary"})
        for bin_, form, contracts in due:
            made, lacks = _of_contract(facts, bin_, form, contracts, of)
            lines += made
            unready += lacks
        unready += _reported_without_contract(facts, due, of)
    _write(connection, lines, unready)


def _due(connection: Connection, lake: Lake, of: Month) -> list[tuple[str, str, list[str]]]:
    """Who is paid per capita in a month: BIN, care form, the numbers of the contracts that cover
    it."""
    forms = literals(forms_of(Way.PER_CAPITA))
    return connection.execute(f"""SELECT bin, care_form, list(DISTINCT contract_no
        ORDER BY contract_no) FROM ({source(lake, "contracts")})
        WHERE funding = {literal(_FUNDING)} AND care_form IN ({forms})
            AND valid_from <= {literal(of.last)}
          AND (valid_to IS NULL OR valid_to >= {literal(of.first)})
        GROUP BY ALL ORDER BY ALL""").fetchall()


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
                unready += [] if kind in _COMPUTED else [(*key, "report_changed")]
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
    this, on = literal(str(of)), literal(of.last)
    held = f"valid_from <= {on} AND (valid_to IS NULL OR valid_to >= {on})"
    facts = _Facts(
        norms=_by_two(connection, "SELECT bin, care_form, value FROM tariffs_of"),
        factors=_by_two(
            connection,
            f"SELECT bin, care_form, value FROM coefficient_lines WHERE {on} BETWEEN "
            "valid_from AND valid_to",
        ),
        others=_by_two(
            connection,
            f"SELECT bin, kind, value FROM ({source(lake, 'norms')}) WHERE {held} AND "
            f"kind IN ({literals((URGENT, *_APART))})",
        ),
        groups=_groups(connection, lake, of),
        reported={
            (bin_, form, kind): round_tenge(Decimal(amount))
            for bin_, form, kind, amount in connection.execute(
                f"SELECT bin, care_form, kind, amount FROM ({source(lake, 'reported_sums', [of])})"
            ).fetchall()
        },
        sums=set(
            connection.execute(f"""SELECT contract_no, care_form, funding FROM sums_held
            WHERE service_month = {this}
               OR (service_month IS NULL AND year = '{of.year}')""").fetchall()
        ),
        made={
            (bin_, form, kind): Decimal(amount)
            for bin_, form, kind, amount in connection.execute(f"""SELECT provider_bin, care_form,
                CASE WHEN kind = '{UNPAID}' THEN '{PER_CAPITA}' ELSE kind END AS k, sum(amount)
            FROM made WHERE service_month = {this} GROUP BY ALL""").fetchall()
        },
    )
    unknown = {
        b
        for b in primary
        if (b, "") not in facts.groups and (b, "primary", PER_CAPITA) not in facts.made
    }
    if unknown:
        _count_people(connection, lake, of.last, unknown, facts)
    return facts


def _by_two(connection: Connection, query: str) -> dict[tuple[str, str], Decimal]:
    return {
        (first, second): Decimal(value)
        for first, second, value in connection.execute(query).fetchall()
    }


def _groups(
    connection: Connection, lake: Lake, of: Month
) -> dict[tuple[str, str], tuple[int, int]]:
    query = f"""SELECT bin, CASE WHEN age_group IN ({literals(_APART)}) THEN age_group
        ELSE '' END AS g, sum(persons),
            coalesce(sum(without_contributions), 0)
        FROM ({source(lake, "attached", [of])}) GROUP BY ALL"""
    return {
        (bin_, group): (int(n), int(unpaid))
        for bin_, group, n, unpaid in connection.execute(query).fetchall()
    }


def _count_people(
    connection: Connection, lake: Lake, on: date, bins: set[str], facts: _Facts
) -> None:
    """Of whom the table `attached` says nothing: who is attached and alive, and who of them is not
    insured, on a day."""
    counted = connection.execute(f"""SELECT p.attached_bin, count(*), count(*) FILTER (WHERE i.iin
        IS NULL)
        FROM (SELECT iin, attached_bin FROM ({source(lake, "people")})
            WHERE attached_bin IN ({literals(sorted(bins))})
              AND attached_since <= {literal(on)} AND birth_date <= {literal(on)}
                  AND (death_date IS NULL OR death_date > {literal(on)})) p
        LEFT JOIN (SELECT DISTINCT iin FROM ({source(lake, "insured")})
            WHERE valid_from <= {literal(on)} AND (valid_to IS NULL OR valid_to >= {literal(on)})) i
          ON i.iin = p.iin GROUP BY p.attached_bin""").fetchall()
    for bin_, persons, unpaid in counted:
        facts.groups[bin_, ""] = (int(persons), int(unpaid))
        facts.counted.add(bin_)


def _write(
    connection: Connection, lines: list[tuple[Any, ...]], unready: list[tuple[str, ...]]
) -> None:
    columns = (
        "provider_bin VARCHAR, contract_no VARCHAR, care_form VARCHAR, funding VARCHAR, "
        "service_month VARCHAR, kind VARCHAR"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE capitation_amounts ({columns}, persons BIGINT, "
        f"amount {_MONEY})"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE capitation_unready ({columns}, what VARCHAR)")
    if lines:
        connection.executemany(
            "INSERT INTO capitation_amounts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", lines
        )
    if unready:
        connection.executemany(
            "INSERT INTO capitation_unready VALUES (?, ?, ?, ?, ?, ?, ?)", unready
        )
