"""Documents asked of a provider in writing: the list, one request, and its answer with files
(321/2020, clauses 5 and 42)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from qor.interfaces.clock import now
from qor.interfaces.web.features.disputes.forms import Answer
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.law.rules.civil_time import civil_day
from qor.workflow.disputes.requests import answer_request, requests_visible_to

_SHOWN = 200


def requests(request: HttpRequest) -> HttpResponse:
    """The requests to the user's organisation: first those that wait for an answer, nearest term
    first."""
    own = requests_visible_to(user_of(request)).select_related("step__case")
    waiting = own.filter(answer__isnull=True).order_by("due_on", "pk")[:_SHOWN]
    answered = own.filter(answer__isnull=False).order_by("-pk")[:_SHOWN]
    facts = {"language": language_of(request), "waiting": waiting, "answered": answered}
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
