"""Deny by default: every address, every role, own and foreign; and what the pages must never
show."""

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from tests.portal.lists import body
from tests.portal.test_signing_in import NOWHERE, OWN
from tests.workflow.people import World, an_act, at

from qor.interfaces.web.kernel.page import POST
from qor.interfaces.web.server.site import SITE
from qor.interfaces.web.server.urls import urlpatterns
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Act, Advance, ProposedSum
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.models import Case, DocumentRequest, Step
from qor.workflow.treasury.models import BankFile, Order

SignIn = Callable[[User], Client]
_OPEN = {"account_login", "mfa_authenticate", "sign_out", "language", "api_registers"}
_DISPUTING = {"provider", "expert", "head_office"}
_MONEY = {"provider", "head_office", "auditor", "accountant", "payer"}
# Which role finds what at an address about its own case: everything else is 404. Methods that an
# address does not take are 405.
ALLOWED = {
    "home": {
        "provider",
        "expert",
        "head_office",
        "administrator",
        "auditor",
        "accountant",
        "payer",
    },
    "acts": _MONEY,
    "act": _MONEY,
    "act_paper": _MONEY,
    "act_services": _MONEY,
    "act_move": {"provider", "accountant", "payer"},
    "act_other": {"head_office", "accountant", "payer"},
    "contracts": _MONEY,
    "cash": _MONEY - {"provider"},
    "debts": _MONEY,
    "orders_make": {"payer"},
    "order_told": {"payer"},
    "orders_send": {"payer"},
    "bank_file": {"payer"},
    "advances": _MONEY,
    "advance_refund": {"head_office", "accountant", "payer"},
    "sums": _MONEY - {"provider"},
    "sum_decide": {"head_office", "accountant", "payer"},
    "cases": _DISPUTING | {"auditor"},
    "cases_export": _DISPUTING | {"auditor"},
    "cases_together": _DISPUTING,
    "case": _DISPUTING | {"auditor"},
    "case_act": _DISPUTING,
    "case_remark": {"provider", "expert"},
    "case_person": {"expert", "head_office"},
    "case_reassign": {"head_office"},
    "case_stake": {"head_office"},
    "attachment": set(),
    "registers": {"provider"},
    "register_try": {"provider"},
    "register_hand_in": {"provider"},
    "register_sign": {"provider"},
    "register_statuses": {"provider"},
    "requests": {"provider"},
    "document_request": {"provider"},
    "notices": _DISPUTING | {"accountant", "payer"},
    "checks": {"head_office"},
    "absences": {"head_office"},
    "tokens": {"administrator"},
    "overdue": {"head_office", "auditor"},
    "outages": {"head_office"},
    "journal": {"head_office", "auditor"},
    "users": {"administrator"},
    "demo_clock": set(),
}
# A page that the table does not name is held to the roles of its own line.
ALLOWED |= {
    page.name: set(page.roles) | ({"payer"} if "accountant" in page.roles else set())
    for page in SITE
    if page.name not in set(ALLOWED) | _OPEN | OWN
}
_POST = {page.name for page in SITE if page.takes == POST}
_OF_AN_ACT = {"act", "act_move", "act_other", "act_paper", "act_services"}
_OF_A_REGION = {"advance_refund", "sum_decide"}
# What a page wants beside its address, and forms beside what all are sent; a list refuses what it
# does not know.
_ASKED = {"act_services": {"form": "outpatient", "funding": "tmkkk", "of": "2026-02", "kind": ""}}
_SENT = {
    "order_told": {"event": "paid"},
    "sum_decide": {"event": "accept"},
    "saved_views": {"event": "save", "list": "notices", "name": "x"},
}
_OF_A_CASE = {"case", "case_act", "case_remark", "case_person", "case_reassign", "case_stake"}


def _users(world: World, reviewer: User) -> dict[str, User]:
    return {
        "provider": world.providers["71"],
        "expert": reviewer,
        "head_office": world.office,
        "administrator": world.administrator,
        "auditor": world.auditor,
        "accountant": world.accountants["71"],
        "payer": world.payer,
    }


