"""Working days and deadlines (law 267-II; Labour Code, articles 84-85)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qor.law.nouns.refusals import BadValue, CalendarMissing
from qor.law.reading.calendar import (
    add_working_days,
    deadline,
    is_working_day,
    known_years,
    working_days_between,
)


def test_nauryz_lies_between() -> None:
    """Five working days from 19 March 2026 end on 31 March: 21-25 March are days off."""
    assert deadline(date(2026, 3, 19), 5).due_on == date(2026, 3, 31)


def test_moved_days() -> None:
    """3 January 2025 was moved from Sunday the 5th, which was worked."""
    assert not is_working_day(date(2025, 1, 3))
    assert is_working_day(date(2025, 1, 5))


def test_thirtieth_of_august_2026_is_no_holiday() -> None:
    """Constitution Day moved to 15 March from 2027; 31 August 2026 is worked."""
    assert is_working_day(date(2026, 8, 31))
    assert not is_working_day(date(2027, 3, 15))


def test_a_missing_year_is_an_error() -> None:
    """No guess beyond the table."""
    with pytest.raises(CalendarMissing, match="2028"):
        is_working_day(date(2028, 1, 5))
    with pytest.raises(CalendarMissing):
        add_working_days(date(2027, 12, 30), 5)


def test_zero_days_is_the_day_itself() -> None:
    """The same day; a negative term is refused."""
    assert add_working_days(date(2026, 3, 22), 0) == date(2026, 3, 22)
    with pytest.raises(BadValue):
        add_working_days(date(2026, 3, 22), -1)


@given(st.dates(date(2018, 1, 1), date(2027, 10, 1)), st.integers(1, 30))
def test_the_nth_day_is_a_working_day_with_n_of_them_behind(start: date, count: int) -> None:
    """An independent count agrees."""
    due = add_working_days(start, count)
    days = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert is_working_day(due)
    assert sum(is_working_day(day) for day in days) == count == working_days_between(start, due)


def test_the_years_are_without_gaps() -> None:
    """From 2018 on."""
    assert known_years()[0] == 2018
