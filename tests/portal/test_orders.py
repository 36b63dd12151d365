"""The pages of orders: made, sent in a file, fetched again, paid; what stops one, what is late;
refunds and second persons."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.money.bank import FORMS, lake_of, sign
from tests.workflow.people import World, an_act, at, seal

from qor.interfaces.clock import today
from qor.interfaces.web.features.disputes.notices import worded
from qor.interfaces.web.features.treasury.paying import next_bank_day
from qor.law.reading.figures import figure
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Advance, OtherSum, ProposedSum
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.models import Notice
from qor.workflow.treasury.cash import paid_by_source
from qor.workflow.treasury.models import BankFile, Order
from qor.workflow.treasury.notices import UNPAID, tell_of_unpaid
from qor.workflow.treasury.orders import confirm_paid, make_orders
from qor.workflow.treasury.sending import send_orders

SignIn = Callable[[User], Client]


@pytest.fixture
def day(world: World, settings: Any, tmp_path: Path) -> date:
    """The next bank day; two providers with accounts and a signed act each, a third without an
    account."""
    lake = lake_of(tmp_path, world)
    settings.QOR_LAKE = str(lake.root)
    for region in ("71", "75", "79"):
        sign(an_act(world, region, claimed=Decimal(1000)), world)
    return next_bank_day(today())


def page_of(client: Client, address: str) -> str:
    """A page's text."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("kind", ["pain001", "1c", "csv"])
def test_from_the_order_to_the_bank(day: date, kind: str, world: World, signed_in: SignIn) -> None:
    """One button makes, one sends; the file is fetched twice, the same bytes under its hash, and
    each time the journal says whose bank file left; no second file; each order is paid or
    returned."""
    client = signed_in(world.payer)
    page = client.post("/cash/orders/", {"bank_day": day.isoformat()}, follow=True).content.decode()
    assert "bank_accounts" in page and Order.objects.count() == 2, (
        "the one without an account is named"
    )
    client.post("/cash/send/", {"bank_day": day.isoformat(), "kind": kind})
    file = BankFile.objects.get()
    address = f"/cash/files/{file.sha256}/"
    assert address in page_of(client, "/cash/")
    answers = [client.get(address) for _ in range(2)]
    assert {answer.content for answer in answers} == {bytes(file.content)}
    assert file.sha256 in answers[0].headers["Content-Disposition"]
    fetched = Entry.objects.filter(verb="bank_file", by=world.payer.username, subject=address)
    assert fetched.count() == 2 and not Entry.objects.filter(verb="download").exists()
    assert (
        client.post("/cash/send/", {"bank_day": day.isoformat(), "kind": "csv"}).status_code == 409
    )
    first, second = Order.objects.order_by("pk")
    client.post(f"/cash/orders/{first.pk}/", {"event": "paid"})
    assert paid_by_source(Order.objects.all()) == {first.funding: first.amount}
    client.post(f"/cash/orders/{second.pk}/", {"event": "returned"})
    assert paid_by_source(Order.objects.all()) == {first.funding: first.amount}
    assert list(Order.objects.order_by("pk").values_list("state", flat=True)) == [
        "paid",
        "returned",
    ]


