"""The demo's money: months brought in, disputed, decided, closed, signed and paid, by its invented
people, on given days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import cycle

from qor.engine.storage.lake import Lake
from qor.interfaces.web.features.treasury.orders import format_of
from qor.law.nouns.months import Month
from qor.law.nouns.states import CaseState, Route
from qor.law.reading.calendar import add_working_days, is_working_day
from qor.law.rules.advances import AdvanceKind
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.actions import move
from qor.workflow.acts.closing import Closed, close_acts
from qor.workflow.acts.models import Act, OtherSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.disputes.actions import apply_event, tick
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.open_cases import open_cases
from qor.workflow.treasury.advances import AdvanceAsked, grant_advance
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.orders import confirm_paid, make_orders, repeat_order, return_order
from qor.workflow.treasury.sending import send_orders

DISPUTED = 24
_STATEMENT = "демо"
_CLOSING_DAY = 20


@dataclass(frozen=True, slots=True)
class Played:
    """What a month came to: the closing, what was paid, how many disputes were decided in
    between."""

    closed: Closed
    disputed: int
    paid: Decimal
    orders: int


def grant_demo_advance(lake: Lake, month: Month) -> None:
    """An advance of a round sum to the first provider, paid at once and kept back from the month
    on."""
    accountant = User.objects.filter(
        role=User.Role.ACCOUNTANT, organisation__kind=Organisation.Kind.HEAD_OFFICE
    ).get()
    provider = User.objects.filter(role=User.Role.PROVIDER).order_by("pk")[0].organisation
    if provider is None:
        return
    asked = AdvanceAsked(
        provider, "K-0", AdvanceKind.GENERAL, Decimal("1100000.00"), month, "tmkkk", excepted=True
    )
    grant_advance(lake, asked, by=accountant, at=_moment(month.first))
    _to_the_bank(lake, _bank_day(month.first), _moment(month.first))


def play_month(lake: Lake, month: Month, found_on: date) -> Played:
    """A month from its findings to the bank: some disputes to an end, silence for the rest,
    protocols agreed (one refused first), acts paid."""
    _decide_waiting(month, found_on)
    open_cases(lake, month, by="demo", at=_moment(found_on))
    disputed = _dispute(month, found_on)
    closed_on = date(found_on.year, found_on.month, _CLOSING_DAY)
    tick(_moment(closed_on))
    closed = close_acts(lake, month, by="demo", at=_moment(closed_on))
    acts = list(
        Act.objects.filter(closing__month=str(month))
        .exclude(contract_no="")
        .select_related("provider")
        .order_by("pk")
    )
    day = _bank_day(closed_on + timedelta(days=1))
    if acts:
        _refuse_first(acts[0], day)
    for each in acts:
        _sign(each, day)
    return _pay(lake, closed, disputed, _bank_day(day + timedelta(days=5)))


def _decide_waiting(month: Month, on: date) -> None:
    """What the Fund had to look at in earlier months is decided: deaths and looks without a defect,
    services outside the contract confirmed."""
    decided = {"lethal": "find_no_defect", "look": "find_no_defect", "code_11": "confirm"}
    waiting = Case.objects.filter(
        month__lt=str(month), outcome="", assigned_to__isnull=False, route__in=decided
    )
    for case in waiting.select_related("assigned_to").order_by("pk"):
        if case.assigned_to is not None:
            lethal = False if case.route == "lethal" else None
            apply_event(
                case.pk,
                decided[case.route],
                by=case.assigned_to,
                at=_moment(on),
                statement=_STATEMENT,
                preventable=lethal,
            )


def _dispute(month: Month, found_on: date) -> int:
    """Providers object to some findings; experts of other regions reject and confirm in turn; who
    is confirmed lets it rest."""
    answers = cycle(("reject", "confirm"))
    open_ = Case.objects.filter(
        month=str(month), route=Route.OBJECTION, state=CaseState.DETECTED
    ).select_related("provider")
    objected = list(open_.order_by("provider__bin", "service_id")[:DISPUTED])
    objected_at = _moment(add_working_days(found_on, 2))
    for case in objected:
        user = User.objects.get(role=User.Role.PROVIDER, organisation=case.provider)
        apply_event(case.pk, "object", by=user, at=objected_at, statement=_STATEMENT)
    for case in objected:
        case.refresh_from_db()
        if case.assigned_to is not None:
            apply_event(
                case.pk,
                next(answers),
                by=case.assigned_to,
                at=objected_at + timedelta(hours=4),
                statement=_STATEMENT,
            )
    return len(objected)


def _refuse_first(first: Act, day: date) -> None:
    """One provider finds a payment missing: the protocol is refused, corrected and sent again."""
    provider, accountant = _users(first)
    move(first.pk, "refuse", by=provider, at=_moment(day), statement=_STATEMENT)
    sum_ = Other(
        first.provider,
        first.contract_no,
        True,
        OtherSum.Ground.RECONCILIATION,
        Decimal("25000.00"),
        _STATEMENT,
        "tmkkk",
    )
    enter_other(
        sum_,
        by=User.objects.get(
            role=User.Role.ACCOUNTANT, organisation__kind=Organisation.Kind.HEAD_OFFICE
        ),
        at=_moment(day),
    )
    move(first.pk, "correct", by=accountant, at=_moment(day), statement=_STATEMENT)


def _sign(each: Act, day: date) -> None:
    provider, accountant = _users(each)
    move(each.pk, "agree", by=provider, at=_moment(day))
    move(each.pk, "sign", by=provider, at=_moment(day))
    move(each.pk, "countersign", by=accountant, at=_moment(day))


def _pay(lake: Lake, closed: Closed, disputed: int, bank_day: date) -> Played:
    """Orders of the bank day; the bank sends one back, and it is repeated."""
    at = _moment(bank_day)
    orders = _to_the_bank(lake, bank_day, at)
    if orders:
        return_order(orders[0].pk, by="demo", at=at)
        again = repeat_order(lake, orders[0].pk, bank_day, by="demo", at=at)
        send_orders(bank_day, format_of("pain001"), by="demo", at=at)
        confirm_paid([again.pk], by="demo", at=at)
    return Played(
        closed, disputed, sum((order.amount for order in orders), Decimal(0)), len(orders)
    )


def _to_the_bank(lake: Lake, bank_day: date, at: datetime) -> list[Order]:
    """The orders of a bank day: made, sent in a file, paid."""
    orders = make_orders(lake, bank_day, by="demo", at=at)
    if orders:
        send_orders(bank_day, format_of("pain001"), by="demo", at=at)
        confirm_paid([order.pk for order in orders], by="demo", at=at)
    return orders


def _users(each: Act) -> tuple[User, User]:
    provider = User.objects.get(role=User.Role.PROVIDER, organisation=each.provider)
    return provider, User.objects.get(
        role=User.Role.ACCOUNTANT,
        organisation__kind=Organisation.Kind.BRANCH,
        organisation__region=each.provider.region,
    )


def _bank_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
