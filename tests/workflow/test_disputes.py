"""Disputes as the rules tell them: who may act, by when, what silence does, what a decision leads
to."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from tests.workflow.people import World, at

from qor.interfaces.web.features.disputes.notices import worded
from qor.law.reading.calendar import add_working_days
from qor.law.reading.machines import EventNotAllowed, TermIsOver
from qor.workflow.accounts.models import User
from qor.workflow.audit.journal import broken_at
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.actions import (
    PreventableNotSaid,
    StatementMissing,
    add_remark,
    apply_event,
    tick,
)
from qor.workflow.disputes.letters import send_waiting
from qor.workflow.disputes.models import Case, Notice, Step
from qor.workflow.disputes.outages import declare_outage
from qor.workflow.disputes.rights import NotYours

MONDAY = date(2026, 3, 2)


def test_to_head_office_and_back(world: World) -> None:
    """321/2020:29, 321/2020:33: objection, confirmation, repeated objection, agreement, head
    office: each by the one whose turn it is, outside the region."""
    case = world.case()
    provider = world.providers["71"]
    case = apply_event(case.pk, "object", by=provider, at=at(MONDAY), statement="the stay was real")
    first = case.assigned_to
    assert first is not None and first.organisation.region != "71"
    case = apply_event(case.pk, "confirm", by=first, at=at(MONDAY), statement="no record of it")
    assert (case.state, case.assigned_to, case.outcome) == ("confirmed_first", None, "")
    case = apply_event(
        case.pk, "object_again", by=provider, at=at(MONDAY), statement="see the card"
    )
    second = case.assigned_to
    assert second is not None and second != first and second.organisation.region != "71"
    case = apply_event(case.pk, "reject", by=second, at=at(MONDAY), statement="agreed")
    assert (case.state, case.outcome) == ("hq_review", "")
    case = apply_event(case.pk, "confirm", by=world.office, at=at(MONDAY), statement="final")
    assert (case.state, case.outcome, case.assigned_to) == ("confirmed_hq", "confirmed", None)
    assert [s.event for s in case.steps.all()] == [
        "object",
        "confirm",
        "object_again",
        "reject",
        "confirm",
    ]
    assert broken_at() is None


def test_agreement_pays_in_full(world: World) -> None:
    """The first reviewer agrees: the defect is rejected, finally."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    case = apply_event(case.pk, "reject", by=case.assigned_to, at=at(MONDAY), statement="agreed")
    assert (case.state, case.outcome) == ("rejected_first", "rejected")
    with pytest.raises(EventNotAllowed):
        apply_event(case.pk, "object_again", by=world.providers["71"], at=at(MONDAY), statement="x")


def test_the_last_minute_of_the_term_and_the_first_after_it(world: World) -> None:
    """321/2020:26: five working days after the day of detection, with 8 March carried over in
    between; the end of the day in Kazakhstan."""
    case = world.case(on=MONDAY)
    last = add_working_days(MONDAY, 5)
    assert case.due_on == last == date(2026, 3, 10)
    with pytest.raises(TermIsOver):
        apply_event(
            case.pk,
            "object",
            by=world.providers["71"],
            at=at(last + timedelta(days=1), 5),
            statement="late",
        )
    assert (
        apply_event(
            case.pk, "object", by=world.providers["71"], at=at(last, 23), statement="in time"
        ).state
        == "first_review"
    )


def test_a_providers_silence_confirms(world: World) -> None:
    """321/2020:27: nothing on the last day, confirmed on the next; twice is once."""
    case = world.case(on=MONDAY)
    assert tick(at(case.due_on, 23)) == {"confirmed": 0, "overdue": 0, "given": 0}
    after = at(case.due_on + timedelta(days=1), 5)
    assert tick(after) == {"confirmed": 1, "overdue": 0, "given": 0}
    assert tick(after) == {"confirmed": 0, "overdue": 0, "given": 0}
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("confirmed_by_silence", "confirmed")


