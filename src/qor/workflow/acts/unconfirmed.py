"""Running totals of confirmed unconfirmed cases by provider, contract and month, and what must
follow (321/2020, clauses 19-20)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from qor.engine.settlement.unconfirmed_register import CODES, contracts_of_services
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, month
from qor.law.nouns.states import Outcome
from qor.law.reading.interpretations import interpretation
from qor.law.rules.unconfirmed_totals import Alarm, alarms
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.models import Closing
from qor.workflow.disputes.models import Case

_WHOLE = {User.Role.HEAD_OFFICE, User.Role.AUDITOR}
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class ContractAlarms:
    """The alarms of one contract of one provider."""

    provider: Organisation
    contract_no: str
    alarms: list[Alarm]


def alarms_visible_to(user: User, lake: Lake, sole: set[str]) -> list[ContractAlarms]:
    """The alarms that a user may see: the Fund's people those of their providers; a provider never,
    since law enforcement is to be told.

    `sole`: BINs of the only providers of their districts. Sources: 321/2020:19, 321/2020:20.
    """
    return contract_alarms(lake, providers_of(user), sole)


def providers_of(user: User) -> QuerySet[Organisation]:
    """The providers whose contracts a person of the Fund watches: head office and audit all, a
    branch those of its region; a provider none.

    Sources: 321/2020:15.
    """
    providers = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER)
    office = user.organisation
    if user.role in _WHOLE or (office is not None and office.kind == Organisation.Kind.HEAD_OFFICE):
        return providers if user.role in {*_WHOLE, User.Role.ACCOUNTANT} else providers.none()
    watches = user.role in {User.Role.ACCOUNTANT, User.Role.EXPERT} and office is not None
    return (
        providers.filter(region=office.region)
        if watches and office is not None
        else providers.none()
    )


def contract_alarms(
    lake: Lake, providers: QuerySet[Organisation], sole: set[str]
) -> list[ContractAlarms]:
    """Contracts of providers whose confirmed unconfirmed cases pass a threshold; `sole`: BINs of
    the only providers of their districts.

    Each service counts once, by its month and contract, with its cost (interpretation
    unconfirmed_total), whatever was taken of it and for which defect. Conclusions in the form of
    annex 3 are not kept here yet: their day is that on which the month's last such case became
    final, or that of the month's closing if it is later. Sources: 321/2020:19, 321/2020:20.
    """
    by_contract: dict[tuple[Organisation, str], dict[Month, tuple[Decimal, date]]] = defaultdict(
        dict
    )
    for of, cases in _confirmed(providers).items():
        contracts = contracts_of_services(lake, of, cases)
        closed = Closing.objects.filter(month=str(of)).values_list("closed_on", flat=True).first()
        for key, case in cases.items():
            months = by_contract[case.provider, contracts.get(key, "")]
            total, concluded_on = months.get(of, (_NOTHING, date.min))
            months[of] = (
                total + _counts(case),
                max(concluded_on, case.entered_on, closed or date.min),
            )
    passed = (
        ContractAlarms(p, number, alarms(months, str(p.bin) in sole))
        for (p, number), months in by_contract.items()
    )
    return sorted(
        (each for each in passed if each.alarms),
        key=lambda each: (str(each.provider.bin), each.contract_no),
    )


def _confirmed(providers: QuerySet[Organisation]) -> dict[Month, dict[tuple[str, str], Case]]:
    """The services of each month with a confirmed case of an unconfirmed service: one case each,
    the one that counts most."""
    by_month: dict[Month, dict[tuple[str, str], Case]] = defaultdict(dict)
    cases = Case.objects.filter(
        provider__in=providers, code__in=CODES, outcome=Outcome.CONFIRMED
    ).select_related("provider")
    for case in cases.order_by("month", "pk"):
        services, key = by_month[month(case.month)], (str(case.provider.bin), case.service_id)
        if key not in services or _counts(case) > _counts(services[key]):
            services[key] = case
    return by_month


def _counts(case: Case) -> Decimal:
    """What a case counts, in tenge: the cost of its service, or its deduction (interpretation
    unconfirmed_total)."""
    by_cost = interpretation("unconfirmed_total").choice == "cost_of_services"
    return Decimal(case.amount if by_cost else case.proposed_deduction or _NOTHING)
