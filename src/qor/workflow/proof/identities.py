"""Every identity of acts, lines, ledger, deductions and orders, on any database; each names the
rows that break it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum

from qor.engine.storage.duck import Connection
from qor.engine.storage.steps import step_rows
from qor.law.nouns.states import ActState, Outcome
from qor.workflow.acts.fundings import sums_by_funding
from qor.workflow.acts.models import Act, Advance, Closing, HeldService, OtherSum, PenaltyFinding
from qor.workflow.acts.order_state import OrderState
from qor.workflow.acts.penalty_cases import CHECK
from qor.workflow.acts.retroactive import active
from qor.workflow.ledger.postings import Posting
from qor.workflow.proof.ceilings import accepted_above_year, paid_above_contract
from qor.workflow.proof.declared import proof_steps
from qor.workflow.proof.naming import name_acts
from qor.workflow.proof.proof import Place, Proof, proof_of
from qor.workflow.treasury.models import Order

# The identities that are asked in steps, in the order of the report.
_ASKED = (
    "claims_are_empty_after_a_closing",
    "each_act_is_payable_once",
    "lines_sum_to_their_act",
    "deductions_sum_to_their_act",
    "held_sums_to_its_act",
    "released_sums_to_its_act",
    "nothing_owed_below_zero",
    "no_deduction_without_a_cause",
    "debts_are_what_was_imposed",
    "what_was_imposed_is_a_debt",
    "advances_kept_at_most_once",
)


def identities(copy: Connection) -> list[Proof]:
    """Check every identity, those of steps in a copy of the money.

    Sources: 291/2020:4, 291/2020:13, 291/2020:19, 291/2020:23, 291/2020:27, 321/2020:10.
    """
    breaking = {name: _breaking(copy, name) for name in _ASKED}
    breaking |= {name: list(check()) for name, check in _CHECKS.items()}
    return [
        proof_of(name, _places(_SUBJECTS.get(name, "act"), wrong))
        for name, wrong in breaking.items()
    ]


def _breaking(copy: Connection, name: str) -> list[Any]:
    """The numbers of the rows that break an identity."""
    return [number for (number,) in step_rows(copy, proof_steps()[name])]


def _places(subject: str, wrong: Iterable[Any]) -> list[Place]:
    """What breaks a rule, by name; an act with its month, contract and provider."""
    numbers = sorted(set(wrong), key=str)
    if subject == "act":
        return name_acts("act_breaks", numbers)
    return [Place(f"{subject}_breaks", {"number": number}) for number in numbers]


def _acts_close() -> Iterable[int]:
    gross = (
        F("claimed")
        + F("released")
        + F("other_payments")
        - F("returned")
        - F("held")
        - F("disallowed")
        - F("beyond")
    )
    wrong = ~Q(accepted=gross - F("other_deductions")) | ~Q(
        to_pay=F("accepted") - F("advance_kept")
    )
    return Act.objects.filter(wrong).values_list("pk", flat=True)


def _deducted_without_decision() -> Iterable[int]:
    """Deductions whose case is not confirmed: rejected before the last closing and still not
    withdrawn, or never confirmed at all."""
    still = active().exclude(case__outcome=Outcome.CONFIRMED).exclude(case__outcome="")
    last = Closing.objects.order_by("-month").first()
    late = still.filter(case__entered_on__lt=last.closed_on) if last else still
    return late.values_list("pk", flat=True)


def _paid_twice() -> Iterable[int]:
    """Live orders of another sum than their act's of that funding, or of an act that is not
    signed."""
    live = Order.objects.exclude(state=Order.State.RETURNED).exclude(act__isnull=True)
    orders = list(live.select_related("act"))
    sums = sums_by_funding({order.act for order in orders if order.act is not None})
    apart = [
        order.pk
        for order in orders
        if order.act_id is not None
        and (
            (order.act_id, order.funding) not in sums
            or sums[order.act_id, order.funding].to_pay != order.amount
        )
    ]
    return [*apart, *live.filter(~Q(act__state=ActState.SIGNED)).values_list("pk", flat=True)]


def _held_and_paid() -> Iterable[int]:
    """Services set free by the act that held them, or by an act of an earlier month."""
    early = HeldService.objects.filter(
        released_by__closing__month__lte=F("held_by__closing__month")
    )
    return early.values_list("pk", flat=True)


def balances() -> dict[str, Decimal]:
    """The balance of each account by its postings, debits positive: one pass over the ledger."""
    by_account: dict[str, Decimal] = defaultdict(Decimal)
    for row in (
        Posting.objects.values("debit", "credit")
        .annotate(s=Sum("amount"))
        .order_by("debit", "credit")
    ):
        by_account[row["debit"]] += Decimal(row["s"])
        by_account[row["credit"]] -= Decimal(row["s"])
    return dict(by_account)


def _advances_unpaid_kept() -> Iterable[int]:
    """Advances of which something was kept though no order for them was ever made."""
    advances = Advance.objects.filter(kept__amount__gt=0).exclude(orders__state=OrderState.PAID)
    return advances.distinct().values_list("pk", flat=True)


def _penalties_for_other_cases() -> Iterable[int]:
    """Ties of a penalty to a case of another check or provider, or freed though the sum was not
    declined, or not freed though it was."""
    wrong = ~Q(case__check_slug=CHECK)
    for name in ("other", "proposed"):
        is_penalty = Q(
            **{
                f"{name}__ground": OtherSum.Ground.PENALTY,
                f"{name}__pays": False,
                f"{name}__provider": F("case__provider"),
            }
        )
        wrong |= Q(**{f"{name}__isnull": False}) & ~is_penalty
    is_declined = Q(proposed__decided_by__isnull=False, proposed__other__isnull=True)
    wrong |= Q(declined=True) & ~is_declined
    wrong |= Q(declined=False, proposed__isnull=False) & is_declined
    return PenaltyFinding.objects.filter(wrong).values_list("pk", flat=True)


_CHECKS: dict[str, Callable[[], Iterable[Any]]] = {
    "acts_close": _acts_close,
    "no_deduction_without_a_decision": _deducted_without_decision,
    "an_act_is_paid_once_and_exactly": _paid_twice,
    "released_after_held": _held_and_paid,
    "paid_within_the_contract": paid_above_contract,
    "accepted_within_each_year": accepted_above_year,
    "advances_kept_were_paid": _advances_unpaid_kept,
    "penalties_are_for_their_cases": _penalties_for_other_cases,
}
# What the numbers that break a rule are of; acts where none is named.
_SUBJECTS = {
    "nothing_owed_below_zero": "debt",
    "what_was_imposed_is_a_debt": "deduction",
    "advances_kept_at_most_once": "advance",
    "debts_are_what_was_imposed": "debt",
    "no_deduction_without_a_decision": "deduction",
    "no_deduction_without_a_cause": "deduction",
    "an_act_is_paid_once_and_exactly": "order",
    "released_after_held": "held",
    "paid_within_the_contract": "contract",
    "accepted_within_each_year": "contract",
    "advances_kept_were_paid": "advance",
    "penalties_are_for_their_cases": "penalty_finding",
}
