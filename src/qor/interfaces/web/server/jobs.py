"""What runs by itself: the clock and the e-mails every minute, monitoring every working day, as
jobs in the database (django-q2).

Each may run twice and must not mind.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now
from qor.interfaces.web.features.disputes.notices import worded
from qor.workflow.acts.actions import tick_acts
from qor.workflow.acts.debts import tick_debts
from qor.workflow.audit.lake_commits import enter_commits
from qor.workflow.audit.outside import publish_daily
from qor.workflow.disputes.actions import civil_day, tick
from qor.workflow.disputes.letters import overdue_letters, report_overdue, send_waiting
from qor.workflow.disputes.requests import tick_requests
from qor.workflow.disputes.working_day import Payments, monitor_working_day
from qor.workflow.treasury.notices import tell_of_unpaid
from qor.workflow.treasury.paid import paid_cases, unpaid_months

_NAME, _DAILY = "qor every minute", "qor every working day"
_LONGEST = 3600  # seconds that a working day's monitoring may take


def every_minute() -> dict[str, int]:
    """Enter what a kill kept out of the journal, write its head elsewhere once a day, move what is
    due, send what waits.

    Counts (`unsent`: letters that wait longer than a day).
    """
    at = now()
    if settings.QOR_LAKE and (Path(settings.QOR_LAKE) / "log").is_dir():
        enter_commits(Lake(Path(settings.QOR_LAKE)), by="clock", at=at)
    publish_daily(civil_day(at), at)
    moved = (
        tick(now())
        | {"acts_overdue": tick_acts(now()), "acts_unpaid": tell_of_unpaid(now())}
        | tick_debts(now())
    )
    moved |= {"requests_overdue": tick_requests(now()), "sent": send_waiting(now(), worded)}
    report_overdue(now())
    return moved | {"unsent": overdue_letters(now()).count()}


def every_working_day() -> int:
    """Monitor the open months of the lake, once a working day (321/2020:21, 23); how many, zero
    where it is done already or there is no lake."""
    root = Path(settings.QOR_LAKE)
    if not (root / "log").is_dir():
        return 0
    return monitor_working_day(
        Lake(root), Payments(paid_cases, unpaid_months), by="clock", at=now()
    )


def schedule_all() -> None:
    """Have the jobs scheduled, once."""
    from django_q.models import Schedule

    facts = {
        "func": "qor.interfaces.web.server.jobs.every_minute",
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
    }
    Schedule.objects.get_or_create(name=_NAME, defaults=facts)
    options = str({"q_options": {"timeout": _LONGEST}})
    daily = facts | {
        "func": "qor.interfaces.web.server.jobs.every_working_day",
        "minutes": 10,
        "kwargs": options,
    }
    Schedule.objects.get_or_create(name=_DAILY, defaults=daily)