def test_no_repeated_objection_leaves_the_confirmation(world: World) -> None:
    """321/2020:32: clause 32: three working days after the confirmation."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    case = apply_event(case.pk, "confirm", by=case.assigned_to, at=at(MONDAY), statement="y")
    assert case.due_on == date(2026, 3, 5)
    tick(at(date(2026, 3, 6)))
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("confirmed_no_repeat", "confirmed")


def test_the_funds_own_silence_decides_nothing(world: World) -> None:
    """It is marked overdue, once; the late decision still counts."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    late = case.due_on + timedelta(days=1)
    assert tick(at(late)) == {"confirmed": 0, "overdue": 1, "given": 0}
    assert tick(at(late + timedelta(days=9))) == {"confirmed": 0, "overdue": 0, "given": 0}
    case.refresh_from_db()
    assert (case.state, case.outcome, case.overdue_since) == ("first_review", "", late)
    assert (
        apply_event(
            case.pk,
            "reject",
            by=case.assigned_to,
            at=at(late + timedelta(days=9)),
            statement="sorry",
        ).outcome
        == "rejected"
    )


def test_a_lethal_case_is_the_branchs_own(world: World) -> None:
    """The local branch, the same employee for the objection, head office at the provider's request;
    preventable or not is always said."""
    case = world.case("lethal")
    own = case.assigned_to
    assert own is not None and own.organisation.region == "71" and case.due_on is None
    with pytest.raises(PreventableNotSaid):
        apply_event(case.pk, "confirm", by=own, at=at(MONDAY), statement="x")
    case = apply_event(case.pk, "confirm", by=own, at=at(MONDAY), statement="x", preventable=True)
    assert case.due_on == date(2026, 3, 10)
    case = apply_event(case.pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x")
    assert case.assigned_to == own
    case = apply_event(case.pk, "confirm", by=own, at=at(MONDAY), statement="x", preventable=False)
    case = apply_event(
        case.pk, "send_to_head_office", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    case = apply_event(
        case.pk, "reject", by=world.office, at=at(MONDAY), statement="x", preventable=False
    )
    assert (case.state, case.outcome, case.preventable) == ("rejected_hq", "rejected", False)


def test_code_11_begins_at_the_branch(world: World) -> None:
    """321/2020:50 ¶1: the local branch first; its silence decides nothing; after the objection
    another region."""
    case = world.case("code_11", code="11.0")
    assert case.assigned_to.organisation.region == "71"
    case = apply_event(case.pk, "confirm", by=case.assigned_to, at=at(MONDAY), statement="x")
    local = case.confirmed_by
    case = apply_event(case.pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x")
    assert (case.route, case.state) == ("objection", "first_review")
    assert case.assigned_to.organisation.region != "71" and case.assigned_to != local


def test_nobody_acts_out_of_turn(world: World) -> None:
    """Another provider, an expert to whom it was not given, head office, the auditor: refused, and
    nothing is written."""
    case = world.case()
    entries = Entry.objects.count()
    others = (
        world.providers["75"],
        world.experts["75"][0],
        world.office,
        world.auditor,
        world.administrator,
    )
    for user in others:
        with pytest.raises(NotYours):
            apply_event(case.pk, "object", by=user, at=at(MONDAY), statement="x")
    with pytest.raises(StatementMissing):
        apply_event(case.pk, "object", by=world.providers["71"], at=at(MONDAY), statement="  ")
    assert Entry.objects.count() == entries
    assert Step.objects.count() == 0


def test_an_outage_extends_open_terms(world: World) -> None:
    """321/2020:9 ¶1, 321/2020:9 ¶2: two working days down, by letter: two more working days; only
    head office says so (clause 9)."""
    case = world.case(on=MONDAY)
    with pytest.raises(NotYours):
        declare_outage(
            date(2026, 3, 4),
            date(2026, 3, 5),
            letter_no="1",
            by=world.experts["71"][0],
            at=at(MONDAY),
        )
    with pytest.raises(StatementMissing):
        declare_outage(
            date(2026, 3, 4), date(2026, 3, 5), letter_no=" ", by=world.office, at=at(MONDAY)
        )
    assert (
        declare_outage(
            date(2026, 3, 4), date(2026, 3, 5), letter_no="17-2", by=world.office, at=at(MONDAY)
        )
        == 1
    )
    case.refresh_from_db()
    assert case.due_on == add_working_days(MONDAY, 7)
    tick(at(date(2026, 3, 11)))
    case.refresh_from_db()
    assert case.outcome == ""


def test_words_without_a_decision(world: World) -> None:
    """321/2020:25: a provider explains a general finding; the state stays."""
    case = world.case("general", kind="general", code="2.0")
    add_remark(
        case.pk, "explain", by=world.providers["71"], at=at(MONDAY), statement="typing error"
    )
    with pytest.raises(NotYours):
        add_remark(
            case.pk, "explain", by=world.providers["75"], at=at(MONDAY), statement="not mine"
        )
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("shown", "none")


def test_the_journal_only_grows_and_proves_itself(world: World) -> None:
    """The database refuses to change or delete; a row forced in is found."""
    apply_event(world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x")
    for change in (
        lambda: Entry.objects.update(by="me"),
        lambda: Entry.objects.all().delete(),
        lambda: Step.objects.update(statement=""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert broken_at() is None
    last = Entry.objects.last()
    Entry.objects.create(
        number=2, at=last.at, by="x", verb="y", subject="z", facts={}, previous="", hash=""
    )
    assert broken_at() == 2


def test_a_case_twice_is_refused_by_the_database(world: World) -> None:
    """One case a finding; a closed case waits for nobody."""
    case = world.case()
    with pytest.raises(DatabaseError), transaction.atomic():
        world.case(service_id=case.service_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            outcome="confirmed", assigned_to=world.experts["71"][0]
        )


def test_who_is_told(world: World) -> None:
    """The reviewer of what came to them, the provider of what is theirs to answer; by e-mail once,
    to those who have an address."""
    mail.outbox.clear()
    provider = world.providers["71"]
    case = apply_event(world.case().pk, "object", by=provider, at=at(MONDAY), statement="x")
    reviewer = case.assigned_to
    User.objects.filter(pk=reviewer.pk).update(email="reviewer@example.org")
    case = apply_event(case.pk, "confirm", by=reviewer, at=at(MONDAY), statement="y")
    assert [(n.user, n.state) for n in Notice.objects.order_by("pk")] == [
        (reviewer, "objection.first_review"),
        (provider, "objection.confirmed_first"),
    ]
    assert (send_waiting(at(MONDAY), worded), send_waiting(at(MONDAY), worded)) == (1, 0)
    assert mail.outbox[0].to == ["reviewer@example.org"] and str(case.pk) in mail.outbox[0].subject


def test_outages_are_counted_once_and_also_for_terms_that_begin_in_them(world: World) -> None:
    """Two letters over the same days lose each day once; a term that begins inside grows by the
    rest; one made longer may reach the next."""
    case = world.case(on=MONDAY)
    for first, last in ((3, 4), (4, 5)):
        declare_outage(
            date(2026, 3, first), date(2026, 3, last), letter_no="1", by=world.office, at=at(MONDAY)
        )
    case.refresh_from_db()
    assert (case.extended_days, case.due_on) == (3, add_working_days(MONDAY, 8))
    began = apply_event(
        world.case(on=MONDAY).pk,
        "object",
        by=world.providers["71"],
        at=at(date(2026, 3, 4)),
        statement="x",
    )
    assert (began.extended_days, began.due_on) == (1, add_working_days(date(2026, 3, 4), 6))
    next_one = add_working_days(MONDAY, 7)
    declare_outage(next_one, next_one, letter_no="2", by=world.office, at=at(MONDAY))
    case.refresh_from_db()
    assert (case.extended_days, case.due_on) == (4, add_working_days(MONDAY, 9))


def test_a_letter_that_comes_late_opens_what_silence_closed(world: World) -> None:
    """The provider could not object on the days of the outage: it may now, for as many days; other
    closed cases stay closed."""
    case, earlier = world.case(on=MONDAY), world.case(on=date(2026, 2, 2))
    closed_on = case.due_on + timedelta(days=1)
    tick(at(closed_on))
    declare_outage(
        date(2026, 3, 9),
        date(2026, 3, 10),
        letter_no="1",
        by=world.office,
        at=at(date(2026, 3, 16)),
    )
    case.refresh_from_db()
    earlier.refresh_from_db()
    assert (case.state, case.outcome, case.entered_on) == ("detected", "", MONDAY)
    assert (
        case.due_on == add_working_days(date(2026, 3, 16), case.extended_days)
        and case.extended_days == 1
    )
    assert earlier.outcome == "confirmed"
    apply_event(case.pk, "object", by=world.providers["71"], at=at(case.due_on), statement="x")


def test_an_overdue_term_that_grows_is_not_overdue_any_more(world: World) -> None:
    """The Fund's own term, marked overdue before the letter came."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    late = case.due_on + timedelta(days=1)
    tick(at(late))
    declare_outage(case.due_on, case.due_on, letter_no="1", by=world.office, at=at(late))
    case.refresh_from_db()
    assert (case.overdue_since, case.due_on) == (None, late)
