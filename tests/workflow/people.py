"""Organisations, users and cases for tests of the workflow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from qor.engine.simulate.world import provider_bins
from qor.law.reading.machines import due_on, machine
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.entries import line_entry
from qor.workflow.acts.models import Act, ActLine, Closing
from qor.workflow.disputes.assignment import assignee
from qor.workflow.disputes.models import Case
from qor.workflow.ledger.entries import post
from qor.workflow.ledger.sealing import record_sealed

PASSWORD = "correct-horse-battery"
REGIONS = ("71", "75", "79")
_SUMS = ("claimed", "released", "returned", "held", "disallowed", "beyond")


def at(day: date, hour: int = 10) -> datetime:
    """A moment of a day in Kazakhstan (UTC+5), in UTC."""
    return datetime(day.year, day.month, day.day, hour - 5, tzinfo=UTC)


class World:
    """Three regions with a provider and two experts each, head office, an auditor and an
    administrator."""

    def __init__(self) -> None:
        self.providers, self.experts, self.accountants = {}, {}, {}
        for n, region in enumerate(REGIONS):
            names = {f"name_{language}": f"{language} {region}" for language in ("kk", "ru", "en")}
            provider = Organisation.objects.create(
                kind="provider", bin=provider_bins(3)[n], region=region, **names
            )
            branch = Organisation.objects.create(kind="branch", region=region, **names)
            self.providers[region] = _user(f"provider{region}", "provider", provider)
            self.accountants[region] = _user(f"accountant{region}", "accountant", branch)
            self.experts[region] = [_user(f"expert{region}{k}", "expert", branch) for k in "ab"]
        office = Organisation.objects.create(
            kind="head_office", name_kk="Қор", name_ru="Фонд", name_en="Fund"
        )
        self.office = _user("office", "head_office", office)
        self.payer = _user("payer", "accountant", office)
        self.auditor = _user("auditor", "auditor", office)
        self.administrator = _user("admin", "administrator", office)

    def case(
        self,
        route: str = "objection",
        region: str = "71",
        on: date = date(2026, 3, 2),
        **facts: Any,
    ) -> Case:
        """A new case on its route, shown on a day."""
        start = machine(route).states[machine(route).initial]
        number = Case.objects.count()
        case = Case(
            month="2026-02",
            provider=self.providers[region].organisation,
            service_id=f"s{number}",
            check_slug="after-death",
            code="5.1",
            edition="68/2025",
            kind="potential",
            care_form="outpatient",
            amount=Decimal("12400.00"),
            proposed_deduction=Decimal("37200.00"),
            found_on=on,
            route=route,
            state=start.name,
            outcome=start.outcome,
            entered_on=on,
            shown_on=on,
            due_on=due_on(route, start.name, on),
        )
        for name, value in facts.items():
            setattr(case, name, value)
        with transaction.atomic():
            case.assigned_to = assignee(case, on) if not case.outcome else None
            case.save()
        return case


def an_act(
    world: World,
    region: str = "71",
    state: str = "protocol_sent",
    contract: str = "",
    **sums: Decimal,
) -> Act:
    """An act of a month closed on 20 March, with one line; sums that are not given are zero."""
    closing, _ = Closing.objects.get_or_create(
        month="2026-02",
        defaults={
            "closed_on": date(2026, 3, 20),
            "at": at(date(2026, 3, 20)),
            "by": "test",
            "settled": "-",
        },
    )
    facts = {name: Decimal(sums.get(name, 0)) for name in _SUMS}
    accepted = facts["claimed"] + facts["released"] - sum(facts[name] for name in _SUMS[2:])
    act = Act.objects.create(
        closing=closing,
        provider=world.providers[region].organisation,
        contract_no=contract or f"K-{region}",
        accepted=accepted,
        to_pay=accepted,
        state=state,
        entered_on=date(2026, 3, 20),
        due_on=due_on("protocol", state, date(2026, 3, 20)),
        **facts,
    )
    _post_a_line(act, accepted, facts)
    return act


def _post_a_line(act: Act, accepted: Decimal, facts: dict[str, Decimal]) -> None:
    """Write the one line of an act, post it to the ledger and seal the act."""
    ActLine.objects.create(
        act=act,
        care_form="outpatient",
        funding="tmkkk",
        service_month="2026-02",
        services=1,
        accepted=accepted,
        sanction=Decimal(0),
        **facts,
    )
    with transaction.atomic():
        lines = act.lines.all()
        entries = [line_entry(line, act.provider_id, act.pk, act.contract_no) for line in lines]
        post(entries, at(date(2026, 3, 20)))
        seal(act=[act.pk])


def seal(**changed: list[int]) -> None:
    """Seal by hand what a test wrote past the actions; the numbers of what it
    changed by model: `act`, `order`."""
    with transaction.atomic():
        record_sealed(
            by="test", at=at(date(2026, 3, 20)), verb="test", subject="test", changed=changed
        )


def _user(name: str, role: str, organisation: Organisation) -> User:
    user = User(username=name, role=role, organisation=organisation)
    user.password = "!"
    user.save()
    return user
