"""Reconciliation of contracts each quarter and for ten and eleven months: what was done against
what was bought (291/2020, clause 28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from qor.engine.settlement.limits import WHOLE_YEAR, plans_of_year
from qor.engine.storage.lake import Lake
from qor.law.nouns.money import round_tenge
from qor.law.nouns.months import Month, year_upto
from qor.law.nouns.refusals import Refusal
from qor.law.reading.interpretations import interpretation
from qor.law.rules.ways_of_paying import EXCEPTED, Way, ways_of_paying
from qor.workflow.acts.models import ActLine, HeldService
from qor.workflow.acts.service_account import standing

MONTHS = (3, 6, 9, 10, 11)
_FIRST_QUARTER = 3
_MONTHS = 12
_NOTHING = Decimal(0)


class NotAReconciliationMonth(Refusal):
    """Contracts are reconciled after each quarter, and after ten and eleven months
    (291/2020:28)."""

    key = "not_a_reconciliation_month"


@dataclass(frozen=True, slots=True)
class ReconciledLine:
    """A contract line from January on: planned, accepted, deducted by monitoring (non-preventable
    deaths excepted), and what may be taken from it.

    `lessen` is what the supplementary agreement would take: sums lost to defects, and what was
    planned and not done where the rules allow it. `by_year`: the contract gives the line by the
    year alone, and `planned` is its year's sum.
    """

    contract_no: str
    care_form: str
    funding: str
    planned: Decimal
    accepted: Decimal
    held: Decimal
    deducted: Decimal
    lessen: Decimal
    by_year: bool = False


def reconcile(lake: Lake, upto: Month) -> list[ReconciledLine]:
    """The act of reconciliation of every contract line, and the draft of what a supplementary
    agreement would change.

    Volumes not done are not taken where payment is per capita or by complex tariff, or no linear
    scale holds; what is still held is not counted as not done. The act of the first quarter states
    no decrease: only those of the second and third quarters, ten and eleven months do; what the
    Fund lessens in the year by itself is a step of its own. NotAReconciliationMonth. Sources:
    291/2020:28, 291/2020:49.
    """
    states_decrease = upto.number != _FIRST_QUARTER
    if upto.number not in MONTHS:
        raise NotAReconciliationMonth(month=str(upto))
    months = list(map(str, year_upto(upto)))
    done = _done(months)
    return [
        _line(plan, done.get(key, (_NOTHING, _NOTHING, _NOTHING)), states_decrease)
        for key, plan in sorted(_planned(lake, upto, months).items())
    ]


@dataclass(slots=True)
class _Plan:
    """What was bought of a line up to a month: by its months, and of the year where no month is
    named; `counted` of it is due by now."""

    key: tuple[str, str, str]
    planned: Decimal = _NOTHING
    counted: Decimal = _NOTHING
    by_year: bool = False


def _line(plan: _Plan, done: tuple[Decimal, Decimal, Decimal], decreases: bool) -> ReconciledLine:
    accepted, waits, deducted = done
    counts = plan.key[1] in _counted()
    undone = max(plan.counted - accepted - waits - deducted, _NOTHING) if counts else _NOTHING
    return ReconciledLine(
        *plan.key,
        plan.planned,
        accepted,
        waits,
        deducted,
        min(deducted + undone, plan.planned) if decreases else _NOTHING,
        plan.by_year,
    )


def _counted() -> set[str]:
    """The care forms whose undone volumes may be taken."""
    paid_in_one_sum = {Way.PER_CAPITA, Way.COMPLEX}
    return {
        w.care_form.value
        for w in ways_of_paying()
        if w.way not in paid_in_one_sum and w.scale not in ("", EXCEPTED)
    }


def _planned(lake: Lake, upto: Month, months: list[str]) -> dict[tuple[str, str, str], _Plan]:
    """The plan of each line; of one that is given by the year alone so much is counted as
    interpretation volume_of_a_year_line says. Sources: 291/2020:28."""
    plans: dict[tuple[str, str, str], _Plan] = {}
    twelfths = interpretation("volume_of_a_year_line").choice == "twelfths"
    for (contract, _, form, funding), of_line in plans_of_year(lake, upto).items():
        key = (contract, form, funding)
        plan = plans.setdefault(key, _Plan(key))
        by_month = sum((of_line.sums.get(name, _NOTHING) for name in months), _NOTHING)
        year = of_line.sums.get(WHOLE_YEAR, _NOTHING)
        plan.by_year |= WHOLE_YEAR in of_line.sums
        plan.planned += by_month + year
        plan.counted += by_month
        if twelfths:
            plan.counted += _gone_by_twelfths(year, of_line.since, upto)
    return plans


def _gone_by_twelfths(amount: Decimal, since: date | None, upto: Month) -> Decimal:
    """The part of a year's sum whose months are over, each month alike from the one on in which the
    line begins."""
    first = since.month if since is not None and since.year == upto.year else 1
    return round_tenge(amount * max(upto.number - first + 1, 0) / (_MONTHS - first + 1))


def _done(months: list[str]) -> dict[tuple[str, str, str], tuple[Decimal, Decimal, Decimal]]:
    """Accepted and not taken back, still held, and lost to defects that stand, by contract line.

    What a short non-preventable death lost is no defect (291/2020:28:1)).
    """
    accepted = _by_line(
        ActLine.objects.filter(service_month__in=months), "act__contract_no", "accepted"
    )
    waits = _by_line(
        HeldService.objects.filter(service_month__in=months, released_by__isnull=True),
        "contract_no",
        "amount",
    )
    lost = standing().filter(service_month__in=months, case__isnull=False)
    disallowed, taken_back = (
        _by_line(lost, "contract_no", "disallowed"),
        _by_line(lost, "contract_no", "taken_back"),
    )
    return {
        key: (
            accepted.get(key, _NOTHING) - taken_back.get(key, _NOTHING),
            waits.get(key, _NOTHING),
            disallowed.get(key, _NOTHING) + taken_back.get(key, _NOTHING),
        )
        for key in {*accepted, *waits, *disallowed, *taken_back}
    }


def _by_line(
    rows: QuerySet[Any], contract: str, column: str
) -> dict[tuple[str, str, str], Decimal]:
    by = (contract, "care_form", "funding")
    summed = rows.values(*by).annotate(s=Sum(column)).order_by(*by)
    return {
        (row[contract], row["care_form"], row["funding"]): Decimal(row["s"] or 0) for row in summed
    }
