"""The lake that a command names, and a month of it that was run."""

from __future__ import annotations

from pathlib import Path

from qor.engine.monitoring.month import NothingToRun
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, month
from qor.law.nouns.refusals import Refusal


class NoSuchLake(Refusal):
    """There is no lake in the folder."""

    key = "no_such_lake"


class NotRunYet(Refusal):
    """The month has no findings yet: it was not run."""

    key = "not_run_yet"


def open_lake(root: Path, *, from_log: bool = False) -> Lake:
    """An existing lake, its checkpoint left aside if so asked. NoSuchLake where there is none."""
    if not (root / "log").is_dir():
        raise NoSuchLake(path=str(root))
    return Lake(root, from_log=from_log)


def month_of_lake(lake: Lake, asked: str) -> Month:
    """A month of which the lake holds services. NothingToRun where it holds none."""
    of = month(asked)
    if str(of) not in lake.months("services"):
        raise NothingToRun(month=str(of))
    return of


def refuse_not_run(lake: Lake, of: Month, table: str = "findings") -> None:
    """NotRunYet where the month has no findings (or acts, or returned rows) yet."""
    if not lake.paths(table, [of]):
        raise NotRunYet(month=str(of))
