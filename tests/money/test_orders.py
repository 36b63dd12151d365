"""Payment orders: made, sent in one file, paid or returned (291/2020:26); one bad payee stops its
own order only; what is late is told."""

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.money.bank import DAY, FORMS, FRIDAY, NEXT, lake_of, send, sign
from tests.workflow.people import World, an_act, at

from qor.law.nouns.identifiers import check_iban
from qor.workflow.acts.models import Act
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.models import Notice
from qor.workflow.treasury.cash import cash_plan, past_pay_by
from qor.workflow.treasury.models import BankFile, Order
from qor.workflow.treasury.notices import tell_of_unpaid
from qor.workflow.treasury.orders import (
    BankDayPast,
    NoSuchOrder,
    OrderStands,
    confirm_paid,
    make_orders,
    repeat_order,
    return_order,
    stopped_payments,
)
from qor.workflow.treasury.payees import NoBankAccount
from qor.workflow.treasury.sending import NothingToSend, UnknownFile, send_orders, sent_file

THOUSAND = Decimal("1000.00")


def two_acts(world: World) -> tuple[Act, Act]:
    """Two providers in two regions, both acts signed."""
    acts = an_act(world, "71", claimed=THOUSAND), an_act(world, "75", claimed=Decimal("500.00"))
    for act in acts:
        sign(act, world)
    return acts


def test_a_file_is_its_bytes(world: World, tmp_path: Path) -> None:
    """Named by its hash; fetched again it is the same; its orders stand in no second file, not even
    of another kind."""
    two_acts(world)
    orders = make_orders(lake_of(tmp_path, world), DAY, by="x", at=at(FRIDAY))
    sent = send("1c")
    assert sent.file.sha256 == hashlib.sha256(bytes(sent.file.content)).hexdigest()
    assert bytes(sent_file(sent.file.sha256).content) == bytes(sent.file.content)
    assert {order.pk for order in sent.orders} == {order.pk for order in orders}
    assert set(Order.objects.values_list("state", "file__sha256")) == {("sent", sent.file.sha256)}
    for kind in FORMS:
        with pytest.raises(NothingToSend):
            send(kind)
    assert Entry.objects.get(verb="send_orders").facts["sha256"] == sent.file.sha256


