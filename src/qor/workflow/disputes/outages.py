"""Outages of the system, by the Fund's letter: terms that ran then are longer by those working
days, also when the letter comes later."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from qor.law.nouns.refusals import BadValue
from qor.law.nouns.states import Outcome
from qor.law.rules.civil_time import civil_day
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.actions import StatementMissing
from qor.workflow.disputes.models import Case, Outage, Step
from qor.workflow.disputes.notices import notify
from qor.workflow.disputes.requests import lengthen_requests
from qor.workflow.disputes.rights import NotYours
from qor.workflow.disputes.terms import lost_days, term

_MOST_DAYS = 60


def declare_outage(
    first: date,
    last: date,
    *,
    letter_no: str,
    by: User,
    at: datetime,
    first_time: time | None = None,
    last_time: time | None = None,
) -> int:
    """Say that the system was down from one day (and hour) to another, both included; how many
    terms grew.

    Every term is counted anew from all letters that came so far, so neither the day the clock ran
    nor words added meanwhile change anything; what silence closed too early is open again.
    NotYours, StatementMissing without the letter's number, BadValue for an end before the start or
    more than sixty days. Sources: 321/2020:9 (and interpretation: objection terms too).
    """
    _check(first, last, letter_no, by, first_time, last_time)
    with transaction.atomic():
        _one_letter_at_a_time()
        Outage.objects.create(
            first_day=first,
            last_day=last,
            first_time=first_time,
            last_time=last_time,
            letter_no=letter_no,
            declared_by=by,
            declared_at=at,
        )
        grown, again = _lengthen(first, last, at), _open_again(first, by, at)
        grown += lengthen_requests(at)
        facts = {
            "first": first.isoformat(),
            "last": last.isoformat(),
            "first_time": first_time.isoformat("minutes") if first_time else "",
            "last_time": last_time.isoformat("minutes") if last_time else "",
            "letter": letter_no,
            "terms": grown,
            "opened_again": again,
        }
        record(by=by.username, at=at, verb="declare_outage", subject="outage", facts=facts)
        return grown + again


def _check(
    first: date,
    last: date,
    letter_no: str,
    by: User,
    first_time: time | None,
    last_time: time | None,
) -> None:
    """Whether the letter may be entered."""
    if by.role != User.Role.HEAD_OFFICE:
        raise NotYours()
    if not letter_no.strip():
        raise StatementMissing()
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise BadValue(field="last_day", value=last.isoformat())
    if (
        first == last
        and first_time is not None
        and last_time is not None
        and last_time <= first_time
    ):
        raise BadValue(field="last_time", value=last_time.isoformat("minutes"))


def _one_letter_at_a_time() -> None:
    """Two letters at once wait for each other: each counts terms from all letters before it."""
    offices = Organisation.objects.filter(kind=Organisation.Kind.HEAD_OFFICE)
    list(offices.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _lengthen(first: date, last: date, at: datetime) -> int:
    """Count anew the open terms that ran in the outage; one that is no longer over is no longer
    overdue."""
    grown, lost = 0, lost_days()
    running = Case.objects.select_for_update(of=("self",)).filter(
        outcome="", due_on__gte=first, entered_on__lte=last
    )
    for case in running.order_by("pk"):
        due, longer = term(case.route, case.state, case.entered_on, lost)
        if due is None or case.due_on is None or due <= case.due_on:
            continue
        case.due_on, case.extended_days = due, longer
        if case.overdue_since is not None:
            case.overdue_since = None if due >= civil_day(at) else due + timedelta(days=1)
        case.save(update_fields=["due_on", "extended_days", "overdue_since"])
        grown += 1
    return grown


def _open_again(first: date, by: User, at: datetime) -> int:
    """What silence closed although its term, by all letters, is not over: open again until its new
    end."""
    again, lost = 0, lost_days()
    silent = Step.objects.filter(
        event="silence", at__date__gte=first, case__outcome=Outcome.CONFIRMED
    )
    for step in silent.select_related("case").order_by("case_id", "pk"):
        case = (
            Case.objects.select_for_update(of=("self",))
            .select_related("provider")
            .get(pk=step.case_id)
        )
        route, name = step.from_state.split(".")
        entered_on = _entered_on(case, step)
        due, longer = term(route, name, entered_on, lost)
        if due is None or due < civil_day(at) or _moved_on(case, step):
            continue
        case.route, case.state, case.outcome = route, name, ""
        case.entered_on, case.extended_days, case.due_on = entered_on, longer, due
        case.save()
        opened = Step.objects.create(
            case=case,
            at=at,
            by=by,
            event="open_again",
            from_state=step.to_state,
            to_state=step.from_state,
        )
        notify(case, step.from_state, at)
        record(
            by=by.username,
            at=at,
            verb="open_again",
            subject=f"case:{case.pk}",
            facts={"step": opened.pk, "due_on": str(case.due_on)},
        )
        again += 1
    return again


def _moved_on(case: Case, step: Step) -> bool:
    """Whether the case changed its state after the silence; words that only stand beside it do not
    count."""
    return case.steps.filter(pk__gt=step.pk).exclude(from_state=F("to_state")).exists()


def _entered_on(case: Case, step: Step) -> date:
    """The day on which a term began that silence ended: of the last step into that state, else the
    day the finding was shown."""
    into = case.steps.filter(pk__lt=step.pk, to_state=step.from_state).exclude(
        from_state=F("to_state")
    )
    begun = into.exclude(event="open_again").last()
    return civil_day(begun.at) if begun is not None else case.shown_on
