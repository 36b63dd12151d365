"""Defects found after a service was paid: returned within a term, told within a month, and no act
of current services is lessened (321/2020:53, 53-1, 53-2)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.money.test_service_account import BOTH, A, account, choose, finding, scene, service
from tests.money.worlds.plan import CONFIRMED, OPEN, REJECTED, Finding
from tests.money.worlds.play import Play
from tests.workflow.people import World, an_act, at

from qor.interfaces.cli.main import main
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import BadValue
from qor.law.rules.after_payment import WayBack, return_by, tell_by, way_back
from qor.workflow.acts import debts
from qor.workflow.acts.debts import (
    NOTICE_LATE,
    RETURN_LATE,
    TO_RETURN,
    open_debts,
    return_money,
    tick_debts,
)
from qor.workflow.acts.models import Act, Closing, Debt, OtherSum
from qor.workflow.acts.netting import net_acts
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.models import Case, Notice
from qor.workflow.disputes.rights import NotYours

# after January's acts were paid on 24 February, under the order with clause 53-2
FOUND = date(2026, 3, 15)
MARCH = date(2026, 4, 20)


@pytest.mark.parametrize(
    ("found_on", "paid_on", "way"),
    [
        (date(2026, 3, 15), date(2026, 3, 14), WayBack.RETURN),
        (date(2026, 3, 14), date(2026, 3, 14), WayBack.NET),
        (date(2026, 3, 15), None, WayBack.NET),
        (date(2026, 3, 13), date(2026, 2, 24), WayBack.NET),
        (date(2026, 3, 14), date(2026, 2, 24), WayBack.RETURN),
        (date(2025, 7, 1), date(2025, 6, 1), WayBack.NET),
    ],
)
def test_how_money_comes_back(found_on: date, paid_on: date | None, way: WayBack) -> None:
    """Returned only where found after the payment and since clause 53-2 is in force; netted
    otherwise. Sources: 321/2020:53, 321/2020:53-2, 291/2020:19."""
    assert way_back(found_on, paid_on) is way


def test_terms_are_calendar_months() -> None:
    """A month to tell, six to return; the last day where the month is shorter. Sources:
    321/2020:53, 321/2020:53-1."""
    assert (tell_by(date(2026, 1, 31)), return_by(date(2026, 8, 31))) == (
        date(2026, 2, 28),
        date(2027, 2, 28),
    )
    assert tell_by(date(2026, 3, 15)) == date(2026, 4, 15)


class Shown(Play):
    """A world whose late findings are shown to the provider on a day."""

    day, route = date(2026, 3, 16), "objection"

    def _case(self, of_scene: Finding, of: Any) -> Case:
        case = super()._case(of_scene, of)
        if of_scene.slug == "late":
            Case.objects.filter(pk=case.pk).update(shown_on=self.day, route=self.route)
        return case


def late(stake: int = 60_000, found_on: date = FOUND, outcome: str = CONFIRMED) -> Finding:
    """A finding of March on January's service."""
    return finding("x", stake, outcome, born=2, slug="late", found_on=found_on)


def world_of(
    late_finding: Finding, tmp_path: Path, world: World, kind: type[Shown] = Shown
) -> Shown:
    """January's service with a late finding, and services of March to net from; the clerk
    agrees."""
    shown = scene(BOTH, {})
    shown.services += [service("x", 1), service("y", 3)]
    shown.findings = [late_finding]
    played = kind(shown, tmp_path, world)
    assert played.run() == []
    return played


