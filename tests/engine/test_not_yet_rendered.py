"""A service that ends after the day on which it is handed in is rejected: by the day in Kazakhstan,
when trying too."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.engine.registers import AT, BIN, GOOD, csv_text, lake_with_providers

from qor.engine.intake.receive import Delivery, Receipt, receive
from qor.engine.monitoring.rehearsal import try_register
from qor.engine.storage.duck import connect
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import month


def _hand_in(
    lake: Lake, root: Path, rows: list[dict[str, Any]], at: datetime, table: str = "services"
) -> Receipt:
    path = root / "handed-in.csv"
    path.write_text(csv_text(rows))
    return receive(lake, Delivery(path, table, None, "test", at))


def _ended(moment: str) -> dict[str, Any]:
    return GOOD | {
        "started_at": moment[:10] + " 00:00:00",
        "ended_at": moment,
        "registered_at": moment,
    }


@pytest.mark.parametrize(
    ("ended", "rejected"),
    [("2026-03-02 23:59:59", 0), ("2026-03-03 00:00:00", 1), ("2031-02-05 10:00:00", 1)],
)
def test_a_service_of_the_future_is_rejected(tmp_path: Path, ended: str, rejected: int) -> None:
    """The day of handing in is in order to its end; the next day and five years on are not yet
    rendered."""
    receipt = _hand_in(lake_with_providers(tmp_path), tmp_path, [_ended(ended)], AT)
    assert (receipt.accepted, receipt.rejected) == (1 - rejected, rejected)
    assert receipt.reasons == ({"not_yet_rendered": 1} if rejected else {})


@pytest.mark.parametrize(("hour", "rejected"), [(18, 1), (19, 0)])
def test_the_day_is_that_of_kazakhstan(tmp_path: Path, hour: int, rejected: int) -> None:
    """At 19:00 UTC the next day has begun there."""
    at = datetime(2026, 3, 2, hour, 0, tzinfo=UTC)
    receipt = _hand_in(lake_with_providers(tmp_path), tmp_path, [_ended("2026-03-03 00:30:00")], at)
    assert receipt.rejected == rejected


def test_the_same_file_is_judged_again_when_the_day_has_come(tmp_path: Path) -> None:
    """The answer of the day before is not repeated: the service was rendered meanwhile."""
    lake = lake_with_providers(tmp_path)
    assert _hand_in(lake, tmp_path, [_ended("2026-03-03 10:00:00")], AT).rejected == 1
    again = _hand_in(lake, tmp_path, [_ended("2026-03-03 10:00:00")], AT + timedelta(days=1))
    assert (again.accepted, again.rejected, again.seen_before) == (1, 0, False)


def test_calls_of_the_future_too(tmp_path: Path) -> None:
    """Every table whose rows lie in months by a day or a moment."""
    call = {
        "station_bin": BIN,
        "call_id": "c1",
        "received_at": "2026-03-03 10:00:00",
        "urgency": "1",
    }
    receipt = _hand_in(lake_with_providers(tmp_path), tmp_path, [call], AT, "calls")
    assert receipt.reasons == {"not_yet_rendered": 1}


def test_trying_says_the_same(tmp_path: Path) -> None:
    """A register tried on a day meets what it would meet if it were handed in then."""
    lake, path = lake_with_providers(tmp_path), tmp_path / "tried.csv"
    path.write_text(csv_text([GOOD, _ended("2026-02-20 10:00:00") | {"service_id": "s2"}]))
    with connect() as connection:
        tried = try_register(connection, lake, path, month("2026-02"), date(2026, 2, 19), tmp_path)
    assert tried.rehearsal.reasons == {"not_yet_rendered": 1} and tried.rehearsal.accepted == 1
