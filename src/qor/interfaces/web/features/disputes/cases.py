"""One case, and what is done in it."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages as flash
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from qor.engine.checks.catalogue import check_named
from qor.engine.storage.lake import Lake
from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.disputes.service_facts import around, service
from qor.interfaces.web.kernel.access import language_of, number, user_of
from qor.interfaces.web.kernel.service_payments import in_act
from qor.law.nouns.care_forms import CareForm, title
from qor.law.nouns.refusals import Refusal
from qor.law.reading.calendar import working_days_between
from qor.law.reading.defects import classification_of
from qor.law.reading.machines import events_in, machine, on_silence, state
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.penalties import CHECK as UNLICENSED
from qor.workflow.acts.penalties import proposed_penalties
from qor.workflow.disputes.actions import add_remark, apply_event, civil_day
from qor.workflow.disputes.assignment import BY_EXPERTS
from qor.workflow.disputes.files import look_at, place_of
from qor.workflow.disputes.models import Attachment, Case, DocumentRequest
from qor.workflow.disputes.requests import ASKED, ask_for_documents
from qor.workflow.disputes.rights import may_act, shown_as, statement_shown, visible_to
from qor.workflow.disputes.terms import REVIEW_TERM, lost_days, term

_DISPUTING = (User.Role.PROVIDER, User.Role.EXPERT, User.Role.HEAD_OFFICE)
_MOST_TOGETHER = 200


def today() -> Any:
    """The calendar day in Kazakhstan."""
    return civil_day(now())


def case_row(case: Case, lang: str, day: Any, user: User) -> dict[str, Any]:
    """What a case shows beside its own facts: its state in words, the days left, what may be done
    with it."""
    held = state(case.route, case.state)
    left = working_days_between(day, case.due_on) if case.due_on and case.due_on >= day else None
    mine = may_act(user, case)
    return {
        "case": case,
        "state": held.in_language(lang),
        "left": left,
        "late": bool(case.due_on and not case.outcome and case.due_on < day),
        "form": title(CareForm(case.care_form), lang),
        "provider": case.provider.called(lang),
        "mine": mine,
    }


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: the facts, the dispute so far, and what can be done now with its consequences."""
    user, lang, day = user_of(request), language_of(request), today()
    case = get_object_or_404(visible_to(user).select_related("provider", "assigned_to"), pk=pk)
    steps = [
        {
            "step": s,
            "who": shown_as(user, s.by, case),
            "event": s.event,
            "statement": s.statement if statement_shown(user, s.event, s.from_state) else "",
            "files": list(s.attachments.all())
            if statement_shown(user, s.event, s.from_state)
            else [],
            "to": state_name(s.to_state, lang),
        }
        for s in case.steps.select_related("by", "by__organisation").prefetch_related("attachments")
    ]
    code = classification_of(case.edition).get(case.code) if case.code else None
    check = check_named(case.check_slug)
    facts = {
        "language": lang,
        "case": case,
        "steps": steps,
        "mine": may_act(user, case),
        "row": case_row(case, lang, day, user),
        "says": check.says.in_language(lang),
        "cites": check.cites,
        "code_name": code.names[lang] if code else "",
        "facts": service(case),
        "choices": _choices_of(case, lang, day) if may_act(user, case) else [],
        "lethal": machine(case.route).says_preventable and user.role != User.Role.PROVIDER,
        "is_provider": user.role == User.Role.PROVIDER,
        "can_say": _can_say(user, case),
        "experts": _experts(user, case),
        "next": _next(user, case),
        "in_act": in_act(case),
        "requests": _requests(case),
        "literal_due": _literal_due(case),
        "penalties": _penalties(user, case, lang),
    }
    return render(request, "case.html", facts)


def _literal_due(case: Case) -> date | None:
    """The day on which a first review would end by the other reading of clause 30: counted from the
    finding (interpretation review_term_start)."""
    if case.outcome or state(case.route, case.state).term != REVIEW_TERM:
        return None
    literal, _ = term(case.route, case.state, case.shown_on, lost_days())
    return literal if literal != case.due_on else None


def state_name(told: str, lang: str) -> str:
    """What a state is called that is written with its route: objection.first_review."""
    route, name = told.split(".")
    return state(route, name).in_language(lang)


def _choices_of(case: Case, lang: str, day: Any) -> list[dict[str, Any]]:
    """Each thing that can be done, with what follows: the state, who must act then and until when,
    or the final word on the money."""
    found, lost = [], lost_days()
    for step in events_in(case.route, case.state):
        after = state(step.to_machine, step.to_state)
        silent = on_silence(after.machine, after.name)
        found.append(
            {
                "event": step.event,
                "after": after.in_language(lang),
                "outcome": after.outcome,
                "owner": after.owner.value if after.owner else "",
                "until": term(after.machine, after.name, day, lost)[0],
                "silence": silent.in_language(lang) if silent else "",
                "cites": step.cites,
            }
        )
    return found