def _ask(client: Client, name: str, pk: int) -> int:
    address = _address(name, pk)
    if name in _POST:
        answer = client.post(address, _sent() | _SENT.get(name, {}))
    else:
        answer = client.get(address, _ASKED.get(name, {}))
    body(answer)  # a file that nobody reads stays open
    return answer.status_code


def _address(name: str, pk: int) -> str:
    kwargs: dict[str, Any] = {
        "register_statuses": {"of": "2026-02"},
        "bank_file": {"sha256": hashlib.sha256(b"x").hexdigest()},
    }.get(name, {})
    if name in _OF_A_CASE or name == "attachment":
        kwargs = {"pk": pk}
    if name == "document_request":
        kwargs = {"pk": _asked_of(pk).pk}
    if name in _OF_AN_ACT:
        kwargs = {"pk": Act.objects.get().pk} | (
            {"paper": "act", "kind": "xlsx"} if name == "act_paper" else {}
        )
    if name in {"user", "organisation"}:
        office = User.objects.get(username="office")
        kwargs = {"pk": office.pk if name == "user" else office.organisation_id}
    if name == "order_told":
        kwargs = {"pk": Order.objects.get().pk}
    if name == "advance_refund":
        kwargs = {"pk": Advance.objects.get().pk}
    if name == "sum_decide":
        ProposedSum.objects.update(decided_by=None, decided_at=None, other=None)
        kwargs = {"pk": ProposedSum.objects.get().pk}
    return reverse(name, kwargs=kwargs)


def _asked_of(case_id: int) -> DocumentRequest:
    """A request for documents in a case, made once."""
    case = Case.objects.get(pk=case_id)
    here = f"{case.route}.{case.state}"
    step = Step.objects.create(
        case=case,
        at=at(date(2026, 3, 2)),
        event="request_documents",
        from_state=here,
        to_state=here,
    )
    return DocumentRequest.objects.create(step=step, due_on=date(2026, 3, 10))


def _sent() -> dict[str, Any]:
    """What forms send: enough for each to be understood."""
    return {
        "statement": "x",
        "why": "x",
        "to": User.objects.filter(role="expert").first().pk,
        "form": "outpatient",
        "funding": "tmkkk",
        "of": "2026-02",
        "bank_day": "2026-03-25",
        "pays": "yes",
        "ground": "court",
        "amount": "10",
        "kind": "csv",
    }


def _paid_act(world: World) -> None:
    """An act of the provider of region 71 with its order, an advance, a sum that waits for a second
    person, a file that was sent."""
    act = an_act(world, claimed=Decimal("1000.00"))
    Order.objects.create(
        act=act,
        provider=act.provider,
        contract_no=act.contract_no,
        amount=act.to_pay,
        bank_day=date(2026, 3, 25),
        iban="KZ0",
        bic="DEMOKZKA",
    )
    common = {
        "provider": act.provider,
        "contract_no": act.contract_no,
        "funding": "tmkkk",
        "at": at(date(2026, 3, 20)),
    }
    Advance.objects.create(
        kind="general", amount=Decimal(100), first_month="2026-02", by=world.payer, **common
    )
    ProposedSum.objects.create(
        pays=True,
        ground="court",
        amount=Decimal(10),
        statement="x",
        by=world.experts["71"][0],
        **common,
    )
    facts = {
        "kind": "csv",
        "bank_day": date(2026, 3, 25),
        "number": 1,
        "content": b"x",
        "at": at(date(2026, 3, 20)),
    }
    BankFile.objects.create(sha256=hashlib.sha256(b"x").hexdigest(), by="x", **facts)


