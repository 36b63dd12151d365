"""Penalties for work without a licence, proposed to a person and never imposed by themselves
(321/2020, clause 10, paragraph 3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from qor.engine.settlement.contract_sums import contract_sums
from qor.engine.settlement.unconfirmed_register import contracts_of_services
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, month
from qor.law.rules.unconfirmed_totals import no_licence_penalty
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.models import OtherSum
from qor.workflow.disputes.law_day import law_day_of
from qor.workflow.disputes.models import Case

CHECK = "unlicensed-work"
_CLEARED = ("no_defect", "fallen_away")


@dataclass(frozen=True, slots=True)
class ProposedPenalty:
    """One contract: how many services were found without a licence and since when, its sum, the
    penalty (None where the contract has no sum), and whether a penalty was entered for it already.
    """

    provider: Organisation
    contract_no: str
    services: int
    first_on: date
    contract_sum: Decimal | None
    penalty: Decimal | None
    entered: bool


def proposed_penalties(lake: Lake, providers: QuerySet[Organisation]) -> list[ProposedPenalty]:
    """For each contract with services found without a licence, and not cleared by a person: its
    share of the contract's sum, once.

    Nothing is deducted: who decides enters it as another deduction with the ground `penalty`.
    Sources: 321/2020:10, 291/2020:19.
    """
    found: dict[tuple[Organisation, str], list[Case]] = defaultdict(list)
    sums: dict[tuple[str, str], Decimal] = {}
    for of, cases in _by_month(providers).items():
        contracts = contracts_of_services(
            lake, of, [(str(case.provider.bin), case.service_id) for case in cases]
        )
        sums |= contract_sums(lake, of.last)
        for case in cases:
            found[
                case.provider, contracts.get((str(case.provider.bin), case.service_id), "")
            ].append(case)
    proposed = [
        _penalty(provider, number, cases, sums) for (provider, number), cases in found.items()
    ]
    return sorted(proposed, key=lambda each: (str(each.provider.bin), each.contract_no))


def _by_month(providers: QuerySet[Organisation]) -> dict[Month, list[Case]]:
    found: dict[Month, list[Case]] = defaultdict(list)
    cases = Case.objects.filter(provider__in=providers, check_slug=CHECK).exclude(
        state__in=_CLEARED
    )
    for case in cases.select_related("provider").order_by("month", "pk"):
        found[month(case.month)].append(case)
    return found


def _penalty(
    provider: Organisation, number: str, cases: list[Case], sums: dict[tuple[str, str], Decimal]
) -> ProposedPenalty:
    first_on = min(law_day_of(case) for case in cases)
    whole = sums.get((str(provider.bin), number))
    entered = OtherSum.objects.filter(
        provider=provider,
        contract_no=number,
        pays=False,
        ground=OtherSum.Ground.PENALTY,
        at__date__gte=first_on,
    )
    penalty = no_licence_penalty(whole, first_on) if whole is not None else None
    return ProposedPenalty(provider, number, len(cases), first_on, whole, penalty, entered.exists())
