"""What became of a service's money: in which act it stands, what was accepted, and whether it is
paid; all from the service's account."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from qor.engine.results.services import service_numbers
from qor.engine.storage.lake import Lake
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.months import Month
from qor.law.rules.ways_of_paying import Way, way_of
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.fundings import paid_days
from qor.workflow.acts.models import Act, Closing, Deduction, HeldService
from qor.workflow.acts.service_account import ServiceAccount, accounts_of
from qor.workflow.disputes.models import Case


@dataclass(frozen=True, slots=True)
class Paid:
    """A service in an act: accepted by acts and recalculated since, taken back later, and the last
    act with its state: waiting (held, no act yet), in_act, signed, paid."""

    accepted: Decimal
    taken_back: Decimal
    act: Act | None
    state: str


def payments_of(own: str, of: Month) -> dict[str, Paid] | None:
    """Each service of a provider's month by its number; None where the month is not closed."""
    provider = Organisation.objects.filter(bin=own).first()
    if provider is None or not Closing.objects.filter(month=str(of)).exists():
        return None
    lake = Lake(Path(settings.QOR_LAKE))
    accounts = accounts_of(
        lake, ((provider.pk, service, str(of)) for service in _services(lake, own, of))
    )
    acts = {
        (act.closing.month, act.contract_no): act
        for act in Act.objects.filter(provider=provider).select_related("closing")
    }
    days = paid_days(acts.values())
    return {service: _paid(account, acts, days) for (_, service), account in accounts.items()}


def paid_by_itself(care_form: str, setting: str | None) -> bool:
    """Whether a service has a price of its own; those paid per capita or by a complex tariff have
    none (291/2020:39, 47)."""
    way = way_of(CareForm(care_form))
    return way.way not in {Way.PER_CAPITA, Way.COMPLEX} or (setting or "") in way.priced_settings


def in_act(case: Case) -> dict[str, Any]:
    """What a case's final word does, or will do, in an act: its deductions with their debts, or the
    act that holds the service and the one that set it free.
    """
    same = {"provider_id": case.provider_id, "service_id": case.service_id}
    deductions = (
        Deduction.objects.filter(case=case)
        .select_related("act__closing")
        .prefetch_related("debts", "given_back")
    )
    withheld = (
        HeldService.objects.filter(**same)
        .select_related("held_by__closing", "released_by__closing")
        .first()
    )
    return {"deductions": list(deductions.order_by("pk")), "held": withheld}


def _paid(
    account: ServiceAccount, acts: dict[tuple[str, str], Act], days: dict[tuple[int, str], Any]
) -> Paid:
    if account.held and not account.accepted:
        return Paid(Decimal(0), account.taken_back, None, "waiting")
    took = [
        acts[of, account.contract_no]
        for of in sorted(account.accepted_in)
        if (of, account.contract_no) in acts
    ]
    act = took[-1] if took else acts.get((account.service_month, account.contract_no))
    if act is None:
        return Paid(account.accepted + account.moved, account.taken_back, None, "waiting")
    paid = all(days.get((each.pk, account.funding)) is not None for each in took or [act])
    state = "paid" if paid and account.accepted else "signed" if act.signed_on else "in_act"
    return Paid(account.accepted + account.moved, account.taken_back, act, state)


def _services(lake: Lake, own: str, of: Month) -> list[str]:
    return service_numbers(lake, of, own)
