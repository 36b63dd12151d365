"""Debts of what was found or decided late: netted, or returned by the provider within a term; and
the notice that is due (321/2020, clauses 53, 53-1, 53-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from qor.law.nouns.months import month_of
from qor.law.nouns.refusals import BadValue
from qor.law.reading.machines import Owner, machine, machine_names, state
from qor.law.rules.after_payment import WayBack, return_by, tell_by, way_back
from qor.workflow.accounts.models import User
from qor.workflow.acts.fundings import paid_days
from qor.workflow.acts.models import Act, ActLine, Closing, Debt, DebtTaken, Deduction, OtherSum
from qor.workflow.acts.service_account import ServiceAccount
from qor.workflow.audit.journal import record
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.models import Case, Notice
from qor.workflow.disputes.rights import NotYours
from qor.workflow.fields import total
from qor.workflow.ledger.entries import Entry, moved, post
from qor.workflow.ledger.postings import Account
from qor.workflow.ledger.sealing import open_ledger, record_sealed

TO_RETURN, RETURN_LATE, NOTICE_LATE = "money.to_return", "money.return_late", "money.notice_late"
_LEAST_MONTH = 28


def owe_later(deduction: Deduction, account: ServiceAccount, case: Case, at: datetime) -> Debt:
    """Owe what a later decision took: returned within its term where the defect was found after the
    payment, else netted.

    The provider is told of what it must return; a notice later than a month from the finding raises
    an alarm and decides nothing.
    Sources: 321/2020:53, 321/2020:53-1, 321/2020:53-2, 291/2020:19.
    """
    paid = _paid_on(account, case.found_on)
    way = way_back(case.found_on, paid)
    debt = Debt.objects.create(
        provider_id=deduction.provider_id,
        contract_no=deduction.contract_no,
        funding=deduction.funding,
        amount=deduction.taken_back + deduction.sanction,
        deduction=deduction,
        way=way.value,
        found_on=case.found_on,
    )
    if way is WayBack.RETURN:
        _ask_back(debt, told_on(case) or civil_day(at), at, case)
    return debt


def record_debt(other: OtherSum, at: datetime) -> Debt:
    """Owe another deduction that was entered: returned where it names the day on which a defect was
    found after the payment, else netted; posted.

    Sources: 291/2020:19, 321/2020:53, 321/2020:53-1, 321/2020:53-2.
    """
    moves = (moved(Account.OWED, Account.SANCTIONS, other.amount),)
    post(
        [
            Entry(
                moves,
                other.provider_id,
                other.contract_no,
                other.funding,
                None,
                f"other:{other.pk}",
            )
        ],
        at,
    )
    way = WayBack.NET if other.found_on is None else way_back(other.found_on, date.min)
    debt = Debt.objects.create(
        provider_id=other.provider_id,
        contract_no=other.contract_no,
        funding=other.funding,
        amount=other.amount,
        other=other,
        way=way.value,
        found_on=other.found_on,
    )
    if way is WayBack.RETURN:
        _ask_back(debt, civil_day(at), at, None)
    return debt


def return_money(debt_id: int, amount: Decimal, *, by: User, at: datetime) -> DebtTaken:
    """A provider returned money to the Fund's account; at most what is left of its debt. NotYours,
    BadValue. Sources: 321/2020:53-1."""
    if by.role not in {User.Role.HEAD_OFFICE, User.Role.ACCOUNTANT}:
        raise NotYours()
    with transaction.atomic():
        open_ledger()
        debt = Debt.objects.select_for_update(of=("self",)).get(pk=debt_id)
        if not 0 < amount <= debt.amount - total(debt.taken.all()):
            raise BadValue(field="amount", value=amount)
        returned = DebtTaken.objects.create(
            debt=debt, how=DebtTaken.How.RETURNED, funding=debt.funding, amount=amount
        )
        moves = (moved(Account.CASH, Account.OWED, amount),)
        post(
            [
                Entry(
                    moves,
                    debt.provider_id,
                    debt.contract_no,
                    debt.funding,
                    None,
                    f"returned:{returned.pk}",
                )
            ],
            at,
        )
        facts = {"amount": str(amount)}
        record_sealed(
            by=by.username, at=at, verb="return_money", subject=f"debt:{debt.pk}", facts=facts
        )
        return returned


def open_debts() -> QuerySet[Debt]:
    """Debts of which something is left, with what was settled of them (`so_far`), in the order of
    their terms."""
    settled = Debt.objects.annotate(so_far=Sum("taken__amount"))
    left = settled.filter(so_far__isnull=True) | settled.filter(so_far__lt=F("amount"))
    return left.select_related("provider", "deduction", "other").order_by("due_on", "pk")


def tick_debts(at: datetime) -> dict[str, int]:
    """Raise the alarm for money not returned in its term, and for defects found after the payment
    of which no provider was told in a month; once each.

    Nothing is decided: the rules give neither an outcome. Sources: 321/2020:53, 321/2020:53-1.
    """
    today, late = civil_day(at), 0
    for pk in list(
        open_debts()
        .filter(way=Debt.Way.RETURN, due_on__lt=today, late_since=None)
        .values_list("pk", flat=True)
    ):
        with transaction.atomic():
            open_ledger()
            if Debt.objects.filter(pk=pk, late_since=None).update(late_since=today):
                debt = Debt.objects.get(pk=pk)
                _alarm(RETURN_LATE, debt.due_on, None, at, f"debt:{pk}", changed=[pk])
                late += 1
    untold = 0
    for case in _untold(today):
        with transaction.atomic():
            Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            if not Notice.objects.filter(case=case, state=NOTICE_LATE).exists():
                _alarm(NOTICE_LATE, tell_by(case.found_on), case, at, f"case:{case.pk}")
                untold += 1
    return {"returns_late": late, "notices_late": untold}


def told_on(case: Case) -> date | None:
    """The day on which the provider learned of a finding: shown at once where it answers first,
    else when the Fund's decision reached it; None before."""
    if machine(case.route).states[machine(case.route).initial].owner in (Owner.PROVIDER, None):
        return case.shown_on
    for each in case.steps.order_by("pk"):
        route, _, name = each.to_state.partition(".")
        reached = state(route, name)
        if reached.owner is Owner.PROVIDER or reached.final:
            return civil_day(each.at)
    return None


