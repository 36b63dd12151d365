"""How contracts are carried out: plan and accepted sums by line and by care form, and the day on
which a line will run out (291/2020:27, 28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter

from django.db.models import QuerySet, Sum

from qor.engine.settlement.limits import plans_of_year
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, year_upto
from qor.workflow.acts.models import Act, ActLine

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Execution:
    """One line of a contract in a year: its sum, what was planned and accepted up to a month, and
    when it runs out at the present pace."""

    contract_no: str
    bin: str
    care_form: str
    funding: str
    year_sum: Decimal
    planned: Decimal
    accepted: Decimal
    runs_out_on: date | None


@dataclass(frozen=True, slots=True)
class FormTotal:
    """A line of the report's table 6: contracts and accepted sums of a care form, whole and by
    funding, in tenge."""

    care_form: str
    contracts: dict[str, Decimal]
    accepted: dict[str, Decimal]


def execution(lake: Lake, upto: Month, acts: QuerySet[Act]) -> list[Execution]:
    """Each contract line of the year with a sum, for the contracts of these acts' providers.
    Sources: 291/2020:27, 291/2020:28."""
    bins = {str(bin_) for bin_ in acts.values_list("provider__bin", flat=True).distinct()}
    done = _accepted(upto, acts)
    plans = sorted(plans_of_year(lake, upto).items(), key=itemgetter(0))
    lines = []
    for (contract, bin_, form, funding), plan in plans:
        if bin_ in bins:
            whole = sum(plan.sums.values(), _NOTHING)
            if not whole:
                continue
            planned = sum(
                (amount for name, amount in plan.sums.items() if name <= str(upto)), _NOTHING
            )
            accepted = done.get((contract, form, funding), _NOTHING)
            lines.append(
                Execution(
                    contract,
                    bin_,
                    form,
                    funding,
                    whole,
                    planned,
                    accepted,
                    runs_out_on(whole, accepted, upto, plan.first),
                )
            )
    return lines


def runs_out_on(
    whole: Decimal, accepted: Decimal, upto: Month, since: Month | None = None
) -> date | None:
    """The day on which a line's sum is used up if each day costs what the days since its first
    month (January, if not given) did.

    None if it lasts the year, or nothing was used.
    """
    first = since.first if since is not None else date(upto.year, 1, 1)
    days = (upto.last - first).days + 1
    if accepted <= 0 or days <= 0:
        return None
    lasts = int(whole * days / accepted)
    day = first + timedelta(days=lasts)
    return day if day.year == upto.year else None


def by_care_form(executed: list[Execution]) -> list[FormTotal]:
    """The table of execution in the shape of the annual report's table 6, a line for each care
    form."""
    by_form: dict[str, FormTotal] = {}
    for line in executed:
        of_form = by_form.setdefault(line.care_form, FormTotal(line.care_form, {}, {}))
        of_form.contracts[line.funding] = (
            of_form.contracts.get(line.funding, _NOTHING) + line.year_sum
        )
        of_form.accepted[line.funding] = (
            of_form.accepted.get(line.funding, _NOTHING) + line.accepted
        )
    return list(by_form.values())


def _accepted(upto: Month, acts: QuerySet[Act]) -> dict[tuple[str, str, str], Decimal]:
    months = list(map(str, year_upto(upto)))
    by = ("act__contract_no", "care_form", "funding")
    lines = (
        ActLine.objects.filter(act__in=acts, service_month__in=months)
        .values(*by)
        .annotate(s=Sum("accepted"))
        .order_by(*by)
    )
    return {tuple(row[name] for name in by): Decimal(row["s"]) for row in lines}
