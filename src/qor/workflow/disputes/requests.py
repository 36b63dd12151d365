"""Documents asked of a provider in writing: the request is told, has a term and an answer
(321/2020, clauses 5, 6 and 42)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from qor.law.nouns.refusals import Refusal
from qor.law.reading.figures import figure
from qor.law.rules.civil_time import civil_day
from qor.law.rules.outages import term_with_outages
from qor.workflow.accounts.models import User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.actions import add_statement
from qor.workflow.disputes.files import Received, kept
from qor.workflow.disputes.models import Case, DocumentRequest, Notice
from qor.workflow.disputes.notices import head_office
from qor.workflow.disputes.rights import NotYours, may_act
from qor.workflow.disputes.terms import lost_days

ASKED, ANSWERED, UNANSWERED = "request_documents", "answer_request", "request_unanswered"


class AlreadyAnswered(Refusal):
    """A request is answered once; further words are a new explanation."""

    key = "already_answered"


def requests_visible_to(user: User) -> QuerySet[DocumentRequest]:
    """The requests to a provider's own organisation, for its people: also those of cases that they
    cannot see. Sources: 321/2020:5, 321/2020:15."""
    if user.role != User.Role.PROVIDER or not user.organisation_id:
        return DocumentRequest.objects.none()
    return DocumentRequest.objects.filter(step__case__provider_id=user.organisation_id)


def ask_for_documents(
    case_id: int, *, by: User, at: datetime, statement: str, files: Sequence[Received] = ()
) -> DocumentRequest:
    """The expert whose turn it is asks the provider for documents; its people are told, with the
    last day.

    The term is a setting (figure document_request_term): the rules name none. It does not stop the
    term of the case. NotYours, StatementMissing.
    Sources: 321/2020:5, 321/2020:6, 321/2020:42.
    """
    with kept(files) as stored, transaction.atomic():
        case = (
            Case.objects.select_for_update(of=("self",)).select_related("provider").get(pk=case_id)
        )
        if by.role != User.Role.EXPERT or not may_act(by, case):
            raise NotYours()
        step = add_statement(case, ASKED, by=by, at=at, statement=statement, files=stored)
        request = DocumentRequest.objects.create(step=step, due_on=_due_on(civil_day(at)))
        asked = User.objects.filter(
            organisation_id=case.provider_id, role=User.Role.PROVIDER, is_active=True
        )
        _notify(request, list(asked), ASKED, at)
        return request


def _due_on(asked_on: date) -> date:
    """The last day for an answer, by all letters of outages that came so far."""
    days = figure("document_request_term", asked_on).whole
    return term_with_outages(asked_on, days, lost_days(), shut=False).due_on


def lengthen_requests(at: datetime) -> int:
    """Count the terms of open requests anew after a letter of an outage; how many grew. One that is
    no longer over is no longer overdue. Sources: 321/2020:5, 321/2020:9, 321/2020:42."""
    grown = 0
    waiting = DocumentRequest.objects.select_for_update(of=("self",)).filter(answer__isnull=True)
    for request in waiting.select_related("step").order_by("pk"):
        due = _due_on(civil_day(request.step.at))
        if due <= request.due_on:
            continue
        request.due_on = due
        if request.overdue_since is not None:
            request.overdue_since = None if due >= civil_day(at) else due + timedelta(days=1)
        request.save(update_fields=["due_on", "overdue_since"])
        grown += 1
    return grown


def answer_request(
    request_id: int, *, by: User, at: datetime, statement: str, files: Sequence[Received] = ()
) -> DocumentRequest:
    """The provider answers a request, also after its term; who asked is told, and who has the case
    now. NotYours, AlreadyAnswered, StatementMissing.

    Sources: 321/2020:5, 321/2020:42.
    """
    with kept(files) as stored, transaction.atomic():
        locked = DocumentRequest.objects.select_for_update(of=("self",)).select_related(
            "step__case__provider"
        )
        request = locked.get(pk=request_id)
        case = Case.objects.select_for_update(of=("self",)).get(pk=request.step.case_id)
        if not requests_visible_to(by).filter(pk=request_id).exists():
            raise NotYours()
        if request.answer_id is not None:
            raise AlreadyAnswered()
        request.answer = add_statement(
            case, ANSWERED, by=by, at=at, statement=statement, files=stored
        )
        request.save(update_fields=["answer"])
        wanted = {pk for pk in (request.step.by_id, case.assigned_to_id) if pk}
        _notify(request, list(User.objects.filter(pk__in=wanted, is_active=True)), ANSWERED, at)
        return request


def tick_requests(at: datetime) -> int:
    """Mark requests that were not answered in time, once; who asked and head office are told, and
    nothing is decided. How many.

    Sources: 321/2020:5, 321/2020:42.
    """
    marked = 0
    late = DocumentRequest.objects.filter(
        answer__isnull=True, overdue_since__isnull=True, due_on__lt=civil_day(at)
    )
    for pk in list(late.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            request = (
                late.select_for_update(of=("self",))
                .select_related("step__case", "step__by")
                .filter(pk=pk)
                .first()
            )
            if request is None:
                continue
            request.overdue_since = request.due_on + timedelta(days=1)
            request.save(update_fields=["overdue_since"])
            asked_by = [request.step.by] if request.step.by is not None else []
            _notify(request, [*asked_by, *head_office()], UNANSWERED, at)
            subject = f"case:{request.step.case_id}"
            record(
                by="clock", at=at, verb=UNANSWERED, subject=subject, facts={"request": request.pk}
            )
            marked += 1
    return marked


def _notify(request: DocumentRequest, users: list[User], event: str, at: datetime) -> None:
    case = request.step.case
    due_on = request.due_on if event == ASKED else None
    Notice.objects.bulk_create(
        Notice(
            user=user,
            case=case,
            at=at,
            state=request.step.to_state,
            event=event,
            request=request,
            due_on=due_on,
        )
        for user in users
    )
