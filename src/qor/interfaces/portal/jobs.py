"""What runs by itself: the clock and the e-mails, every minute, as jobs in the database (django-q2). Each may run twice and must not mind."""

from __future__ import annotations

from qor.interfaces.clock import now
from qor.interfaces.portal.notices import worded
from qor.workflow.disputes.actions import tick
from qor.workflow.disputes.letters import overdue_letters, report_overdue, send_waiting
from qor.workflow.payments.actions import tick_acts
from qor.workflow.payments.debts import tick_debts
from qor.workflow.payments.notices import tell_of_unpaid

_NAME = "qor every minute"


def every_minute() -> dict[str, int]:
    """Move what is due, send what waits; counts (`unsent`: letters that wait longer than a day)."""
    moved = tick(now()) | {"acts_overdue": tick_acts(now()), "acts_unpaid": tell_of_unpaid(now())} | tick_debts(now())
    moved |= {"sent": send_waiting(now(), worded)}
    report_overdue(now())
    return moved | {"unsent": overdue_letters(now()).count()}


def schedule_all() -> None:
    """Have the jobs scheduled, once."""
    from django_q.models import Schedule

    facts = {"func": "qor.interfaces.portal.jobs.every_minute", "schedule_type": Schedule.MINUTES, "minutes": 1}
    Schedule.objects.get_or_create(name=_NAME, defaults=facts)
