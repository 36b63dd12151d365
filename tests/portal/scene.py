"""A small Fund in which every page has something to show."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

from tests.workflow.people import World, an_act, at

from qor.workflow.accounts.actions import new_password
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Advance, Debt, ProposedSum
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.models import Case, DocumentRequest, Step
from qor.workflow.treasury.models import BankFile, Order

MONDAY = date(2026, 3, 2)


def scene(world: World) -> tuple[list[str], list[User]]:
    """Cases, an act with an order, an advance, a sum that waits, a request; the addresses of the
    pages and the people who look at them."""
    shown = world.case(on=MONDAY)
    disputed = apply_event(
        world.case(on=MONDAY).pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    made = an_act(world, claimed=Decimal("1000.00"))
    Order.objects.create(
        act=made,
        provider=made.provider,
        contract_no=made.contract_no,
        amount=made.to_pay,
        bank_day=date(2026, 3, 25),
        iban="KZ0",
        bic="DEMOKZKA",
    )
    common = {
        "provider": made.provider,
        "contract_no": made.contract_no,
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
    BankFile.objects.create(
        sha256=hashlib.sha256(b"x").hexdigest(),
        by="x",
        kind="csv",
        bank_day=date(2026, 3, 25),
        number=1,
        content=b"x",
        at=at(date(2026, 3, 20)),
    )
    asked = _request(disputed)
    alone = world.case(on=MONDAY, region="79")
    apply_event(alone.pk, "object", by=world.providers["79"], at=at(MONDAY), statement="x")
    Case.objects.filter(pk=alone.pk).update(assigned_to=None)
    Debt.objects.create(
        provider=made.provider,
        contract_no=made.contract_no,
        funding="tmkkk",
        amount=Decimal(5),
        way="return",
        found_on=MONDAY,
        due_on=date(2026, 9, 2),
    )
    assert disputed.assigned_to is not None
    new_password("payer", by=add_administrator(world), at=at(MONDAY))
    numbers = {"case": [shown.pk, disputed.pk], "act": [made.pk], "request": [asked.pk]}
    addresses = [
        "/cases/",
        *(f"/cases/{pk}/" for pk in numbers["case"]),
        "/acts/",
        *(f"/acts/{pk}/" for pk in numbers["act"]),
        f"/acts/{made.pk}/services/?form=outpatient&funding=tmkkk&of=2026-02&kind=",
        *(f"/requests/{pk}/" for pk in numbers["request"]),
        *(
            f"/{name}/"
            for name in (
                "registers requests contracts cash advances sums debts notices checks absences"
                " tokens overdue outages journal users users/invite users/requests"
                " organisations organisations/import"
                " security/password"
            ).split()
        ),
    ]
    people = (world.administrator, world.auditor, world.payer)
    addresses += [f"/users/{person.pk}/" for person in people]
    addresses += [f"/organisations/{person.organisation_id}/" for person in people]
    users = [
        world.providers["71"],
        disputed.assigned_to,
        world.office,
        world.administrator,
        world.auditor,
        world.accountants["71"],
        world.payer,
    ]
    return addresses, users


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
