"""The one place where Qor reads the clock; everything below takes day and moment as arguments."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path

from qor.law.nouns.refusals import Refusal
from qor.law.rules.civil_time import civil_day

DEMO_MARK = ".qor-demo"  # stands in a folder that the demo made


class DemoClockElsewhere(Refusal):
    """QOR_DEMO_CLOCK moves time only inside a folder that the demo made, with the demo's database
    and lake."""

    key = "demo_clock_elsewhere"


def now() -> datetime:
    """This moment, with its offset, to the second; in a demo, as far ahead as its clock was moved
    (QOR_DEMO_CLOCK names the file of days). DemoClockElsewhere."""
    return datetime.now().astimezone().replace(microsecond=0) + _ahead()


def today() -> date:
    """The calendar day in Kazakhstan, whatever zone the machine keeps."""
    return civil_day(now())


def _ahead() -> timedelta:
    file = demo_clock()
    if file is None or not file.exists():
        return timedelta(0)
    return timedelta(days=int(file.read_text("utf-8").strip() or 0))


def demo_clock() -> Path | None:
    """The file of the demo's clock; None where none is named. DemoClockElsewhere unless it lies in
    a folder that the demo made."""
    named = os.environ.get("QOR_DEMO_CLOCK", "")
    if not named:
        return None
    file = Path(named).resolve()
    if not (file.parent / DEMO_MARK).is_file():
        raise DemoClockElsewhere()
    return file


def check_demo_clock(place: str | Path) -> None:
    """DemoClockElsewhere where a demo's clock is named, and a database or lake does not lie beside
    it."""
    file = demo_clock()
    if file is not None and Path(place).resolve().parent != file.parent:
        raise DemoClockElsewhere()


def machine_seconds() -> int:
    """The machine's own seconds since 1970, which no demo moves: for limits by the minute and idle
    sessions."""
    return int(datetime.now().timestamp())
