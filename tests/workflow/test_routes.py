"""Each decision of the rules both ways, with what it leaves on the payment (321/2020, clauses
31-50)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.workflow.people import World, at

from qor.workflow.disputes.actions import apply_event, tick
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.rights import statement_shown

MONDAY = date(2026, 3, 2)


def _object(case: Case, world: World, event: str = "object") -> Case:
    return apply_event(case.pk, event, by=world.providers["71"], at=at(MONDAY), statement="x")


def _decide(case: Case, event: str, world: World, preventable: bool | None = None) -> Case:
    by = case.assigned_to or world.office
    return apply_event(case.pk, event, by=by, at=at(MONDAY), statement="x", preventable=preventable)


@pytest.mark.parametrize(
    ("event", "state", "outcome"),
    [("reject", "rejected_first", "rejected"), ("confirm", "confirmed_first", "")],
)
def test_the_first_review(event: str, state: str, outcome: str, world: World) -> None:
    """321/2020:31, 321/2020:31:1), 321/2020:31:2): agreement ends it with full payment,
    disagreement leaves the way of clause 32."""
    case = _decide(_object(world.case(), world), event, world)
    assert (case.state, case.outcome) == (state, outcome)


@pytest.mark.parametrize(
    ("event", "state", "outcome"),
    [("confirm", "confirmed_second", "confirmed"), ("reject", "hq_review", "")],
)
def test_the_second_review(event: str, state: str, outcome: str, world: World) -> None:
    """321/2020:34, 321/2020:34:1), 321/2020:34:2), 321/2020:36: disagreement is final at once;
    agreement goes to head office, and is not shown before."""
    case = _decide(_object(world.case(), world), "confirm", world)
    case = _decide(_object(case, world, "object_again"), event, world)
    assert (case.state, case.outcome) == (state, outcome)
    assert statement_shown(world.providers["71"], event, "objection.second_review") is (
        event == "confirm"
    )


@pytest.mark.parametrize(("event", "outcome"), [("confirm", "confirmed"), ("reject", "rejected")])
def test_head_office_decides(event: str, outcome: str, world: World) -> None:
    """321/2020:37, 321/2020:37:1), 321/2020:37:2): within three working days, and finally."""
    case = _decide(_object(world.case(), world), "confirm", world)
    case = _decide(_object(case, world, "object_again"), "reject", world)
    assert case.due_on == date(2026, 3, 5)
    assert _decide(case, event, world).outcome == outcome


@pytest.mark.parametrize(
    ("event", "outcome"), [("confirm", ""), ("reject", "rejected"), ("find_no_defect", "none")]
)
def test_the_branch_decides_a_lethal_case(event: str, outcome: str, world: World) -> None:
    """321/2020:41, 321/2020:43, 321/2020:43:1), 321/2020:43:2): an employee of the provider's
    region, at once final unless confirmed."""
    case = world.case("lethal")
    assert case.assigned_to.organisation.region == "71"
    case = _decide(case, event, world, preventable=False)
    assert case.outcome == outcome


@pytest.mark.parametrize("silent_at", ["confirmed_branch", "reconfirmed"])
def test_a_providers_silence_in_a_lethal_case(silent_at: str, world: World) -> None:
    """321/2020:44 ¶1, 321/2020:44 ¶2, 321/2020:46 ¶1: five working days to object, three to send it
    on; silence confirms on the day after, not before."""
    case = _decide(world.case("lethal"), "confirm", world, preventable=True)
    if silent_at == "reconfirmed":
        case = _decide(_object(case, world), "confirm", world, preventable=True)
    assert (
        case.due_on
        == {"confirmed_branch": date(2026, 3, 10), "reconfirmed": date(2026, 3, 5)}[silent_at]
    )
    tick(at(case.due_on, 23))
    case.refresh_from_db()
    assert case.outcome == ""
    tick(at(case.due_on + timedelta(days=1), 1 + 5))
    case.refresh_from_db()
    assert case.outcome == "confirmed"


@pytest.mark.parametrize(("event", "outcome"), [("confirm", ""), ("reject", "rejected")])
def test_the_same_employee_decides_the_objection(event: str, outcome: str, world: World) -> None:
    """321/2020:45 ¶2, 321/2020:45:1), 321/2020:45:2): within three working days, by who confirmed
    first."""
    case = _decide(world.case("lethal"), "confirm", world, preventable=True)
    case = _object(case, world)
    assert (case.assigned_to, case.due_on) == (case.confirmed_by, date(2026, 3, 5))
    assert _decide(case, event, world, preventable=True).outcome == outcome


@pytest.mark.parametrize(("event", "outcome"), [("confirm", "confirmed"), ("reject", "rejected")])
def test_head_office_decides_a_lethal_case(event: str, outcome: str, world: World) -> None:
    """321/2020:46 ¶2, 321/2020:47 ¶1, 321/2020:47:1), 321/2020:47:2): the case comes to head
    office, which has three working days."""
    case = _decide(world.case("lethal"), "confirm", world, preventable=True)
    case = _decide(_object(case, world), "confirm", world, preventable=True)
    case = _object(case, world, "send_to_head_office")
    assert (case.state, case.due_on) == ("hq_review", date(2026, 3, 5))
    assert _decide(case, event, world, preventable=False).outcome == outcome


@pytest.mark.parametrize(
    ("event", "state", "outcome"),
    [("reject", "rejected_local", "rejected"), ("confirm", "confirmed_local", "")],
)
def test_services_outside_the_contract(event: str, state: str, outcome: str, world: World) -> None:
    """321/2020:50 ¶2, 321/2020:50 ¶3, 321/2020:50:1), 321/2020:50:2): the branch at the provider's
    place; then the order of clauses 26-38."""
    case = world.case("code_11", code="11.0")
    assert case.assigned_to.organisation.region == "71"
    case = _decide(case, event, world)
    assert (case.state, case.outcome) == (state, outcome)
    if event == "confirm":
        case = _object(case, world)
        assert (case.route, case.state) == ("objection", "first_review")
        assert case.assigned_to.organisation.region != "71"
