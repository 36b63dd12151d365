"""Documents asked of a provider in writing: the list, one request, and its answer with files
(321/2020, clauses 5 and 42)."""

from __future__ import annotations

from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from qor.interfaces.clock import now
from qor.interfaces.web.features.disputes.forms import Answer
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import Column, Kind, Listing, Table, download, screen, words_of
from qor.law.rules.civil_time import civil_day
from qor.workflow.disputes.models import DocumentRequest
from qor.workflow.disputes.requests import answer_request, requests_visible_to

WAITING, ANSWERED = "waiting", "answered"


def _address(asked: DocumentRequest) -> str:
    return reverse("document_request", args=[asked.pk])


REQUESTS = Table(
    "requests",
    "portal.requests",
    (
        Column("number", "terms.number", Kind.ORDINAL, field="pk", link=_address),
        Column("service_id", "terms.service_id", field="step__case__service_id"),
        Column(
            "state",
            "terms.state",
            Kind.ENUMERATION,
            field="stands",
            says=words_of("portal.request_"),
            choices=(WAITING, ANSWERED),
        ),
        Column("due", "terms.due", Kind.DAY, field="due_on", cell="request_due.html"),
    ),
    order=("-stands", "due_on"),
)


def requests(request: HttpRequest) -> HttpResponseBase:
    """The requests to the user's organisation: first those that wait for an answer, nearest term
    first."""
    stands = Case(When(answer__isnull=True, then=Value(WAITING)), default=Value(ANSWERED))
    rows = requests_visible_to(user_of(request)).select_related("step__case")

    def beside(asked: DocumentRequest) -> dict[str, bool]:
        return {"own": asked.answer_id is None}

    listing = Listing(REQUESTS, rows.annotate(stands=stands), beside)
    if (file := download(request, listing)) is not None:
        return file
    facts = {"language": language_of(request), "requests": screen(request, listing)}
    return render(request, "requests.html", facts)


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: the service, what is asked, until when; POST answers it with words and files."""
    user = user_of(request)
    asked = get_object_or_404(
        requests_visible_to(user).select_related("step__case", "answer"), pk=pk
    )
    form = Answer(request)
    if form.sent():
        with form.refusals():
            answer_request(pk, by=user, at=now(), **form.cleaned_data)
            return redirect("document_request", pk=pk)
    facts = {
        "asked": asked,
        "case": asked.step.case,
        "since": civil_day(asked.step.at),
        "form": form,
        "language": language_of(request),
    }
    return render(request, "request.html", facts, status=form.status)
