"""What another version of the checks would find more and less in a month, in cases and tenge,
before it is switched on."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qor.engine.checks import features
from qor.engine.checks.catalogue import ALL
from qor.engine.checks.edits import Edit, edits_of
from qor.engine.intake.lake_rows import rows_in
from qor.engine.monitoring.loop import Pricing, go_through
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, run_step, step_rows
from qor.law.nouns.months import Month


@dataclass(frozen=True, slots=True)
class Difference:
    """One service that one of two versions finds and the other does not, or prices otherwise;
    amounts in tenge, None where none is computed."""

    change: str
    provider_bin: str
    service_id: str
    check: str
    code: str | None
    before: Any
    after: Any


def looked_at_on(lake: Lake, month: Month) -> date | None:
    """The day that the findings of a month's last run (or day's monitoring) carry; None if nothing
    looked at it yet."""
    last = lake.last_of(month, "run", "day")
    return date.fromisoformat(last.facts["found_on"]) if last else None


def as_if_from(draft: Edit, month: Month) -> date | None:
    """The day from which a draft is held in a comparison where it would begin only after the month;
    else None."""
    return month.first if draft.valid_from > month.last else None


def difference_of_edit(
    connection: Connection, lake: Lake, month: Month, draft: Edit, found_on: date, folder: Path
) -> list[Difference]:
    """What a month's findings of one check would be with a draft of an edit, against those without
    it. Nothing is written (321/2020:13).

    A draft that begins after the month is compared as if it held all month long, so that a month at
    hand shows what is to come.
    """
    edits_now = edits_of(lake)
    features.prepare(connection, lake, [month], folder)
    versions = {"found_before": edits_now, "found_after": _with_draft(edits_now, draft, month)}
    for step, edits in versions.items():
        _find_all(connection, lake, month, edits, [draft, *edits_now], found_on, {draft.check})
        run_step(connection, step, findings="findings", returns="returns")
    return _compare(connection)


def _with_draft(edits_now: list[Edit], draft: Edit, month: Month) -> list[Edit]:
    """The edits with the draft among them; one that begins after the month stands over those that
    it will follow."""
    since = as_if_from(draft, month)
    if since is None:
        return [*edits_now, draft]
    return [
        *(_beneath(edit, draft) for edit in edits_now),
        dataclasses.replace(draft, valid_from=since),
    ]


def _beneath(edit: Edit, draft: Edit) -> Edit:
    """What an earlier edit of the same check still says once the draft holds."""
    if edit.check != draft.check or edit.valid_from > draft.valid_from:
        return edit
    figures_set = {name for name, _ in draft.figures}
    figures = tuple((name, value) for name, value in edit.figures if name not in figures_set)
    return dataclasses.replace(edit, figures=figures, sql="" if draft.sql else edit.sql)


def difference_of_run(
    connection: Connection, lake: Lake, month: Month, found_on: date, folder: Path
) -> list[Difference]:
    """What the checks as they are now would find, against what stands in the lake for the month."""
    edits_now = edits_of(lake)
    features.prepare(connection, lake, [month], folder)
    _find_all(
        connection, lake, month, edits_now, edits_now, found_on, {check.slug for check in ALL}
    )
    run_step(connection, "found_after", findings="findings", returns="returns")
    for table in ("findings", "returns"):
        make_view(connection, f"stands_{table}", rows_in(lake, table, [month]))
    stand = {"findings": "stands_findings", "returns": "stands_returns"}
    run_step(connection, "found_before", **stand)
    return _compare(connection)


def _find_all(
    connection: Connection,
    lake: Lake,
    month: Month,
    edits: list[Edit],
    cut: list[Edit],
    found_on: date,
    slugs: set[str],
) -> None:
    pricing = Pricing(month)
    go_through(connection, lake, found_on, edits, pricing=pricing, cut=cut, slugs=slugs)


def _compare(connection: Connection) -> list[Difference]:
    return [Difference(*row) for row in step_rows(connection, "differing_findings")]