def test_what_was_found_after_the_payment_is_returned(tmp_path: Path, world: World) -> None:
    """321/2020:53-1, 321/2020:53-2: its own debt with its own term; March's act is whole; the
    provider is told; the money comes back to the Fund's account, at most what is left."""
    played = world_of(late(), tmp_path, world)
    debt, march = Debt.objects.get(), Act.objects.get(contract_no=A, closing__month="2026-03")
    assert (debt.way, debt.amount, debt.due_on, debt.tell_by, debt.told_on) == (
        "return",
        Decimal(600),
        date(2026, 9, 15),
        date(2026, 4, 15),
        date(2026, 3, 16),
    )
    assert (march.other_deductions, march.to_pay) == (Decimal(0), Decimal(1000))
    notice = Notice.objects.get(state=TO_RETURN)
    assert (notice.user, notice.due_on) == (world.providers["71"], date(2026, 9, 15))
    assert not Notice.objects.filter(state=NOTICE_LATE).exists()
    with pytest.raises(NotYours):
        return_money(debt.pk, Decimal(100), by=world.auditor, at=at(MARCH))
    with pytest.raises(BadValue):
        return_money(debt.pk, Decimal("600.01"), by=world.payer, at=at(MARCH))
    command = ("money", "returned", str(debt.pk))
    assert (
        main([*command, "600.01", "--by", "payer"])
        == main([*command, "1.00", "--by", "nobody"])
        == 2
    )
    assert main([*command, "250.00", "--by", "payer"]) == 0
    return_money(debt.pk, Decimal(350), by=world.payer, at=at(MARCH))
    assert main([*command, "0.01", "--by", "payer"]) == 2
    assert not open_debts().exists()
    assert account(played, "x").paid == Decimal(400)


