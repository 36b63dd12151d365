"""A closing's services one by one: what waits, what is set free, what final decisions take."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from qor.engine.storage.steps import step_batches, step_rows
from qor.law.nouns.states import Outcome
from qor.workflow.acts.closing_work import Work
from qor.workflow.acts.decisions import HOLDING, priced_now
from qor.workflow.acts.entries import deduction_entry
from qor.workflow.acts.models import Deduction, HeldService
from qor.workflow.bulk import insert_many
from qor.workflow.disputes.models import Case
from qor.workflow.ledger.entries import post

_BATCH = 20_000


def hold_and_release(work: Work) -> None:
    """Services that wait now; those set free are marked with the act that did it."""
    for batch in step_batches(work.connection, "held_services", _BATCH):
        insert_many([_held(work, row) for row in batch])
        work.counts["held"] += len(batch)
    by_act: dict[tuple[str, str], list[str]] = defaultdict(list)
    for bin_, contract, service in step_rows(work.connection, "freed_services"):
        by_act[bin_, contract].append(service)
    for key, services in by_act.items():
        act = work.acts[key]
        for start in range(0, len(services), 500):
            HeldService.objects.filter(
                provider=act.provider,
                service_id__in=services[start : start + 500],
                released_by__isnull=True,
            ).update(released_by=act)


def _held(work: Work, row: tuple[Any, ...]) -> HeldService:
    bin_, contract, service, form, funding, service_month, ended_on, amount, short, unscaled = row
    return HeldService(
        provider=work.providers[bin_],
        service_id=service,
        contract_no=contract,
        care_form=form,
        funding=funding,
        service_month=service_month,
        ended_on=ended_on,
        amount=amount,
        short_death=short,
        unscaled=unscaled,
        held_by=work.acts[bin_, contract],
    )


def make_deductions(work: Work) -> dict[tuple[str, str, str], Decimal]:
    """What final decisions take, service by service; the sanctions of each act and funding."""
    cases = _deciding(work)
    sanctions: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for batch in step_batches(work.connection, "deducted_services", _BATCH):
        deductions = [each for row in batch for each in _deductions(work, row, cases)]
        insert_many(deductions)
        work.counts["deductions"] += len(deductions)
        work.counts["postings"] += post((deduction_entry(each) for each in deductions), work.at)
        for row in batch:
            sanctions[row[0], row[1], row[4]] += row[-1]
    return sanctions


def _deductions(
    work: Work, row: tuple[Any, ...], cases: dict[tuple[str, str], int]
) -> list[Deduction]:
    """What is taken of a service: the half of a short death (291/2020:81) and what a defect takes,
    each by itself."""
    (
        bin_,
        contract,
        service,
        form,
        funding,
        service_month,
        ended_on,
        unscaled,
        half,
        disallowed,
        sanction,
    ) = row
    same = {
        "act": work.acts[bin_, contract],
        "contract_no": contract,
        "taken_on": work.closing.closed_on,
        "provider": work.providers[bin_],
        "service_id": service,
        "care_form": form,
        "funding": funding,
        "service_month": service_month,
        "ended_on": ended_on,
        "unscaled": unscaled,
    }
    deductions = (
        [Deduction(reason="short_death", disallowed=half, sanction=Decimal(0), **same)]
        if half
        else []
    )
    if disallowed > half or sanction:
        deductions.append(
            Deduction(
                reason="defect",
                case_id=cases.get((bin_, service)),
                disallowed=disallowed - half,
                sanction=sanction,
                **same,
            )
        )
    return deductions


def _deciding(work: Work) -> dict[tuple[str, str], int]:
    """The confirmed case with the largest deduction of each service that is settled now; of equal
    ones that made first."""
    months = {month for (month,) in step_rows(work.connection, "settled_months")}
    priced = {case.pk: stake for case, stake in priced_now(months, work.norms)}
    cases = Case.objects.filter(
        month__in=months, outcome=Outcome.CONFIRMED, kind__in=HOLDING
    ).order_by("pk")
    largest: dict[tuple[str, str], tuple[Decimal, int]] = {}
    for pk, bin_, service, at_stake in cases.values_list(
        "pk", "provider__bin", "service_id", "proposed_deduction"
    ):
        stake = priced.get(pk) if at_stake is None else at_stake
        key = (str(bin_), service)
        if stake is not None and (key not in largest or stake > largest[key][0]):
            largest[key] = (stake, pk)
    return {key: pk for key, (_, pk) in largest.items()}
