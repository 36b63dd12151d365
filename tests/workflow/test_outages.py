"""Outages of the system (321/2020:9): the same result whatever the day the clock ran or the letter
came, and whatever was said meanwhile."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from tests.law.test_outages import choose
from tests.workflow.people import World, at

from qor.law.nouns.refusals import BadValue
from qor.workflow.disputes.actions import add_remark, apply_event, tick
from qor.workflow.disputes.outages import declare_outage
from qor.workflow.disputes.requests import ask_for_documents

# the term of five working days ends on Tuesday, 10 March: the 9th is a holiday
MONDAY = date(2026, 3, 2)
LETTER = date(2026, 3, 16)


@pytest.mark.parametrize("ran_on", [(), (11,), (12,), (13, 14), (11, 12, 13, 14, 15), (16,)])
def test_the_day_the_clock_ran_changes_nothing(world: World, ran_on: tuple[int, ...]) -> None:
    """321/2020:9: the clock ran the next day, two days later, every day or never: after the letter
    the provider has the day that was lost."""
    case = world.case(on=MONDAY)
    for day in ran_on:
        tick(at(date(2026, 3, day), 8))
    declare_outage(
        date(2026, 3, 10), date(2026, 3, 10), letter_no="1", by=world.office, at=at(LETTER)
    )
    tick(at(LETTER, 12))
    case.refresh_from_db()
    assert (case.state, case.outcome, case.due_on, case.extended_days) == (
        "detected",
        "",
        date(2026, 3, 17),
        1,
    )
    apply_event(
        case.pk,
        "object",
        by=world.providers["71"],
        at=at(date(2026, 3, 17), 23),
        statement="in time",
    )


@pytest.mark.parametrize(
    ("came", "due"), [(3, 12), (9, 12), (10, 12), (11, 13), (12, 16), (16, 18), (18, 20), (20, 27)]
)
def test_whenever_the_letter_comes_the_provider_has_the_whole_term(
    world: World, came: int, due: int
) -> None:
    """321/2020:9: two days lost; in time they are added to the end, after it they follow the letter
    (21-25 March are days off)."""
    case = world.case(on=MONDAY)
    for day in range(3, came + 1):
        tick(at(date(2026, 3, day), 6))
    declare_outage(
        date(2026, 3, 4),
        date(2026, 3, 5),
        letter_no="1",
        by=world.office,
        at=at(date(2026, 3, came)),
    )
    case.refresh_from_db()
    assert (case.outcome, case.due_on, case.extended_days) == ("", date(2026, 3, due), 2)
    tick(at(case.due_on + timedelta(days=1), 6))
    case.refresh_from_db()
    assert case.outcome == "confirmed"


def test_a_second_letter_extends_again(world: World) -> None:
    """321/2020:9: opened again by one letter, confirmed by silence again, opened again by a second
    over another day of the term."""
    case = world.case(on=MONDAY)
    tick(at(date(2026, 3, 11)))
    declare_outage(
        date(2026, 3, 4), date(2026, 3, 4), letter_no="1", by=world.office, at=at(date(2026, 3, 11))
    )
    case.refresh_from_db()
    assert (case.outcome, case.due_on) == ("", date(2026, 3, 12))
    tick(at(date(2026, 3, 13)))
    declare_outage(
        date(2026, 3, 5), date(2026, 3, 5), letter_no="2", by=world.office, at=at(date(2026, 3, 13))
    )
    case.refresh_from_db()
    assert (case.outcome, case.due_on, case.extended_days) == ("", date(2026, 3, 16), 2)
    tick(at(date(2026, 3, 17)))
    declare_outage(
        date(2026, 3, 4), date(2026, 3, 5), letter_no="3", by=world.office, at=at(date(2026, 3, 17))
    )
    case.refresh_from_db()
    assert (
        case.outcome == "confirmed"
    )  # a third letter over days that are given back already gives nothing


def test_a_second_letter_while_the_case_is_open_again(world: World) -> None:
    """321/2020:9: it adds its day to the end that the first gave."""
    case = world.case(on=MONDAY)
    tick(at(date(2026, 3, 11)))
    for day in (4, 12):
        declare_outage(
            date(2026, 3, day),
            date(2026, 3, day),
            letter_no="1",
            by=world.office,
            at=at(date(2026, 3, 11)),
        )
    case.refresh_from_db()
    assert (case.outcome, case.due_on) == ("", date(2026, 3, 13))


def test_words_after_silence_do_not_lose_the_extension(world: World) -> None:
    """321/2020:9: an explanation that changes no state stands beside the case, and the letter opens
    it all the same."""
    case = world.case(on=MONDAY)
    tick(at(date(2026, 3, 11)))
    add_remark(
        case.pk,
        "explain",
        by=world.providers["71"],
        at=at(date(2026, 3, 12)),
        statement="the portal was down",
    )
    declare_outage(
        date(2026, 3, 10), date(2026, 3, 10), letter_no="1", by=world.office, at=at(LETTER)
    )
    case.refresh_from_db()
    assert (case.state, case.outcome, case.due_on) == ("detected", "", date(2026, 3, 17))


def test_an_outage_outside_the_term_opens_nothing(world: World) -> None:
    """321/2020:9: a day after the end, and a holiday inside it."""
    case = world.case(on=MONDAY)
    tick(at(date(2026, 3, 11)))
    for first, last in ((7, 9), (11, 12)):
        declare_outage(
            date(2026, 3, first), date(2026, 3, last), letter_no="1", by=world.office, at=at(LETTER)
        )
    case.refresh_from_db()
    assert case.outcome == "confirmed"


@pytest.mark.parametrize("ran_on", [6, 9, 13])
def test_what_silence_leads_to_stands_from_the_day_after_the_term(
    world: World, ran_on: int
) -> None:
    """321/2020:27, 321/2020:30: whatever the day the clock ran; the Fund's own term is overdue
    since its first day after."""
    own = apply_event(
        world.case(on=date(2026, 2, 2)).pk,
        "object",
        by=world.providers["71"],
        at=at(date(2026, 2, 4)),
        statement="x",
    )
    silent = world.case(on=date(2026, 2, 2))
    tick(at(date(2026, 2, ran_on) + timedelta(days=10)))
    own.refresh_from_db()
    silent.refresh_from_db()
    assert own.overdue_since == date(2026, 2, 12)
    assert (silent.outcome, silent.entered_on) == ("confirmed", date(2026, 2, 10))


def test_an_outage_may_have_hours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """321/2020:9: two hours of an afternoon are a working day by the setting, and nothing by the
    other choice; hours may not be inverted."""
    case, day = world.case(on=MONDAY), date(2026, 3, 4)
    with pytest.raises(BadValue):
        declare_outage(
            day,
            day,
            first_time=time(16),
            last_time=time(14),
            letter_no="1",
            by=world.office,
            at=at(MONDAY),
        )
    hours = {"first_time": time(14), "last_time": time(16)}
    declare_outage(day, day, **hours, letter_no="1", by=world.office, at=at(MONDAY))
    case.refresh_from_db()
    assert (case.due_on, case.extended_days) == (date(2026, 3, 11), 1)
    choose(monkeypatch, "outage_part_of_a_day", "does_not_count")
    other = world.case(on=MONDAY)
    assert declare_outage(day, day, **hours, letter_no="2", by=world.office, at=at(MONDAY)) == 0
    other.refresh_from_db()
    assert other.due_on == date(2026, 3, 10)


@pytest.mark.parametrize("letter_first", [True, False])
def test_a_request_grows_whenever_the_letter_came(world: World, letter_first: bool) -> None:
    """321/2020:9, 321/2020:42: declared an hour before the request or two after it, the answer is
    due on the same day."""
    case = world.case("lethal")

    def declare() -> None:
        first, last = date(2026, 3, 4), date(2026, 3, 5)
        hour = 9 if letter_first else 12
        declare_outage(first, last, letter_no="1", by=world.office, at=at(MONDAY, hour))

    if letter_first:
        declare()
    request = ask_for_documents(case.pk, by=case.assigned_to, at=at(MONDAY, 10), statement="x")
    if not letter_first:
        declare()
    request.refresh_from_db()
    assert request.due_on == date(2026, 3, 12)


@pytest.mark.parametrize("ran_before", [True, False])
def test_the_funds_own_term_is_overdue_from_one_day(world: World, ran_before: bool) -> None:
    """321/2020:9, 321/2020:30: the clock ran before the letter or not: overdue since the day after
    the longer term."""
    case = apply_event(
        world.case(on=MONDAY).pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    if ran_before:
        tick(at(date(2026, 3, 11)))
    day = date(2026, 3, 4)
    declare_outage(day, day, letter_no="1", by=world.office, at=at(LETTER))
    tick(at(LETTER, 12))
    case.refresh_from_db()
    assert (case.due_on, case.overdue_since) == (date(2026, 3, 11), date(2026, 3, 12))