@pytest.mark.slow
def test_the_setting_nets_instead(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """after_payment: net takes it from March's act. Sources: 291/2020:19."""
    choose(monkeypatch, "after_payment", "net")
    january = scene(BOTH, {})
    january.services += [service("x", 1), service("y", 3)]
    january.findings = [late()]
    Shown(january, tmp_path, world).run()
    assert Debt.objects.get().way == "net"
    assert Act.objects.get(contract_no=A, closing__month="2026-03").other_deductions == Decimal(600)


@pytest.mark.slow
def test_what_was_found_before_the_payment_stays_a_reduction(tmp_path: Path, world: World) -> None:
    """Found on 20 February, paid on the 24th, decided in April: netted from March's act. Sources:
    321/2020:27, 321/2020:35, 321/2020:38."""
    world_of(late(found_on=date(2026, 2, 20)), tmp_path, world)
    assert Debt.objects.get().way == "net"
    assert Act.objects.get(contract_no=A, closing__month="2026-03").other_deductions == Decimal(600)


@pytest.mark.slow
def test_a_late_notice_is_an_alarm_and_decides_nothing(tmp_path: Path, world: World) -> None:
    """Shown to the provider on 18 April, a month and three days after it was found: head office is
    told; the debt stands. Sources: 321/2020:53."""

    class Late(Shown):
        day = date(2026, 4, 18)

    world_of(late(), tmp_path, world, Late)
    assert [notice.user for notice in Notice.objects.filter(state=NOTICE_LATE)] == [world.office]
    assert Debt.objects.get().amount == Decimal(600)
    assert Entry.objects.filter(verb="notice_late").count() == 1


def test_a_provider_who_was_never_told_is_an_alarm(tmp_path: Path, world: World) -> None:
    """Still with the local branch a month after the finding: one alarm, on the day after the month
    and not before. Sources: 321/2020:53."""

    class AtBranch(Shown):
        route = "code_11"

    world_of(late(outcome=OPEN), tmp_path, world, AtBranch)
    Case.objects.filter(check_slug="late").update(state="local_review")
    assert tick_debts(at(date(2026, 4, 15)))["notices_late"] == 0
    assert [tick_debts(at(date(2026, 4, 16)))["notices_late"] for _ in range(2)] == [1, 0]


@pytest.mark.slow
def test_money_not_returned_in_its_term_is_an_alarm(tmp_path: Path, world: World) -> None:
    """On 15 September it may still come; on the 16th head office is told, once. Sources:
    321/2020:53-1."""
    world_of(late(), tmp_path, world)
    assert tick_debts(at(date(2026, 9, 15)))["returns_late"] == 0
    assert [tick_debts(at(date(2026, 9, 16)))["returns_late"] for _ in range(2)] == [1, 0]
    assert Notice.objects.filter(state=RETURN_LATE, user=world.office).count() == 1


@pytest.mark.slow
def test_a_rejected_finding_strikes_its_debt_out(tmp_path: Path, world: World) -> None:
    """Found after the payment, confirmed, rejected before anything came back: nothing is owed and
    nothing is paid. Sources: 321/2020:31, 321/2020:53."""
    january = scene(BOTH, {})
    january.services += [service("x", 1), service("y", 3)]
    january.findings = [
        finding("x", 60_000, OPEN, CONFIRMED, REJECTED, born=1, slug="late", found_on=FOUND)
    ]
    played = Shown(january, tmp_path, world)
    assert played.run() == []
    assert Debt.objects.get().way == "return"
    assert not open_debts().exists()
    assert Act.objects.get(contract_no=A, closing__month="2026-03").other_payments == 0


@pytest.mark.slow
def test_the_page_of_debts(tmp_path: Path, world: World, client: Client, settings: Any) -> None:
    """The provider sees its own, another none; head office's accountant enters what came back, at
    most what is left; nobody else may."""
    settings.QOR_SECOND_FACTOR = False
    world_of(late(), tmp_path, world)
    debt = Debt.objects.get()
    sent = {"debt": debt.pk, "amount": "250"}
    for user, shown, status in (
        (world.providers["71"], True, 404),
        (world.providers["75"], False, 404),
        (world.accountants["75"], False, 404),
        (world.accountants["71"], True, 404),
        (world.payer, True, 302),
    ):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert ("K0-A" in client.get("/debts/").content.decode()) is shown
        assert client.post("/debts/", sent).status_code == status
    assert [each.how for each in debt.taken.all()] == ["returned"]
    assert client.post("/debts/", sent | {"amount": "350.01"}).status_code == 409


def test_what_unscheduled_monitoring_found_names_its_day(world: World) -> None:
    """Its term and its notice run from the finding: without the day it is refused. Sources:
    321/2020:53, 321/2020:53-1."""
    act = an_act(world, claimed=Decimal(1000))
    other = Other(
        act.provider,
        act.contract_no,
        False,
        OtherSum.Ground.UNSCHEDULED,
        Decimal(300),
        "x",
        "tmkkk",
    )
    with pytest.raises(BadValue):
        enter_other(other, by=world.office, at=at(date(2026, 3, 20)))
    enter_other(replace(other, found_on=FOUND), by=world.office, at=at(date(2026, 3, 20)))
    debt = Debt.objects.get()
    assert (debt.way, debt.due_on, debt.told_on) == ("return", date(2026, 9, 15), date(2026, 3, 20))
    with transaction.atomic():
        net_acts([act], Month(2026, 2), at(date(2026, 3, 20)))
    assert (act.other_deductions, act.to_pay) == (Decimal(0), Decimal(1000))


def test_a_later_payment_of_a_part_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """321/2020:53-2: paid on 24 February, found on 15 March; that another part of the service is
    set free and paid in April makes the finding none that was made before the payment."""
    closed_on = date(2026, 2, 20)
    Closing.objects.create(
        month="2026-02", closed_on=closed_on, at=at(closed_on), by="test", settled="-"
    )
    act = an_act(world, claimed=Decimal(700))
    later = Closing.objects.create(
        month="2026-03", closed_on=MARCH, at=at(MARCH), by="test", settled="-"
    )
    zero = {n: Decimal(0) for n in ("released", "returned", "held", "disallowed", "beyond")}
    Act.objects.create(
        closing=later,
        provider=act.provider,
        contract_no=act.contract_no,
        claimed=Decimal(300),
        accepted=Decimal(300),
        to_pay=Decimal(300),
        state="signed",
        entered_on=MARCH,
        **zero,
    )
    paid = {"2026-02": date(2026, 2, 24), "2026-03": date(2026, 4, 24)}
    monkeypatch.setattr(
        debts, "paid_days", lambda acts: {(a.pk, "tmkkk"): paid[a.closing.month] for a in acts}
    )
    case = SimpleNamespace(
        provider_id=act.provider_id,
        contract_no=act.contract_no,
        funding="tmkkk",
        accepted_in={"2026-02", "2026-03"},
    )
    assert debts._paid_on(case, FOUND) == date(2026, 2, 24)
    assert debts._paid_on(case, date(2026, 4, 25)) == date(2026, 4, 24)
