"""The clock of the interfaces: the day is Kazakhstan's, whatever zone the machine keeps."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from qor.engine.storage.lake import Lake
from qor.interfaces import clock
from qor.interfaces.cli.main import main
from qor.interfaces.web.server.start import check_secret_key
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


def _clock_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "clock").write_text("-300", "utf-8")
    monkeypatch.setenv("QOR_DEMO_CLOCK", str(folder / "clock"))


def test_the_demos_clock_moves_time_only_in_a_folder_that_the_demo_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever reads the clock: elsewhere it is refused, not obeyed."""
    _clock_in(tmp_path / "any", monkeypatch)
    monkeypatch.delenv("QOR_SECRET_KEY", raising=False)
    with pytest.raises(clock.DemoClockElsewhere):
        clock.now()
    with pytest.raises(clock.DemoClockElsewhere):
        check_secret_key()
    (tmp_path / "any" / clock.DEMO_MARK).touch()
    moved = clock.now()
    monkeypatch.delenv("QOR_DEMO_CLOCK")
    assert clock.now() - moved > timedelta(days=299)


@pytest.mark.parametrize("command", ["intake", "freeze", "run"])
def test_a_lake_that_is_not_the_demos_is_not_worked_on_by_its_clock(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """The clock of a true demo does not date the entries of another lake."""
    _clock_in(tmp_path / "demo", monkeypatch)
    (tmp_path / "demo" / clock.DEMO_MARK).touch()
    with Lake(tmp_path / "lake").writing():
        pass
    (tmp_path / "file.csv").write_text("bin\n", "utf-8")
    what = str(tmp_path / "file.csv") if command == "intake" else "2026-02"
    arguments = [command, what, "--lake", str(tmp_path / "lake"), "--lang", "en"]
    assert main(arguments) == 2 and "QOR_DEMO_CLOCK works only" in capsys.readouterr().err
    monkeypatch.delenv("QOR_DEMO_CLOCK")
    main(arguments)
    assert "QOR_DEMO_CLOCK" not in capsys.readouterr().err
