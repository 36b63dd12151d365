"""The same employee reviews unless absent or gone; a request has a term and an answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.workflow.people import World, at

from qor.interfaces.web.features.disputes.notices import worded
from qor.workflow.accounts.models import Absence, User
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.assigning import SameEmployeeAtWork, reassign
from qor.workflow.disputes.models import Case, Notice
from qor.workflow.disputes.requests import (
    AlreadyAnswered,
    answer_request,
    ask_for_documents,
    requests_visible_to,
    tick_requests,
)
from qor.workflow.disputes.rights import NotYours, visible_to

MONDAY = date(2026, 3, 2)


def _objected(world: World) -> Case:
    """A lethal case that its local expert confirmed and the provider objected to."""
    case = world.case("lethal")
    apply_event(
        case.pk, "confirm", by=case.assigned_to, at=at(MONDAY), statement="x", preventable=False
    )
    return apply_event(case.pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x")


def _head_office_was_told(case: Case) -> list[str]:
    return list(
        Notice.objects.filter(user__role="head_office", case=case).values_list("event", flat=True)
    )


def test_the_same_employee_reviews_and_nobody_may_be_put_in_their_place(world: World) -> None:
    """321/2020:45 ¶1: at work, the case is theirs; head office may not give it to a colleague, and
    hears of nothing."""
    case = _objected(world)
    own = case.confirmed_by
    other = next(e for e in world.experts["71"] if e != own)
    with pytest.raises(SameEmployeeAtWork) as caught:
        reassign(case.pk, other, by=world.office, at=at(MONDAY), statement="ill")
    assert [cite.clause for cite in caught.value.cites] == ["45"]
    case.refresh_from_db()
    assert case.assigned_to == own and _head_office_was_told(case) == []


@pytest.mark.parametrize("why", ["absent", "gone", "moved", "other work"])
def test_while_the_same_employee_is_absent_or_gone_another_may(why: str, world: World) -> None:
    """321/2020:45 ¶1: absent, dismissed, moved to another branch or no expert any more: a colleague
    may be named, and head office is told."""
    case = _objected(world)
    own = case.confirmed_by
    assert own is not None
    other = next(e for e in world.experts["71"] if e != own)
    if why == "absent":
        Absence.objects.create(user=own, first_day=MONDAY, last_day=MONDAY, substitute=other)
    changes = {
        "gone": {"is_active": False},
        "moved": {"organisation": world.experts["75"][0].organisation},
        "other work": {"role": "auditor"},
    }
    User.objects.filter(pk=own.pk).update(**changes.get(why, {"first_name": "absent"}))
    case = reassign(case.pk, other, by=world.office, at=at(MONDAY), statement="by clause 45")
    assert case.assigned_to == other and _head_office_was_told(case) == ["another_reviews"]
    if why == "absent":
        with pytest.raises(SameEmployeeAtWork):
            reassign(
                case.pk,
                other,
                by=world.office,
                at=at(MONDAY + timedelta(days=1)),
                statement="back again",
            )


@pytest.mark.parametrize("why", ["absent", "gone"])
def test_head_office_is_told_when_an_objection_comes_to_another(why: str, world: World) -> None:
    """321/2020:45 ¶1: the objection comes while the first is away: a substitute or colleague has
    it, head office hears of it in its language."""
    case = world.case("lethal")
    own = case.assigned_to
    other = next(e for e in world.experts["71"] if e != own)
    apply_event(case.pk, "confirm", by=own, at=at(MONDAY), statement="x", preventable=False)
    if why == "absent":
        Absence.objects.create(user=own, first_day=MONDAY, last_day=MONDAY)
    else:
        User.objects.filter(pk=own.pk).update(is_active=False)
    case = apply_event(case.pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x")
    assert case.assigned_to == other and _head_office_was_told(case) == ["another_reviews"]
    notice = Notice.objects.get(event="another_reviews")
    for language in ("kk", "ru", "en"):
        notice.user.language = language
        assert f"№ {case.pk}" in worded(notice)[1] or f"no. {case.pk}" in worded(notice)[1]


def test_a_request_is_told_has_a_term_and_an_answer(world: World) -> None:
    """321/2020:5, 321/2020:6:3), 321/2020:42: the provider hears what is asked and until when; who
    asked hears of the answer; the case's own term goes on."""
    case = world.case("lethal")
    expert, provider = case.assigned_to, world.providers["71"]
    with pytest.raises(NotYours):
        ask_for_documents(case.pk, by=world.office, at=at(MONDAY), statement="the card")
    asked = ask_for_documents(case.pk, by=expert, at=at(MONDAY), statement="the card, please")
    notice = Notice.objects.get(user=provider)
    assert (notice.event, notice.due_on, asked.due_on) == (
        "request_documents",
        date(2026, 3, 10),
        date(2026, 3, 10),
    )
    case.refresh_from_db()
    assert (case.state, case.due_on, case.assigned_to) == ("branch_review", None, expert)
    with pytest.raises(NotYours):
        answer_request(asked.pk, by=world.providers["75"], at=at(MONDAY), statement="not mine")
    answer_request(asked.pk, by=provider, at=at(date(2026, 3, 4)), statement="here it is")
    assert Notice.objects.get(user=expert, event="answer_request").request == asked
    with pytest.raises(AlreadyAnswered):
        answer_request(asked.pk, by=provider, at=at(date(2026, 3, 4)), statement="once more")
    assert tick_requests(at(date(2026, 4, 1))) == 0


def test_a_request_without_an_answer_is_told_and_decides_nothing(world: World) -> None:
    """321/2020:5, 321/2020:42: on the last day nothing, after it once, to who asked and to head
    office; the late answer still counts."""
    case = world.case("lethal")
    asked = ask_for_documents(case.pk, by=case.assigned_to, at=at(MONDAY), statement="the card")
    assert tick_requests(at(date(2026, 3, 10), 23)) == 0
    assert [tick_requests(at(date(2026, 3, day))) for day in (13, 14)] == [1, 0]
    names = Notice.objects.filter(event="request_unanswered").values_list(
        "user__username", flat=True
    )
    assert sorted(names) == sorted([case.assigned_to.username, "office"])
    case.refresh_from_db()
    asked.refresh_from_db()
    assert (case.outcome, asked.overdue_since) == ("", date(2026, 3, 11))
    assert (
        answer_request(
            asked.pk, by=world.providers["71"], at=at(date(2026, 3, 16)), statement="late"
        ).answer
        is not None
    )


def test_what_the_fund_looks_at_by_itself_stays_hidden_but_for_the_request(world: World) -> None:
    """321/2020:15, 321/2020:5: the provider answers a request of a case that it does not see, and
    is not told how the look ended."""
    case = world.case("look", kind="review", code="")
    provider, expert = world.providers["71"], case.assigned_to
    asked = ask_for_documents(case.pk, by=expert, at=at(MONDAY), statement="the licence")
    assert list(requests_visible_to(provider)) == [asked]
    assert (
        not visible_to(provider).exists()
        and not requests_visible_to(world.providers["75"]).exists()
    )
    answer_request(asked.pk, by=provider, at=at(MONDAY), statement="here")
    apply_event(case.pk, "find_no_defect", by=expert, at=at(MONDAY), statement="all is well")
    assert list(Notice.objects.filter(user=provider).values_list("event", flat=True)) == [
        "request_documents"
    ]