def _can_say(user: User, case: Case) -> tuple[str, ...]:
    """Which words without a decision this user may add: an explanation; a request for documents or
    for an independent expert (321/2020:48)."""
    if user.role == User.Role.PROVIDER:
        return ("explain",)
    return (ASKED, "call_expert") if may_act(user, case) and user.role == User.Role.EXPERT else ()


def _experts(user: User, case: Case) -> list[User]:
    if user.role != User.Role.HEAD_OFFICE or state(case.route, case.state).owner not in BY_EXPERTS:
        return []
    return list(
        User.objects.filter(role=User.Role.EXPERT, is_active=True)
        .select_related("organisation")
        .order_by("username")
    )


def _requests(case: Case) -> list[DocumentRequest]:
    """The documents asked for in a case, each with its term and whether it was answered."""
    asked = DocumentRequest.objects.filter(step__case=case).select_related("answer")
    return list(asked.order_by("pk"))


def _penalties(user: User, case: Case, lang: str) -> list[dict[str, Any]]:
    """The penalty proposed for the contract of a case of work without a licence, for the Fund's
    people only (321/2020:10)."""
    if case.check_slug != UNLICENSED or user.role == User.Role.PROVIDER:
        return []
    own = Organisation.objects.filter(pk=case.provider_id)
    return [
        {"of": each, "provider": case.provider.called(lang)}
        for each in proposed_penalties(Lake(Path(settings.QOR_LAKE)), own)
    ]


def _next(user: User, case: Case) -> Case | None:
    """The next case of the user's own work."""
    waiting = visible_to(user).filter(outcome="").exclude(pk=case.pk)
    waiting = waiting.order_by(F("due_on").asc(nulls_last=True), "pk")
    if user.role == User.Role.EXPERT:
        waiting = waiting.filter(assigned_to=user)
    return waiting.first()


def act_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out one decision or objection, with its files."""
    user = user_of(request)
    get_object_or_404(visible_to(user), pk=pk)
    said = request.POST.get("preventable", "")
    preventable = {"yes": True, "no": False}.get(said)
    event, files = request.POST.get("event", ""), look_at(request.FILES.getlist("files"), by=user)
    apply_event(
        pk,
        event,
        by=user,
        at=now(),
        statement=request.POST.get("statement", ""),
        preventable=preventable,
        files=files,
    )
    flash.success(request, messages.text("portal.done", language_of(request)))
    return redirect("case", pk=pk) if visible_to(user).filter(pk=pk).exists() else redirect("cases")


def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Add words that decide nothing: an explanation or a request for documents."""
    user = user_of(request)
    case = get_object_or_404(visible_to(user), pk=pk)
    allowed = _can_say(user, case)
    event = request.POST.get("event") or (allowed[0] if allowed else "")
    if event not in allowed:
        raise Http404
    files = look_at(request.FILES.getlist("files"), by=user)
    add = ask_for_documents if event == ASKED else partial(add_remark, event=event)
    add(pk, by=user, at=now(), statement=request.POST.get("statement", ""), files=files)
    return redirect("case", pk=pk)


def together(request: HttpRequest) -> HttpResponse:
    """The same words and event for several cases, each with a record of its own; those that refuse
    are told apart."""
    user, event, lang = user_of(request), request.POST.get("event", ""), language_of(request)
    chosen = [number(pk) for pk in request.POST.getlist("case")][:_MOST_TOGETHER]
    own = visible_to(user).filter(pk__in=chosen).order_by("pk")
    done = 0
    for case in own:
        try:
            apply_event(
                case.pk, event, by=user, at=now(), statement=request.POST.get("statement", "")
            )
            done += 1
        except Refusal as refusal:
            flash.error(request, f"№ {case.pk}: {messages.refusal_text(refusal, lang)}")
    flash.success(request, messages.text("portal.done_together", lang, count=done))
    return redirect("cases")


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's other services around the case; opening them is itself recorded: who, when,
    why."""
    user, lang = user_of(request), language_of(request)
    case = get_object_or_404(visible_to(user).select_related("provider"), pk=pk)
    why = request.POST.get("why", "").strip()
    found = around(case, by=user, at=now(), why=why)
    return render(
        request, "person.html", {"language": lang, "case": case, "rows": found, "why": why}
    )


def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a case that the user may see; never shown inside the page, never guessed at by the
    browser."""
    found = get_object_or_404(Attachment.objects.select_related("step"), pk=pk)
    get_object_or_404(visible_to(user_of(request)), pk=found.step.case_id)
    if not statement_shown(user_of(request), found.step.event, found.step.from_state):
        raise Http404
    path: Path = place_of(found)
    if not path.is_file():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type=found.kind
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
