"""A case enters a state: the one place where what was done to a case becomes its row, its step and
its entry in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from qor.law.reading.machines import state
from qor.law.rules.civil_time import civil_day
from qor.law.rules.outages import Letter
from qor.workflow.accounts.models import User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.assigning import stands_at
from qor.workflow.disputes.assignment import assignee
from qor.workflow.disputes.files import Stored, attach
from qor.workflow.disputes.models import Case, Step
from qor.workflow.disputes.notices import notify
from qor.workflow.disputes.terms import lost_days, term, term_begins_on

FALLEN_AWAY = "fallen_away"


def enter_state(
    case: Case,
    route: str,
    name: str,
    at: datetime,
    *,
    by: User | None,
    event: str,
    statement: str,
    preventable: bool | None,
    on: date | None = None,
    files: Sequence[Stored] = (),
    lost: tuple[Letter, ...] | None = None,
) -> None:
    """Put a case into a state: its term, whose turn it is, its outcome; with the step and the
    journal. `on`: its day, if not that of `at`.

    `lost`: the letters of outages, where many cases are moved at once.
    """
    before, day, entered = stands_at(case), on or civil_day(at), state(route, name)
    case.route, case.state, case.outcome = route, name, entered.outcome
    case.entered_on = term_begins_on(route, name, day, case.shown_on)
    case.overdue_since = None
    letters = lost_days() if lost is None else lost
    case.due_on, case.extended_days = term(route, name, case.entered_on, letters)
    case.assigned_to = assignee(case, day)
    case.save()
    step = Step.objects.create(
        case=case,
        at=at,
        by=by,
        event=event,
        from_state=before,
        to_state=stands_at(case),
        statement=statement,
        preventable=preventable,
    )
    attach(step, files)
    if name != FALLEN_AWAY:  # that is told once for all such cases of a month
        notify(case, stands_at(case), at)
    facts = {
        "from": before,
        "to": stands_at(case),
        "step": step.pk,
        "assigned_to": case.assigned_to.username if case.assigned_to else "",
    }
    record(
        by=by.username if by else "clock", at=at, verb=event, subject=f"case:{case.pk}", facts=facts
    )
