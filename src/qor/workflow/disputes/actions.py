"""What changes a case. Each action is one transaction with its step and its entry in the journal;
nothing else may change a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from qor.law.nouns.refusals import Refusal
from qor.law.reading.machines import Owner, State, TermIsOver, machine, on_silence, state, step
from qor.law.rules.civil_time import civil_day
from qor.law.rules.outages import Letter
from qor.workflow.accounts.models import User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.assigning import share_out_waiting, stands_at
from qor.workflow.disputes.entering import FALLEN_AWAY, enter_state
from qor.workflow.disputes.files import Received, Stored, attach, kept
from qor.workflow.disputes.models import Case, Step
from qor.workflow.disputes.rights import NotYours, may_act
from qor.workflow.disputes.terms import lost_days

__all__ = [
    "FALLEN_AWAY",
    "PreventableNotSaid",
    "StatementMissing",
    "add_remark",
    "add_statement",
    "apply_event",
    "civil_day",
    "fall_away",
    "open_found_again",
    "tick",
]
_CONFIRMS = "confirm"


class StatementMissing(Refusal):
    """An objection needs reasons, a decision a justification (321/2020:26, 31)."""

    key = "statement_missing"


class PreventableNotSaid(Refusal):
    """A decision on a lethal case says whether the death was preventable (321/2020:49)."""

    key = "preventable_not_said"


def apply_event(
    case_id: int,
    event: str,
    *,
    by: User,
    at: datetime,
    statement: str,
    preventable: bool | None = None,
    files: Sequence[Received] = (),
) -> Case:
    """Do what a state of the case allows: object, object_again, send_to_head_office, confirm,
    reject, find_no_defect, propose_monitoring.

    `statement` are the reasons or the justification; the step and its `files` are entered together
    or not at all. NotYours, EventNotAllowed, TermIsOver (a provider's), StatementMissing,
    PreventableNotSaid.
    Sources: 321/2020:26, 321/2020:31, 321/2020:32, 321/2020:34, 321/2020:36, 321/2020:37,
    321/2020:43, 321/2020:45, 321/2020:46, 321/2020:47, 321/2020:50.
    """
    with kept(files) as stored, transaction.atomic():
        case = (
            Case.objects.select_for_update(of=("self",)).select_related("provider").get(pk=case_id)
        )
        current = state(case.route, case.state)
        passage = step(case.route, case.state, event)
        if not may_act(by, case):
            raise NotYours(cites=current.cites)
        _in_time(case, current, at)
        if not statement.strip():
            raise StatementMissing(cites=passage.cites)
        if machine(case.route).says_preventable and current.owner is not Owner.PROVIDER:
            if preventable is None:
                raise PreventableNotSaid(cites=passage.cites)
            case.preventable = preventable
        _remember(case, current, event, by)
        enter_state(
            case,
            passage.to_machine,
            passage.to_state,
            at,
            by=by,
            event=event,
            statement=statement.strip(),
            preventable=preventable,
            files=stored,
        )
        return case


def add_remark(
    case_id: int,
    event: str,
    *,
    by: User,
    at: datetime,
    statement: str,
    files: Sequence[Received] = (),
) -> Step:
    """Add words that change no state: an explanation of a general defect (321/2020:25), a call for
    an independent expert (321/2020:48).

    Documents are asked for by `qor.workflow.disputes.requests`. Sources: 321/2020:25, 321/2020:48.
    """
    if not statement.strip():
        raise StatementMissing()
    with kept(files) as stored, transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        own = by.role == User.Role.PROVIDER and by.organisation_id == case.provider_id
        if not own and not may_act(by, case):
            raise NotYours()
        return add_statement(case, event, by=by, at=at, statement=statement, files=stored)


def add_statement(
    case: Case, event: str, *, by: User, at: datetime, statement: str, files: Sequence[Stored] = ()
) -> Step:
    """A step that changes no state, with its files and its entry in the journal, inside the
    caller's transaction. StatementMissing."""
    if not statement.strip():
        raise StatementMissing()
    step_made = Step.objects.create(
        case=case,
        at=at,
        by=by,
        event=event,
        from_state=stands_at(case),
        to_state=stands_at(case),
        statement=statement.strip(),
    )
    attach(step_made, files)
    record(
        by=by.username, at=at, verb=event, subject=f"case:{case.pk}", facts={"step": step_made.pk}
    )
    return step_made


def fall_away(case: Case, *, at: datetime) -> None:
    """Let a finding fall that its changed check no longer makes, whatever was decided on it, inside
    the caller's transaction; it is told.

    Sources: 321/2020:13.
    """
    enter_state(
        case,
        case.route,
        FALLEN_AWAY,
        at,
        by=None,
        event="fall_away",
        statement="",
        preventable=case.preventable,
    )


def open_found_again(case: Case, *, at: datetime) -> None:
    """Open a case anew that fell away with an edit of its check and is found again since the edit
    was corrected, inside the caller's transaction: the provider may object from the beginning.

    Sources: 321/2020:13, 321/2020:23.
    """
    enter_state(
        case,
        case.route,
        machine(case.route).initial,
        at,
        by=None,
        event="found_again",
        statement="",
        preventable=None,
    )


def tick(at: datetime, batch: int = 500) -> dict[str, int]:
    """Move what is due: a provider's silence has the outcome of the rules, the Fund's own is marked
    overdue and never decided.

    Safe to run at any time and twice at once: each case is locked, and looked at again under the
    lock. Counts by what was done.
    Sources: 321/2020:27, 321/2020:32, 321/2020:44, 321/2020:46.
    """
    today = civil_day(at)
    done = {"confirmed": 0, "overdue": 0, "given": share_out_waiting(at)}
    while True:
        with transaction.atomic():
            waiting = Case.objects.select_for_update(of=("self",), skip_locked=_can_skip())
            due = waiting.filter(outcome="", due_on__lt=today, overdue_since__isnull=True).order_by(
                "pk"
            )[:batch]
            cases, lost = list(due), lost_days()
            for case in cases:
                done[_let_pass(case, at, today, lost)] += 1
        if len(cases) < batch:
            return done


def _let_pass(case: Case, at: datetime, today: date, lost: tuple[Letter, ...]) -> str:
    """What follows a term that is over stands from the day after it, whatever the day the clock ran
    (321/2020:27)."""
    after = on_silence(case.route, case.state)
    over_on = case.due_on + timedelta(days=1) if case.due_on is not None else today
    if after is not None:
        enter_state(
            case,
            after.machine,
            after.name,
            at,
            by=None,
            event="silence",
            statement="",
            preventable=case.preventable,
            on=over_on,
            lost=lost,
        )
        return "confirmed"
    case.overdue_since = over_on
    case.save(update_fields=["overdue_since"])
    Step.objects.create(
        case=case,
        at=at,
        by=None,
        event="overdue",
        from_state=stands_at(case),
        to_state=stands_at(case),
    )
    record(
        by="clock",
        at=at,
        verb="overdue",
        subject=f"case:{case.pk}",
        facts={"due_on": str(case.due_on)},
    )
    return "overdue"


def _in_time(case: Case, current: State, at: datetime) -> None:
    """A provider's word comes in time or not at all; the Fund's late word still counts
    (interpretation: no deemed decision)."""
    if current.owner is Owner.PROVIDER and case.due_on is not None and civil_day(at) > case.due_on:
        raise TermIsOver(due_on=case.due_on.strftime("%d.%m.%Y"), cites=current.cites)


def _remember(case: Case, current: State, event: str, by: User) -> None:
    if current.owner is Owner.BRANCH_ELSEWHERE:
        case.first_reviewer = by
    if current.owner is Owner.BRANCH_LOCAL and event == _CONFIRMS:
        case.confirmed_by = by


def _can_skip() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)
