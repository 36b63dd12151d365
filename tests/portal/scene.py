"""A small Fund in which every page has something to show."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

from tests.workflow.people import World, an_act, at

from qor.workflow.accounts.actions import new_password
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Act, Advance, Debt, ProposedSum
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.models import Case, DocumentRequest, Step
from qor.workflow.treasury.models import BankFile, Order

MONDAY = date(2026, 3, 2)
LISTS = (
    "registers requests contracts cash advances sums debts notices checks absences tokens overdue"
    " outages journal users users/invite users/requests organisations organisations/import"
    " security/password"
).split()


def scene(world: World) -> tuple[list[str], list[User]]:
    """Cases, an act with an order, an advance, a sum that waits, a request; the addresses of the
    pages and the people who look at them."""
    shown = world.case(on=MONDAY)
    disputed = apply_event(
        world.case(on=MONDAY).pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    act = an_act(world, claimed=Decimal("1000.00"))
    _money(world, act)
    asked = _request(disputed)
    _unassigned(world)
    assert disputed.assigned_to is not None
    new_password("payer", by=add_administrator(world), at=at(MONDAY))
    users = [
        world.providers["71"],
        disputed.assigned_to,
        world.office,
        world.administrator,
        world.auditor,
        world.accountants["71"],
        world.payer,
    ]
    return [*_addresses([shown, disputed], act, asked), *_addresses_of_people(world)], users


def _money(world: World, act: Act) -> None:
    """An order of the act, an advance, a sum that waits for a second person, a bank file and a
    debt."""
    Order.objects.create(
        act=act,
        provider=act.provider,
        contract_no=act.contract_no,
        amount=act.to_pay,
        bank_day=date(2026, 3, 25),
        iban="KZ0",
        bic="DEMOKZKA",
    )
    contract = {"provider": act.provider, "contract_no": act.contract_no, "funding": "tmkkk"}
    entered = contract | {"at": at(date(2026, 3, 20))}
    Advance.objects.create(
        kind="general", amount=Decimal(100), first_month="2026-02", by=world.payer, **entered
    )
    expert = world.experts["71"][0]
    ProposedSum.objects.create(
        pays=True, ground="court", amount=Decimal(10), statement="x", by=expert, **entered
    )
    BankFile.objects.create(
        sha256=hashlib.sha256(b"x").hexdigest(),
        by="x",
        kind="csv",
        bank_day=date(2026, 3, 25),
        number=1,
        content=b"x",
        at=at(date(2026, 3, 20)),
    )
    Debt.objects.create(
        amount=Decimal(5), way="return", found_on=MONDAY, due_on=date(2026, 9, 2), **contract
    )


def _unassigned(world: World) -> None:
    """A dispute that nobody has to decide."""
    case = world.case(on=MONDAY, region="79")
    apply_event(case.pk, "object", by=world.providers["79"], at=at(MONDAY), statement="x")
    Case.objects.filter(pk=case.pk).update(assigned_to=None)


def _addresses(cases: list[Case], act: Act, request: DocumentRequest) -> list[str]:
    """The pages of the work: lists, and each of these things."""
    return [
        "/cases/",
        *(f"/cases/{case.pk}/" for case in cases),
        "/acts/",
        f"/acts/{act.pk}/",
        f"/acts/{act.pk}/services/?form=outpatient&funding=tmkkk&of=2026-02&kind=",
        f"/requests/{request.pk}/",
        *(f"/{name}/" for name in LISTS),
    ]


def _addresses_of_people(world: World) -> list[str]:
    """The pages of three users and of their organisations."""
    people = (world.administrator, world.auditor, world.payer)
    return [
        *(f"/users/{person.pk}/" for person in people),
        *(f"/organisations/{person.organisation_id}/" for person in people),
    ]


def add_administrator(world: World, name: str = "admin2") -> User:
    """One more administrator of the same Fund."""
    return User.objects.create(
        username=name, role="administrator", organisation=world.administrator.organisation
    )


def _request(case: Case) -> DocumentRequest:
    here = f"{case.route}.{case.state}"
    step = Step.objects.create(
        case=case, at=at(MONDAY), event="request_documents", from_state=here, to_state=here
    )
    return DocumentRequest.objects.create(step=step, due_on=date(2026, 3, 10))