def test_a_sent_file_is_never_changed(world: World, tmp_path: Path) -> None:
    """The database refuses it; an unknown hash is refused in words; a sent order always stands in a
    file."""
    two_acts(world)
    make_orders(lake_of(tmp_path, world), DAY, by="x", at=at(FRIDAY))
    send()
    with pytest.raises(IntegrityError), transaction.atomic():
        BankFile.objects.update(content=b"other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.update(file=None)
    with pytest.raises(UnknownFile):
        sent_file("0" * 64)


def test_an_order_is_paid_only_when_it_was_sent(world: World, tmp_path: Path) -> None:
    """Made: neither paid nor repeated. Sent: paid or returned. Returned: made anew, sent again in a
    file of its own."""
    two_acts(world)
    lake = lake_of(tmp_path, world)
    first, second = make_orders(lake, DAY, by="x", at=at(FRIDAY))
    with pytest.raises(OrderStands):
        confirm_paid([first.pk], by="x", at=at(FRIDAY))
    with pytest.raises(OrderStands):
        repeat_order(lake, first.pk, DAY, by="x", at=at(FRIDAY))
    before = send().file
    assert confirm_paid([first.pk, second.pk], by="x", at=at(DAY)) == 2
    return_order(second.pk, by="x", at=at(DAY))
    again = repeat_order(lake, second.pk, DAY, by="x", at=at(DAY))
    after = send("pain001", DAY, DAY)
    assert [order.pk for order in after.orders] == [
        again.pk
    ] and after.file.number == before.number + 1
    assert Order.objects.get(pk=second.pk).file_id == before.pk, (
        "the returned order stays in the file it went out in"
    )


def test_an_order_that_is_not_there(world: World) -> None:
    """Refused by its number, nothing is paid (it used to be: all is well)."""
    with pytest.raises(NoSuchOrder):
        confirm_paid([4711], by="x", at=at(DAY))
    with pytest.raises(NoSuchOrder):
        return_order(4711, by="x", at=at(DAY))


def test_no_bank_day_in_the_past(world: World, tmp_path: Path) -> None:
    """Yesterday is refused when orders are made, repeated and sent; today is not (291/2020:26)."""
    two_acts(world)
    lake = lake_of(tmp_path, world)
    with pytest.raises(BankDayPast):
        make_orders(lake, DAY, by="x", at=at(NEXT))
    orders = make_orders(lake, DAY, by="x", at=at(DAY))
    with pytest.raises(BankDayPast):
        send_orders(DAY, FORMS["csv"], by="x", at=at(NEXT))
    return_order(orders[0].pk, by="x", at=at(NEXT))
    with pytest.raises(BankDayPast):
        repeat_order(lake, orders[0].pk, DAY, by="x", at=at(NEXT))
    assert repeat_order(lake, orders[0].pk, NEXT, by="x", at=at(NEXT)).bank_day == NEXT


@pytest.mark.parametrize(
    ("column", "value", "key"),
    [
        ("name", "«Әділет»\nСумма=999999.00", "bad_payee_name"),
        ("name", " ", "bad_payee_name"),
        ("name", "Әділ\u202eет", "bad_payee_name"),
        ("iban", check_iban("KZ", "9990000000000001")[:-1] + "2", "bad_account"),
        ("bic", "DEMO", "bad_bank"),
        ("region", "79", "no_bank_account"),
    ],
)
def test_one_bad_payee_stops_one_order(
    world: World, tmp_path: Path, column: str, value: str, key: str
) -> None:
    """Its own, with the reason; the other is made, sent and paid (case 19)."""
    two_acts(world)
    changed = {column: value} if column in {"iban", "bic"} else {}
    lake = lake_of(tmp_path, world, ("79", "75") if column == "region" else ("71", "75"), **changed)
    if column == "name":
        world.providers["71"].organisation.name_ru = value
        world.providers["71"].organisation.save()
    (order,) = make_orders(lake, DAY, by="x", at=at(FRIDAY))
    (stopped,) = stopped_payments(lake, DAY)
    assert (order.provider.region, stopped.provider.region, stopped.refusal.key) == (
        "75",
        "71",
        key,
    )
    assert [row[2] for row in Entry.objects.get(verb="make_orders").facts["stopped"]] == [key]
    assert confirm_paid([each.pk for each in send().orders], by="x", at=at(DAY)) == 1


def test_a_name_that_went_bad_after_the_order(world: World, tmp_path: Path) -> None:
    """Found when the file is written: that order stays made and is named, the file goes out without
    it."""
    two_acts(world)
    make_orders(lake_of(tmp_path, world), DAY, by="x", at=at(FRIDAY))
    world.providers["71"].organisation.name_ru = "А\x01"
    world.providers["71"].organisation.save()
    sent = send()
    assert [order.provider.region for order in sent.orders] == ["75"]
    assert [(each.provider.region, each.refusal.key) for each in sent.stopped] == [
        ("71", "bad_payee_name")
    ]
    assert Order.objects.get(provider__region="71").state == "made"


def test_a_repeated_order_says_what_stops_it(world: World, tmp_path: Path) -> None:
    """Without an account on that day it is refused by name."""
    two_acts(world)
    lake = lake_of(tmp_path, world, valid_to="2026-03-26")
    first, _ = make_orders(lake, DAY, by="x", at=at(FRIDAY))
    return_order(first.pk, by="x", at=at(FRIDAY))
    with pytest.raises(NoBankAccount):
        repeat_order(lake, first.pk, NEXT, by="x", at=at(FRIDAY))


def test_what_is_late_stands_on_a_list_and_is_told(world: World, tmp_path: Path) -> None:
    """Ten calendar days from the signature (291/2020:26): on the tenth not yet, on the eleventh;
    told once to who pays; gone when paid."""
    act, other = two_acts(world)
    lake = lake_of(tmp_path, world)
    last = act.signed_on or date(2026, 3, 30)
    act.refresh_from_db()
    last = act.pay_by or last
    after = date(last.year, last.month, last.day + 1)
    assert not past_pay_by(Act.objects.all(), last).exists() and tell_of_unpaid(at(last)) == 0
    assert {each.pk for each in past_pay_by(Act.objects.all(), after)} == {act.pk, other.pk}
    assert (tell_of_unpaid(at(after)), tell_of_unpaid(at(after))) == (1, 0)
    notice = Notice.objects.get(state="money.unpaid")
    assert (notice.user, notice.count, notice.due_on) == (world.payer, 2, last)
    orders = make_orders(lake, date(2026, 3, 31), by="x", at=at(after))
    send("csv", date(2026, 3, 31), after)
    assert past_pay_by(Act.objects.all(), after).count() == 2, "sent is not paid"
    assert [day.ordered for day in cash_plan(Act.objects.all())] == [Decimal("1500.00")]
    confirm_paid([order.pk for order in orders if order.act_id == act.pk], by="x", at=at(after))
    assert [each.pk for each in past_pay_by(Act.objects.all(), after)] == [other.pk]
    assert [(day.acts, day.to_pay) for day in cash_plan(Act.objects.all())] == [
        (1, Decimal("500.00"))
    ]