def test_a_past_bank_day_is_refused_in_words(day: date, world: World, signed_in: SignIn) -> None:
    """Nothing is made; so is an unknown kind of file, and a file for a branch's accountant."""
    past = today() - timedelta(days=1)
    while next_bank_day(past) != past:
        past -= timedelta(days=1)
    client = signed_in(world.payer)
    answer = client.post("/cash/orders/", {"bank_day": past.isoformat()})
    assert (answer.status_code, Order.objects.count()) == (409, 0)
    assert past.strftime("%d.%m.%Y") in answer.content.decode()
    assert (
        client.post("/cash/send/", {"bank_day": day.isoformat(), "kind": "exe"}).status_code == 404
    )
    assert client.get(f"/cash/files/{'0' * 64}/").status_code == 404
    assert (
        signed_in(world.accountants["71"])
        .post("/cash/send/", {"bank_day": day.isoformat(), "kind": "csv"})
        .status_code
        == 404
    )


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_what_is_late_stands_on_the_page(
    day: date, language: str, world: World, signed_in: SignIn
) -> None:
    """Signed in March, never paid: each act by its number, with what stops its order; a branch sees
    its region's."""
    act = world.providers["79"].organisation.acts.get()  # type: ignore[union-attr]
    for user in (world.payer, world.accountants["79"], world.office):
        client = signed_in(user)
        client.post("/language/", {"language": language, "back": "/"})
        assert f"/acts/{act.pk}/" in page_of(client, "/cash/")
    assert f"/acts/{act.pk}/" not in page_of(signed_in(world.accountants["71"]), "/cash/")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("kk", "мерзімінде төленбеген"), ("ru", "не оплачен в срок"), ("en", "not paid in time")],
)
def test_who_pays_is_told_of_late_acts(
    day: date, language: str, sentence: str, world: World, signed_in: SignIn
) -> None:
    """In the portal and by e-mail, in their language, with the way to the list."""
    assert tell_of_unpaid(at(day)) == 1
    client = signed_in(world.payer)
    client.post("/language/", {"language": language, "back": "/"})
    page = page_of(client, "/notices/")
    assert sentence in page and 'href="/cash/"' in page
    notice = Notice.objects.get(user=world.payer, state=UNPAID)
    notice.user.language = language
    assert sentence in worded(notice)[1]


def test_a_refund_on_the_page(day: date, world: World, signed_in: SignIn, settings: Any) -> None:
    """Only of what was paid: the form is there then; the rest is refused with what is left."""
    from qor.engine.storage.lake import Lake

    provider = world.providers["71"].organisation
    advance = Advance.objects.create(
        provider=provider,
        contract_no="K-71",
        funding="tmkkk",
        kind="general",
        amount=Decimal(300),
        first_month="2026-04",
        at=at(date(2026, 3, 20)),
        by=world.payer,
    )
    seal()
    client = signed_in(world.accountants["71"])
    refund = f"/advances/{advance.pk}/refund/"
    assert refund not in page_of(client, "/advances/")
    assert client.post(refund, {"amount": "1"}).status_code == 409
    moment = at(day)
    make_orders(Lake(Path(settings.QOR_LAKE)), day, by="x", at=moment)
    send_orders(day, FORMS["csv"], by="x", at=moment)
    confirm_paid(list(Order.objects.values_list("pk", flat=True)), by="x", at=moment)
    assert refund in page_of(client, "/advances/") and refund not in page_of(
        signed_in(world.providers["71"]), "/advances/"
    )
    assert client.post(refund, {"amount": "300.01"}).status_code == 409
    assert client.post(refund, {"amount": "300.00"}).status_code == 302
    assert refund not in page_of(client, "/advances/")


def test_a_second_person_on_the_page(day: date, world: World, signed_in: SignIn) -> None:
    """A large sum waits; who entered it has no buttons and is refused; another accepts."""
    act = world.providers["71"].organisation.acts.get()  # type: ignore[union-attr]
    large = figure("second_person_sum", today()).value + 1
    first, second = signed_in(world.accountants["71"]), signed_in(world.office)
    first.post(
        f"/acts/{act.pk}/other/",
        {"pays": "yes", "ground": "court", "amount": str(large), "statement": "by the court"},
    )
    waits = ProposedSum.objects.get()
    address = f"/sums/{waits.pk}/"
    assert "by the court" in page_of(first, "/sums/") and address not in page_of(first, "/sums/")
    assert (
        first.post(address, {"event": "accept"}).status_code == 409
        and not OtherSum.objects.exists()
    )
    assert address in page_of(second, "/sums/") and address not in page_of(
        signed_in(world.auditor), "/sums/"
    )
    second.post(address, {"event": "accept"})
    assert OtherSum.objects.get().amount == large and "by the court" not in page_of(first, "/sums/")
