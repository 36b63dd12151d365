"""Each working day's monitoring: the day's new rows are checked and what is found becomes cases the
same day (321/2020, clauses 21 and 23)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qor.engine.monitoring.day import monitor_day
from qor.engine.monitoring.month import RunRequest
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, month, month_of
from qor.law.nouns.refusals import Refusal
from qor.law.reading.calendar import is_working_day
from qor.law.reading.figures import figure
from qor.law.rules.civil_time import civil_day, civil_time
from qor.workflow.audit.journal import record
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.corrections import let_fall
from qor.workflow.disputes.models import Notice
from qor.workflow.disputes.notices import head_office
from qor.workflow.disputes.open_cases import MonthNotRun, open_cases

DONE, REFUSED = "working_day", "monitoring_refused"


@dataclass(frozen=True, slots=True)
class Payments:
    """What the payments know: the cases of a month whose period is paid, and the closed months in
    which something is still to be paid."""

    paid: Callable[[Month], Collection[int]]
    unpaid_months: Callable[[], Collection[Month]]


def monitor_working_day(lake: Lake, payments: Payments, *, by: str, at: datetime) -> int:
    """Monitor every open month once a working day, from the Fund's hour on; how many months were
    looked at. Safe to run at any time.

    A month that is refused does not stop the others; head office is told which and why. Sources:
    321/2020:4, 321/2020:6, 321/2020:13, 321/2020:21, 321/2020:22, 321/2020:23.
    """
    day = civil_day(at)
    begins = figure("monitoring_hour", day).whole
    subject = f"day:{day.isoformat()}"
    if (
        not is_working_day(day)
        or civil_time(at).hour < begins
        or Entry.objects.filter(verb=DONE, subject=subject).exists()
    ):
        return 0
    refused: dict[str, str] = {}
    months = _open_months(lake, month_of(day))
    for each in months:
        try:
            _monitor(lake, each, payments, by=by, at=at)
        except Refusal as refusal:
            refused[str(each)] = refusal.key
    for closed in payments.unpaid_months():
        try:
            let_fall(lake, closed, by=by, at=at, paid=payments.paid(closed))
        except Refusal as refusal:
            refused[str(closed)] = refusal.key
    with transaction.atomic():
        notices = [
            Notice(user=user, month=of, at=at, event=REFUSED)
            for of in refused
            for user in head_office()
        ]
        Notice.objects.bulk_create(notices)
        record(
            by=by,
            at=at,
            verb=DONE,
            subject=subject,
            facts={"months": list(map(str, months)), "refused": refused},
        )
    return len(months)


def _monitor(lake: Lake, of: Month, payments: Payments, *, by: str, at: datetime) -> None:
    monitor_day(lake, RunRequest(of, max(civil_day(at), of.first), by, at))
    try:
        open_cases(lake, of, by=by, at=at, paid=payments.paid(of))
    except MonthNotRun:  # nothing was found in it so far
        return


def _open_months(lake: Lake, this: Month) -> list[Month]:
    """The months that are not closed: this one, the one before it, and those that were looked at
    before; older ones are history."""
    looked_at = lake.months_of("run", "day")
    still_open = set(lake.months("services")) - lake.frozen()
    current = {str(this), str(this.shift(-1))}
    return [month(each) for each in sorted(still_open & (looked_at | current))]
