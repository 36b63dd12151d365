"""The clock of the interfaces: the day is Kazakhstan's, whatever zone the machine keeps."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from qor.interfaces import clock

MOMENT = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize("hours", [-11, 0, 5, 9])
def test_today_is_kazakhstans_day(hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past eight in the evening in London is the next day in Kazakhstan, on a machine of any
    zone (321/2020:26)."""
    monkeypatch.setattr(clock, "now", lambda: MOMENT.astimezone(timezone(timedelta(hours=hours))))
    assert clock.today() == date(2026, 3, 3)