def test_every_address_is_in_the_table() -> None:
    """A new page must say who may open it."""
    assert {pattern.name for pattern in urlpatterns} == set(ALLOWED) | _OPEN | OWN | NOWHERE
    assert get_resolver().url_patterns


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_who_opens_what(name: str, world: World, signed_in: SignIn) -> None:
    """Each role, on a case that is its own to see; the others find nothing there."""
    case = apply_event(
        world.case(on=date(2026, 3, 2)).pk,
        "object",
        by=world.providers["71"],
        at=at(date(2026, 3, 2)),
        statement="x",
    )
    assert case.assigned_to is not None
    _paid_act(world)
    for role, user in _users(world, case.assigned_to).items():
        status = _ask(signed_in(user), name, case.pk)
        assert (status != 404) == (role in ALLOWED[name]), (name, role, status)
        assert status < 500


@pytest.mark.parametrize("name", sorted(_OF_A_CASE))
def test_a_foreign_case_is_not_there(name: str, world: World, signed_in: SignIn) -> None:
    """Another provider, an expert who never had it: as if it did not exist."""
    case = world.case()
    for user in (world.providers["75"], world.experts["71"][0], world.administrator):
        assert _ask(signed_in(user), name, case.pk) == 404
        assert _ask(signed_in(user), "document_request", case.pk) == 404


@pytest.mark.parametrize("name", sorted(_OF_AN_ACT))
def test_a_foreign_act_is_not_there(name: str, world: World, signed_in: SignIn) -> None:
    """Another provider, another region's accountant: as if it did not exist."""
    an_act(world, claimed=Decimal("1000.00"))
    for user in (
        world.providers["75"],
        world.accountants["75"],
        world.experts["71"][0],
        world.administrator,
    ):
        assert _ask(signed_in(user), name, 0) == 404


@pytest.mark.parametrize("name", sorted(_OF_A_REGION))
def test_the_money_of_another_region_is_not_there(
    name: str, world: World, signed_in: SignIn
) -> None:
    """Another region's accountant neither refunds nor confirms here; the same page of its own shows
    nothing of it."""
    _paid_act(world)
    client = signed_in(world.accountants["75"])
    assert _ask(client, name, 0) == 404
    page = client.get("/advances/" if name == "advance_refund" else "/sums/").content.decode()
    assert (
        "K-71" not in page
        and "K-71" in signed_in(world.accountants["71"]).get("/sums/").content.decode()
    )


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_nobody_without_signing_in(name: str, world: World) -> None:
    """Asked to sign in, or nothing there."""
    case = world.case()
    _paid_act(world)
    assert _ask(Client(), name, case.pk) in {302, 404, 405}


def test_the_provider_sees_no_reviewer_and_no_algorithm(world: World, signed_in: SignIn) -> None:
    """Clauses 15 and 33: code and facts, not names or SQL."""
    case = apply_event(
        world.case().pk,
        "object",
        by=world.providers["71"],
        at=at(date(2026, 3, 2)),
        statement="mine",
    )
    reviewer = case.assigned_to
    assert reviewer is not None
    apply_event(case.pk, "confirm", by=reviewer, at=at(date(2026, 3, 2)), statement="their reason")
    page = signed_in(world.providers["71"]).get(f"/cases/{case.pk}/").content.decode()
    assert "their reason" in page
    assert reviewer.username not in page
    assert "SELECT" not in page


def test_opening_a_persons_services_is_recorded(world: World, signed_in: SignIn) -> None:
    """Who, when, why; without a why nothing opens."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(date(2026, 3, 2)), statement="x"
    )
    assert case.assigned_to is not None
    client = signed_in(case.assigned_to)
    assert client.post(f"/cases/{case.pk}/person/", {"why": ""}).status_code == 409
    assert not Entry.objects.filter(verb="open_person").exists()
    assert (
        client.post(f"/cases/{case.pk}/person/", {"why": "to see the other stay"}).status_code
        == 200
    )
    entry = Entry.objects.get(verb="open_person")
    assert (entry.by, entry.facts["why"]) == (case.assigned_to.username, "to see the other stay")
