"""Outages and terms (321/2020:9): a reckoner that walks day by day agrees with the law's function,
whatever letters come when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qor.law.pages import page
from qor.law.reading.calendar import is_working_day
from qor.law.reading.interpretations import interpretation
from qor.law.rules.civil_time import civil_day
from qor.law.rules.outages import Letter, lost_working_days, term_with_outages

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def choose(monkeypatch: pytest.MonkeyPatch, name: str, choice: str) -> None:
    """Settle a question the other way for one test."""
    assert choice in interpretation(name).choices
    monkeypatch.setitem(page("qor.law.kz.settings", "interpretations.yaml")[name], "choice", choice)


def by_walking(entered: date, working_days: int, letters: list[Letter]) -> date:
    """The end of a provider's term by living through it: a day counts if it is worked, not known as
    lost, and the term is not over on it."""
    counted: list[date] = []
    known: set[date] = set()
    last = max([letter.came_on for letter in letters], default=entered)
    day = entered
    while True:
        day += DAY
        was_over = len(counted) == working_days
        for letter in letters:
            if letter.came_on == day or (letter.came_on <= entered and day == entered + DAY):
                known |= letter.days
                counted = [each for each in counted if each not in letter.days]
        if not was_over and is_working_day(day) and day not in known:
            counted.append(day)
        if len(counted) == working_days and day > last:
            return counted[-1]


LETTERS = st.lists(
    st.builds(
        lambda first, length, came: Letter(
            lost_working_days(MONDAY + first * DAY, MONDAY + (first + length) * DAY),
            MONDAY + came * DAY,
        ),
        st.integers(-3, 20),
        st.integers(0, 3),
        st.integers(-3, 30),
    ),
    max_size=4,
)


@given(st.integers(0, 9), st.sampled_from([3, 5]), LETTERS)
def test_a_term_with_outages_is_what_living_through_it_gives(
    start: int, working_days: int, letters: list[Letter]
) -> None:
    """321/2020:9: before, in or after the term, one letter or four, over each other or apart."""
    entered = MONDAY + start * DAY
    extended = term_with_outages(entered, working_days, letters, shut=True)
    assert extended.due_on == by_walking(entered, working_days, letters)


@given(st.permutations([(4, 5), (6, 6), (10, 11)]))
def test_the_order_of_the_days_named_does_not_matter(spans: list[tuple[int, int]]) -> None:
    """321/2020:9: letters that came in time give one end, in whatever order they came."""
    letters = [
        Letter(lost_working_days(date(2026, 3, a), date(2026, 3, b)), MONDAY) for a, b in spans
    ]
    assert term_with_outages(MONDAY, 5, letters, shut=True).due_on == date(2026, 3, 17)


def test_the_funds_own_term_only_grows_by_the_days_lost() -> None:
    """321/2020:9: the Fund may act late, so nothing is given back for the days until a late
    letter."""
    letter = Letter(frozenset({date(2026, 3, 4)}), date(2026, 3, 19))
    assert term_with_outages(MONDAY, 3, [letter], shut=False).due_on == date(2026, 3, 6)
    assert term_with_outages(MONDAY, 3, [letter], shut=True).due_on == date(2026, 3, 20)


def test_the_first_day_of_a_term_may_be_lost() -> None:
    """321/2020:9: a late letter about the first day gives a day after itself; a day before the term
    or after it gives none, and none is counted as added."""
    late = date(2026, 3, 19)
    ends = {
        day: term_with_outages(
            MONDAY, 3, [Letter(frozenset({date(2026, 3, day)}), late)], shut=True
        )
        for day in (2, 3, 5, 6)
    }
    assert {day: term.due_on.day for day, term in ends.items()} == {2: 5, 3: 20, 5: 20, 6: 5}
    assert {day: term.extended_days for day, term in ends.items()} == {2: 0, 3: 1, 5: 1, 6: 0}


def test_a_late_letter_may_count_as_if_it_had_come_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """321/2020:9, the other choice of late_outage_letter: a function of the outage's days alone."""
    choose(monkeypatch, "late_outage_letter", "as_if_it_had_come_in_time")
    for came in (date(2026, 3, 3), date(2026, 3, 9), date(2026, 3, 30)):
        letter = Letter(frozenset({date(2026, 3, 4), date(2026, 3, 5)}), came)
        assert term_with_outages(MONDAY, 5, [letter], shut=True).due_on == date(2026, 3, 12)


def test_a_part_of_a_working_day_counts_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """321/2020:9: an afternoon, a night over a weekend; by the other choice of outage_part_of_a_day
    only whole days count."""
    afternoon = (date(2026, 3, 4), date(2026, 3, 4), time(14), time(16))
    over = (date(2026, 3, 4), date(2026, 3, 6), time(18), time(9))
    weekend = (date(2026, 3, 7), date(2026, 3, 9), None, time(12))
    assert lost_working_days(*afternoon) == {date(2026, 3, 4)}
    assert lost_working_days(*over) == {date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 6)}
    assert lost_working_days(*weekend) == frozenset()
    choose(monkeypatch, "outage_part_of_a_day", "does_not_count")
    assert lost_working_days(*afternoon) == frozenset()
    assert lost_working_days(*over) == {date(2026, 3, 5)}
    wednesday = date(2026, 3, 4)
    for starts in (None, time.min):
        assert lost_working_days(wednesday, wednesday, starts) == {wednesday}


def test_a_term_may_begin_with_the_day_of_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """321/2020:26, the other choice of term_start: Monday itself is the first of five working days;
    a Sunday is not."""
    choose(monkeypatch, "term_start", "day_of_event")
    assert term_with_outages(date(2026, 2, 9), 5, [], shut=True).due_on == date(2026, 2, 13)
    assert term_with_outages(date(2026, 2, 8), 5, [], shut=True).due_on == date(2026, 2, 13)
    lost_monday = Letter(frozenset({date(2026, 2, 9)}), date(2026, 2, 9))
    assert term_with_outages(date(2026, 2, 9), 5, [lost_monday], shut=True).due_on == date(
        2026, 2, 16
    )


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-02T18:59:59+00:00", date(2026, 3, 2)),
        ("2026-03-02T19:00:00+00:00", date(2026, 3, 3)),
        ("2026-03-02T08:59:00-10:00", date(2026, 3, 2)),
        ("2026-03-02T09:00:00-10:00", date(2026, 3, 3)),
        ("2024-02-29T17:59:00+00:00", date(2024, 2, 29)),
        ("2024-02-29T18:30:00+00:00", date(2024, 2, 29)),
        ("2024-02-29T19:00:00+00:00", date(2024, 3, 1)),
        ("2023-06-01T18:00:00+00:00", date(2023, 6, 2)),
    ],
)
def test_the_day_of_a_moment_is_kazakhstans(moment: str, day: date) -> None:
    """321/2020:26: a term ends with the day in Kazakhstan, UTC+6 in Almaty's zone until the end of
    February 2024 and UTC+5 after."""
    assert civil_day(datetime.fromisoformat(moment)) == day
