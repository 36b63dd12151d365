"""What became of a service's money: in which act it stands, what was accepted, and whether it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from qor.engine.duck import connect, literal, parquet, rows
from qor.engine.lake import Lake
from qor.law.care_forms import CareForm
from qor.law.months import Month
from qor.law.ways_of_paying import Way, way_of
from qor.workflow.disputes.models import Case
from qor.workflow.payments.models import Act, Closing, Deduction, HeldService, Order
from qor.workflow.payments.settled import settled_paths


@dataclass(frozen=True, slots=True)
class Paid:
    """A service in an act: what was accepted, and the act with its state: waiting (held, no act yet), in_act, signed, paid."""

    accepted: Decimal
    act: Act | None
    state: str


def payments_of(own: str, of: Month) -> dict[str, Paid] | None:
    """The services of a provider's month that are not simply paid in full, the latest act of each; None where the month is not closed.

    The key `""` is what holds for all others: the provider's act of the month.
    """
    acts = {act.pk: act for act in Act.objects.filter(provider__bin=own).select_related("closing")}
    month_acts = [act for act in acts.values() if act.closing.month == str(of) and act.contract_no]
    if not Closing.objects.filter(month=str(of)).exists():
        return None
    paid = {
        pk
        for pk in Order.objects.filter(act__in=list(acts), state=Order.State.PAID).values_list("act_id", flat=True)
        if pk
    }
    by_contract = {(act.closing.month, act.contract_no): act for act in acts.values()}
    found = {
        "": _paid(None, min(month_acts, key=lambda act: act.contract_no), paid)
        if month_acts
        else Paid(Decimal(0), None, "waiting")
    }
    for row in _settled(own, of):
        act = by_contract.get((row["act_month"], row["contract_no"]))
        if row["waits"] or act is None:
            found[row["service_id"]] = Paid(Decimal(0), None, "waiting")
        else:
            found[row["service_id"]] = _paid(row["accepted"], act, paid)
    return found


def paid_by_itself(care_form: str, setting: str | None) -> bool:
    """Whether a service has a price of its own; those paid per capita or by a complex tariff have none (291/2020:39, 47)."""
    way = way_of(CareForm(care_form))
    return way.way not in {Way.PER_CAPITA, Way.COMPLEX} or (setting or "") in way.priced_settings


def in_act(case: Case) -> dict[str, Any]:
    """What a case's final word does, or will do, in an act: the deduction and its act, or the act that holds the service and the one that set it free."""
    same = {"provider_id": case.provider_id, "service_id": case.service_id}
    made = Deduction.objects.filter(**same).select_related("act__closing").first()
    held = HeldService.objects.filter(**same).select_related("held_by__closing", "released_by__closing").first()
    return {"deduction": made, "held": held, "given_back": made.given_back.first() if made is not None else None}


def _paid(accepted: Decimal | None, act: Act, paid: set[int]) -> Paid:
    state = "paid" if act.pk in paid else "signed" if act.signed_on else "in_act"
    return Paid(Decimal(-1) if accepted is None else accepted, act, state)


def _settled(own: str, of: Month) -> list[dict[str, Any]]:
    """The provider's settled services of a month of service, in the order of the closings."""
    paths = settled_paths(Lake(Path(settings.QOR_LAKE)), Closing.objects.all())
    if not paths:
        return []
    where = f"provider_bin = {literal(own)} AND service_month = {literal(str(of))} AND kind <> 'lump'"
    with connect() as connection:
        return rows(connection, f"SELECT * FROM {parquet(paths)} WHERE {where} ORDER BY act_month, service_id")
