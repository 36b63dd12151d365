"""Who reviews a dispute: shared by load, out of the region, hidden, and somebody else when they are
away."""

from datetime import date, timedelta

import pytest
from tests.workflow.people import World, at

from qor.workflow.accounts.models import Absence, User
from qor.workflow.disputes.actions import apply_event, tick
from qor.workflow.disputes.assigning import reassign
from qor.workflow.disputes.models import Notice
from qor.workflow.disputes.rights import NotYours, shown_as, visible_to

MONDAY = date(2026, 3, 2)


def test_the_same_employee_is_away(world: World) -> None:
    """Clause 45 and an absence: the named substitute takes the objection."""
    case = world.case("lethal")
    own = case.assigned_to
    other = next(e for e in world.experts["71"] if e != own)
    apply_event(case.pk, "confirm", by=own, at=at(MONDAY), statement="x", preventable=False)
    Absence.objects.create(user=own, first_day=MONDAY, last_day=MONDAY, substitute=other)
    assert (
        apply_event(
            case.pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
        ).assigned_to
        == other
    )


def test_who_sees_what(world: World) -> None:
    """A provider its own; an expert what is or was theirs; head office and audit all; the
    administrator nothing."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    world.case(region="75")
    assert list(visible_to(world.providers["71"])) == [case]
    assert list(visible_to(case.assigned_to)) == [case]
    assert visible_to(world.office).count() == visible_to(world.auditor).count() == 2
    assert not visible_to(world.administrator).exists()
    reviewer = case.assigned_to
    apply_event(case.pk, "confirm", by=reviewer, at=at(MONDAY), statement="y")
    assert visible_to(reviewer).filter(pk=case.pk).exists()


def test_the_first_reviewer_stays_hidden(world: World) -> None:
    """From the provider and from the second reviewer; not from audit (clause 33)."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    first = case.assigned_to
    apply_event(case.pk, "confirm", by=first, at=at(MONDAY), statement="y")
    case = apply_event(
        case.pk, "object_again", by=world.providers["71"], at=at(MONDAY), statement="z"
    )
    assert shown_as(world.providers["71"], first, case) == "expert"
    if case.assigned_to.organisation != first.organisation:
        assert shown_as(case.assigned_to, first, case) == "expert"
    assert shown_as(world.auditor, first, case) == first.username


def test_work_is_shared_by_load(world: World) -> None:
    """321/2020:28: twelve objections of one region go evenly to the four experts of the others."""
    for _ in range(12):
        apply_event(
            world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
        )
    loads = [
        e.assigned_cases.filter(outcome="").count()
        for region in ("75", "79")
        for e in world.experts[region]
    ]
    assert loads == [3, 3, 3, 3]


def test_reassigning_keeps_the_rules(world: World) -> None:
    """Never into the region of the dispute, never by anybody but head office."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    with pytest.raises(NotYours):
        reassign(case.pk, world.experts["71"][0], by=world.office, at=at(MONDAY), statement="x")
    other = next(e for e in world.experts["79"] if e != case.assigned_to)
    assert (
        reassign(case.pk, other, by=world.office, at=at(MONDAY), statement="ill").assigned_to
        == other
    )


def test_an_objection_is_taken_also_when_nobody_can_look_at_it(world: World) -> None:
    """It waits without an expert, head office is told, silence never confirms it; the clock gives
    it out once somebody is at work."""
    User.objects.filter(role="expert").update(is_active=False)
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    assert (case.state, case.assigned_to) == ("first_review", None)
    assert list(Notice.objects.values_list("user", flat=True)) == [world.office.pk]
    late = at(case.due_on + timedelta(days=1))
    assert tick(late) == {"confirmed": 0, "overdue": 1, "given": 0}
    User.objects.filter(pk=world.experts["75"][0].pk).update(is_active=True)
    assert tick(late) == {"confirmed": 0, "overdue": 0, "given": 1}
    case.refresh_from_db()
    assert (case.outcome, case.assigned_to) == ("", world.experts["75"][0])


def test_head_office_gives_a_waiting_case_to_somebody_at_work(world: World) -> None:
    """Also where nobody had it; never to one who left."""
    User.objects.filter(role="expert").update(is_active=False)
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    with pytest.raises(NotYours):
        reassign(
            case.pk,
            User.objects.get(username="expert75a"),
            by=world.office,
            at=at(MONDAY),
            statement="x",
        )
    User.objects.filter(username="expert75b").update(is_active=True)
    back = User.objects.get(username="expert75b")
    assert (
        reassign(case.pk, back, by=world.office, at=at(MONDAY), statement="x").assigned_to == back
    )
    assert Notice.objects.filter(user=back, case=case).count() == 1


def test_colleagues_of_the_first_reviewer_do_not_learn_the_name(world: World) -> None:
    """321/2020:33: the second review goes to another branch where there is one; else to a colleague
    who sees a role only (clause 33)."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    first = case.assigned_to
    apply_event(case.pk, "confirm", by=first, at=at(MONDAY), statement="y")
    again = apply_event(
        case.pk, "object_again", by=world.providers["71"], at=at(MONDAY), statement="z"
    )
    assert again.assigned_to.organisation != first.organisation
    colleague = next(e for e in world.experts[first.organisation.region] if e != first)
    assert shown_as(colleague, first, again) == "expert"
