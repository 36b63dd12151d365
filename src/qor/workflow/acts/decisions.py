"""What the cases of a service come to: whether any is still open, and the largest confirmed
deduction (interpretation several_deductions)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from qor.engine.settlement.norms import Norms
from qor.law.nouns.refusals import Refusal
from qor.law.nouns.states import Outcome
from qor.law.rules.deductions import deduction
from qor.workflow.acts.service_account import Key, in_chunks
from qor.workflow.disputes.law_day import law_day_of
from qor.workflow.disputes.models import Case

HOLDING = ("potential", "review")


@dataclass(slots=True)
class Decision:
    """The cases of a service: `open` while one is undecided, or confirmed without a sum; the
    largest confirmed deduction and the case it stands on."""

    open: bool = False
    stake: Decimal = Decimal(0)
    case: Case | None = None


def decisions_of(keys: Collection[Key], norms: Norms) -> dict[Key, Decision]:
    """The decisions on services, by (provider, service); of equal deductions that of the case made
    first counts. Sources: 291/2020:23, 321/2020:10."""
    decisions: dict[Key, Decision] = {}
    for providers, services in in_chunks(keys):
        cases = Case.objects.filter(
            provider__in=providers, service_id__in=services, kind__in=HOLDING
        )
        for case in cases.select_related("provider").order_by("pk"):
            if (case.provider_id, case.service_id) in keys:
                _count(
                    decisions.setdefault((case.provider_id, case.service_id), Decision()),
                    case,
                    norms,
                )
    return decisions


def priced_now(months: set[str], norms: Norms) -> Iterator[tuple[Case, Decimal | None]]:
    """The confirmed cases of months that had no sum at stake (reviews), each with what it takes
    now; None where there is no sum."""
    unpriced = Case.objects.filter(
        month__in=months,
        kind__in=HOLDING,
        outcome=Outcome.CONFIRMED,
        proposed_deduction__isnull=True,
    )
    for case in unpriced.select_related("provider").order_by("pk"):
        yield case, stake_of(case, _norm(case, norms))


def stake_of(case: Case, norm: Decimal | None) -> Decimal | None:
    """What a confirmed case takes: what was at stake, or what the classification gives for its code
    by the edition, and the norm, of the day its service ended (`norm` where the case holds none);
    None where there is no sum. Sources: 321/2020:10.
    """
    if case.proposed_deduction is not None:
        return Decimal(case.proposed_deduction)
    if not case.code:  # the classification has no code for it: nothing can be deducted
        return Decimal(0)
    try:
        return deduction(
            case.code, case.care_form, case.amount, law_day_of(case), case.norm or norm
        ).amount
    except Refusal:
        return None


def _norm(case: Case, norms: Norms) -> Decimal | None:
    return norms.on(str(case.provider.bin), case.care_form, law_day_of(case))


def _count(decision: Decision, case: Case, norms: Norms) -> None:
    if not case.outcome:
        decision.open = True
    if case.outcome != Outcome.CONFIRMED:
        return
    stake = stake_of(case, _norm(case, norms))
    if stake is None:
        decision.open = True
    elif decision.case is None or stake > decision.stake:
        decision.stake, decision.case = stake, case