def _paid_on(account: ServiceAccount, found_on: date) -> date | None:
    """The day on which all that was accepted of a service by a day was paid; None while any of it
    is not, or nothing was accepted by then.

    What a later act accepts of it (a part set free) does not turn a finding that was made after the
    payment into one made before it.
    """
    acts = Act.objects.filter(
        provider_id=account.provider_id,
        contract_no=account.contract_no,
        closing__month__in=list(account.accepted_in),
        closing__closed_on__lte=found_on,
    )
    days = paid_days(acts)
    paid = [days.get((act.pk, account.funding)) for act in acts]
    known = [day for day in paid if day is not None]
    return max(known) if known and len(known) == len(paid) else None


def _ask_back(debt: Debt, learned_on: date, at: datetime, case: Case | None) -> None:
    """Give a debt its terms, tell the provider, and raise the alarm where it was told too late."""
    if debt.found_on is None:
        raise ValueError(f"a debt without the day of its finding: {debt.pk}")
    debt.due_on, debt.tell_by, debt.told_on = (
        return_by(debt.found_on),
        tell_by(debt.found_on),
        learned_on,
    )
    debt.save(update_fields=["due_on", "tell_by", "told_on"])
    users = User.objects.filter(
        is_active=True, role=User.Role.PROVIDER, organisation_id=debt.provider_id
    )
    _notify(users, TO_RETURN, debt.due_on, case, at)
    if learned_on > debt.tell_by and not (
        case and Notice.objects.filter(case=case, state=NOTICE_LATE).exists()
    ):
        _alarm(NOTICE_LATE, debt.tell_by, case, at, f"debt:{debt.pk}")


def _alarm(
    what: str,
    due: date | None,
    case: Case | None,
    at: datetime,
    subject: str,
    changed: Sequence[int] = (),
) -> None:
    """Tell head office and the journal; `changed`: debts that the alarm itself changed."""
    _notify(User.objects.filter(is_active=True, role=User.Role.HEAD_OFFICE), what, due, case, at)
    verb, facts = what.removeprefix("money."), {"due_on": str(due)}
    if changed:
        record_sealed(
            by="clock", at=at, verb=verb, subject=subject, facts=facts, changed={"debt": changed}
        )
    else:
        record(by="clock", at=at, verb=verb, subject=subject, facts=facts)


def _notify(
    users: Iterable[User], what: str, due: date | None, case: Case | None, at: datetime
) -> None:
    of = "" if case else str(month_of(civil_day(at)))
    count = None if case else 1
    notices = [
        Notice(user=user, case=case, month=of, count=count, at=at, state=what, due_on=due)
        for user in users
    ]
    Notice.objects.bulk_create(notices)


def _untold(today: date) -> list[Case]:
    """Cases found after their month's acts were paid, whose provider was not told within a month
    from the finding, and that raised no alarm yet."""
    closed = dict(Closing.objects.values_list("month", "closed_on"))
    begin_with_provider = [
        name
        for name in machine_names()
        if machine(name).states[machine(name).initial].owner in (Owner.PROVIDER, None)
    ]
    after = (
        Case.objects.filter(
            month__in=closed, outcome="", found_on__lt=today - timedelta(days=_LEAST_MONTH)
        )
        .exclude(route__in=begin_with_provider)
        .exclude(notices__state=NOTICE_LATE)
    )
    untold = []
    for case in after.select_related("provider").order_by("pk").iterator():
        if (
            case.found_on > closed[case.month]
            and today > tell_by(case.found_on)
            and told_on(case) is None
        ):
            lines = ActLine.objects.filter(
                act__provider_id=case.provider_id,
                act__closing__month=case.month,
                service_month=case.month,
                care_form=case.care_form,
            )
            days = paid_days(Act.objects.filter(pk__in=lines.values("act")))
            known = [day for day in days.values() if day is not None]
            if known and len(known) == len(days) and case.found_on > max(known):
                untold.append(case)
    return untold
