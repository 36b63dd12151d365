"""Which findings of a month its edited checks no longer make: those that an earlier version makes
of the same rows and the last does not."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from qor.engine.checks import features
from qor.engine.checks.edits import Edit, edits_of
from qor.engine.monitoring.loop import go_through
from qor.engine.storage.duck import Connection, connect
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import rows_of
from qor.law.nouns.months import Month

Finding = tuple[str, str, str]


@dataclass(slots=True)
class Corrected:
    """The findings (BIN, service, check) of a month's edited checks: those that some version makes
    and the version in force does not, and those that it makes."""

    gone: set[Finding] = field(default_factory=set)
    standing: set[Finding] = field(default_factory=set)


def corrected_findings(lake: Lake, month: Month, found_on: date) -> Corrected:
    """What the edits of checks came to in a month.

    Both look at the rows as they are now, so that what a later row changed is none of it
    (321/2020:24). Sources: 321/2020:13.
    """
    edits = [edit for edit in edits_of(lake) if edit.valid_from <= month.last]
    corrected = Corrected()
    if not edits or str(month) not in lake.months("services"):
        return corrected
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        features.prepare(connection, lake, [month], Path(folder))
        for slug in sorted({edit.check for edit in edits}):
            numbers = [n for n, edit in enumerate(edits, start=1) if edit.check == slug]
            now = _found(connection, lake, edits, edits, slug, found_on)
            corrected.standing |= now
            for n in numbers:
                before = _found(connection, lake, edits[: n - 1], edits, slug, found_on)
                corrected.gone |= before - now
    return corrected


def _found(
    connection: Connection,
    lake: Lake,
    edits: list[Edit],
    cut: list[Edit],
    slug: str,
    found_on: date,
) -> set[Finding]:
    """What one check finds in the prepared month with some of the edits, its days cut by all of
    them."""
    go_through(connection, lake, found_on, edits, cut=cut, slugs={slug})
    findings = rows_of(connection, "raw_findings", ("provider_bin", "service_id", "check"))
    return {(bin_, service, check) for bin_, service, check in findings}
