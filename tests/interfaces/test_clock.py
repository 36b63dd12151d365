"""The clock of the interfaces: the day is Kazakhstan's, whatever zone the machine keeps."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from qor.interfaces import clock
from qor.law.rules.civil_time import civil_day

MOMENT = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize("hours", [-11, 0, 5, 9])
def test_today_is_kazakhstans_day(hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past eight in the evening in London is the next day in Kazakhstan, on a machine of any
    zone (321/2020:26)."""
    monkeypatch.setattr(clock, "now", lambda: MOMENT.astimezone(timezone(timedelta(hours=hours))))
    assert clock.today() == date(2026, 3, 3)


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Europe/London", "Pacific/Kiritimati"])
def test_today_is_kazakhstans_day_on_a_machine_of_any_zone(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's own zone is set: the day is that of the moment in Kazakhstan (321/2020:26)."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        before, today, after = clock.now(), clock.today(), clock.now()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert today in {civil_day(before), civil_day(after)}
