"""What decisions made after a month was closed change: each service is reckoned anew, and the difference flows into the next act (291/2020:19).

A deduction that no longer stands is withdrawn before the next closing: its part of the price waits again, and goes back through the limits of its own month
like any service set free; its sanction is given back. What was confirmed after a service was paid becomes a debt.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from qor.workflow.disputes.models import Case
from qor.workflow.payments.ledger import Entry, deduction_entry, moved, post
from qor.workflow.payments.models import Act, Closing, Debt, Deduction, HeldService, OtherSum
from qor.workflow.payments.postings import Account
from qor.workflow.payments.tell import HOLDING, stake_of

Key = tuple[int, str]
Norms = dict[tuple[str, str], Decimal]
Settled = Callable[[list[tuple[str, str]]], dict[tuple[str, str], tuple[Decimal, Decimal]]]
_NOTHING = Decimal(0)
_SAME = {"provider": OuterRef("provider"), "service_id": OuterRef("service_id")}


def active() -> QuerySet[Deduction]:
    """The deductions for defects that stand: neither given back nor waiting again."""
    return Deduction.objects.filter(case__isnull=False, given_back__isnull=True, reopened__isnull=True)


def withdraw(norms: Norms, at: datetime) -> int:
    """Withdraw the deductions of services whose largest confirmed deduction, or the case it stands on, is another now; how many.

    A service with an open case waits.

    Sources: 291/2020:19, 321/2020:9, 321/2020:53.
    """
    done = 0
    for key in sorted(_changed()):
        provider, service = key
        held = list(active().filter(provider_id=provider, service_id=service).select_related("act", "case"))
        taken = sum((made.disallowed + made.sanction for made in held), _NOTHING)
        stands = all(made.case is not None and made.case.outcome == "confirmed" for made in held)
        if held and _settled_cases(key) and not (stands and largest_stake(key, norms) == taken):
            for made in held:
                _withdraw(made, at)
            done += len(held)
    return done


def take_later(closing: Closing, acts: list[Act], norms: Norms, settled: Settled, at: datetime) -> int:
    """Make debts of what was confirmed after its service was settled, less what was never paid of it; how many.

    `settled` gives (returned, beyond) of services by (BIN, service). Sources: 291/2020:19, 321/2020:53.
    """
    cases = _confirmed_without_deduction(closing)
    told = settled([(str(case.provider.bin), case.service_id) for case in cases])
    done, seen = 0, set[Key]()
    for case in cases:
        key = (case.provider_id, case.service_id)
        returned, beyond = told.get((str(case.provider.bin), case.service_id), (_NOTHING, _NOTHING))
        stake = largest_stake(key, norms) - beyond
        act = next((a for a in acts if a.provider_id == case.provider_id and a.contract_no), None)
        if key not in seen and not returned and stake > 0 and act is not None and _settled_cases(key):
            _take(case, act, stake, at)
            done += 1
        seen.add(key)
    return done


def largest_stake(key: Key, norms: Norms) -> Decimal:
    """The largest confirmed deduction of a service (interpretation several_deductions); nothing where no case is confirmed."""
    cases = Case.objects.filter(
        provider_id=key[0], service_id=key[1], outcome="confirmed", kind__in=HOLDING
    ).select_related("provider")
    stakes = (stake_of(case, norms.get((str(case.provider.bin), case.care_form))) for case in cases)
    return max((stake for stake in stakes if stake is not None), default=_NOTHING)


def _changed() -> set[Key]:
    """Services with a deduction whose case is not confirmed any more, or with another confirmed case above what was taken."""
    gone = active().exclude(case__outcome="confirmed").values_list("provider_id", "service_id")
    confirmed = Case.objects.filter(
        outcome="confirmed", kind__in=HOLDING, provider=OuterRef("provider"), service_id=OuterRef("service_id")
    )
    larger = confirmed.exclude(pk=OuterRef("case")).filter(
        Q(amount_at_stake__isnull=True) | Q(amount_at_stake__gt=OuterRef("disallowed"))
    )
    more = active().filter(Exists(larger)).values_list("provider_id", "service_id")
    return {*gone, *more}


def _settled_cases(key: Key) -> bool:
    """Whether no case that can hold the service is open."""
    return not Case.objects.filter(provider_id=key[0], service_id=key[1], outcome="", kind__in=HOLDING).exists()


def _withdraw(made: Deduction, at: datetime) -> None:
    if made.disallowed:
        HeldService.objects.create(
            provider_id=made.provider_id, service_id=made.service_id, contract_no=made.act.contract_no, care_form=made.care_form, funding=made.funding,
            service_month=made.service_month, ended_on=made.ended_on, amount=made.disallowed, short_death=False, unscaled=made.unscaled,
            held_by=made.act, reopens=made,
        )  # fmt: skip
        moves = (moved(Account.DISALLOWED, Account.HELD, made.disallowed),)
        post([Entry(moves, made.provider_id, made.act.contract_no, None, f"case:{made.case_id}")], at)
    if made.sanction:
        OtherSum.objects.create(
            provider_id=made.provider_id, contract_no=made.act.contract_no, pays=True, ground=OtherSum.Ground.LATER_DECISION, amount=made.sanction,
            words=f"case:{made.case_id}", deduction=made, at=at, by=None,
        )  # fmt: skip


def _take(case: Case, act: Act, stake: Decimal, at: datetime) -> None:
    made = Deduction.objects.create(
        act=act, provider_id=case.provider_id, service_id=case.service_id, care_form=case.care_form, service_month=case.month, case=case, reason="later",
        disallowed=_NOTHING, sanction=stake, ended_on=case.found_on,
    )  # fmt: skip
    Debt.objects.create(provider_id=case.provider_id, contract_no=act.contract_no, amount=stake, act=act)
    post([deduction_entry(made)], at)


def _confirmed_without_deduction(closing: Closing) -> list[Case]:
    """Confirmed cases of services settled at earlier closings, of which nothing stands as taken: the largest first."""
    earlier = Closing.objects.filter(month__lt=closing.month).values("month")
    found = (
        Case.objects.filter(
            Q(amount_at_stake__gt=0) | Q(amount_at_stake__isnull=True),
            month__in=earlier,
            outcome="confirmed",
            kind__in=HOLDING,
        )
        .exclude(Exists(active().filter(**_SAME)))
        .exclude(Exists(HeldService.objects.filter(released_by__isnull=True, **_SAME)))
    )
    return list(
        found.select_related("provider").order_by(
            "provider_id", "service_id", F("amount_at_stake").desc(nulls_last=True), "pk"
        )
    )
