"""What is done in a case: decisions, remarks, many cases at once, looking at a person."""

from __future__ import annotations

from functools import partial

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.disputes.case_list import list_page
from qor.interfaces.web.features.disputes.case_page import (
    can_say,
    case_page,
    decision_form,
    seen_case,
)
from qor.interfaces.web.features.disputes.forms import Decision, PersonReason, Remark, Together
from qor.interfaces.web.features.disputes.service_facts import around
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.law.nouns.refusals import Refusal
from qor.workflow.disputes.actions import add_remark, apply_event
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.requests import ASKED, ask_for_documents
from qor.workflow.disputes.rights import visible_to


def act_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out one decision or objection, with its files."""
    user, case = user_of(request), seen_case(request, pk)
    form = decision_form(request, case)
    if form.sent():
        with form.refusals():
            _decide(request, pk, form)
            seen = visible_to(user).filter(pk=pk).exists()
            return redirect("case", pk=pk) if seen else redirect("cases")
    return case_page(request, case, form)


def _decide(request: HttpRequest, pk: int, form: Decision) -> None:
    sent = form.cleaned_data
    apply_event(
        pk,
        sent["event"],
        by=user_of(request),
        at=now(),
        statement=sent["statement"],
        preventable=form.preventable_said(),
        files=sent["files"],
    )
    flash.success(request, messages.text("portal.done", language_of(request)))


def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Add words that decide nothing: an explanation or a request for documents."""
    user, case, form = user_of(request), seen_case(request, pk), Remark(request)
    allowed = can_say(user, case)
    if form.sent():
        sent = form.cleaned_data
        event = sent["event"] or (allowed[0] if allowed else "")
        if event not in allowed:
            raise Http404
        add = ask_for_documents if event == ASKED else partial(add_remark, event=event)
        with form.refusals():
            add(pk, by=user, at=now(), statement=sent["statement"], files=sent["files"])
            return redirect("case", pk=pk)
    return case_page(request, case, form)


def together(request: HttpRequest) -> HttpResponse:
    """The same words and event for several cases, each with a record of its own; those that refuse
    are told apart. Where nothing was done, the words and the choice stay."""
    user, lang, form = user_of(request), language_of(request), Together(request)
    if not form.sent():
        return list_page(request, form)
    own = list(visible_to(user).filter(pk__in=form.cleaned_data["case"]).order_by("pk"))
    if own:
        form.demand("statement")
    refused = [] if form.errors else _each(request, own, form)
    if form.errors or (refused and len(refused) == len(own)):
        for sentence in refused:
            form.add_error(None, sentence)
        return list_page(request, form)
    for sentence in refused:
        flash.error(request, sentence)
    count = len(own) - len(refused)
    flash.success(request, messages.text("portal.done_together", lang, count=count))
    return redirect("cases")


def _each(request: HttpRequest, own: list[Case], form: Together) -> list[str]:
    """Do the event in each case; a sentence for each that refused."""
    user, lang, sent = user_of(request), language_of(request), form.cleaned_data
    refused = []
    for case in own:
        try:
            apply_event(case.pk, sent["event"], by=user, at=now(), statement=sent["statement"])
        except Refusal as refusal:
            refused.append(f"№ {case.pk}: {messages.refusal_text(refusal, lang)}")
    return refused


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's other services around the case; opening them is itself recorded: who, when,
    why."""
    user, case, form = user_of(request), seen_case(request, pk), PersonReason(request)
    if form.sent():
        with form.refusals():
            why = form.cleaned_data["why"]
            rows = around(case, by=user, at=now(), why=why)
            facts = {"language": language_of(request), "case": case, "rows": rows, "why": why}
            return render(request, "person.html", facts)
    return case_page(request, case, form)
