"""The page of one case: the facts, the dispute so far, and the forms of what can be done now."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from qor.engine.checks.catalogue import check_named
from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now
from qor.interfaces.web.features.disputes.forms import (
    Decision,
    PersonReason,
    Reassignment,
    Remark,
    Stake,
)
from qor.interfaces.web.features.disputes.service_facts import service
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.forms import Form
from qor.interfaces.web.kernel.service_payments import in_act
from qor.law.nouns.care_forms import CareForm, title
from qor.law.nouns.states import Outcome
from qor.law.reading.calendar import working_days_between
from qor.law.reading.defects import classification_of
from qor.law.reading.machines import events_in, machine, on_silence, state
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.penalties import CHECK as UNLICENSED
from qor.workflow.acts.penalties import proposed_penalties
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.assignment import BY_EXPERTS
from qor.workflow.disputes.models import Case, DocumentRequest
from qor.workflow.disputes.requests import ASKED
from qor.workflow.disputes.rights import may_act, shown_as, statement_shown, visible_to
from qor.workflow.disputes.terms import REVIEW_TERM, lost_days, term

_NAMES: dict[type[Form], str] = {
    Decision: "decision_form",
    Remark: "remark_form",
    PersonReason: "person_form",
    Reassignment: "reassign_form",
    Stake: "stake_form",
}


def today() -> Any:
    """The calendar day in Kazakhstan."""
    return civil_day(now())


def row_of(case: Case, lang: str, day: Any, user: User) -> dict[str, Any]:
    """A case as a list and its page show it."""
    stands = state(case.route, case.state)
    left = working_days_between(day, case.due_on) if case.due_on and case.due_on >= day else None
    mine = may_act(user, case)
    return {
        "case": case,
        "state": stands.in_language(lang),
        "left": left,
        "late": bool(case.due_on and not case.outcome and case.due_on < day),
        "form": title(CareForm(case.care_form), lang),
        "provider": case.provider.called(lang),
        "mine": mine,
        "events": tuple(step.event for step in events_in(case.route, case.state)) if mine else (),
    }


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: the facts, the dispute so far, and what can be done now with its consequences."""
    return case_page(request, seen_case(request, pk))


def seen_case(request: HttpRequest, pk: int) -> Case:
    """A case that the user may see; else there is none (404)."""
    seen = visible_to(user_of(request)).select_related("provider", "assigned_to")
    return get_object_or_404(seen, pk=pk)


def decision_form(request: HttpRequest, case: Case, *, blank: bool = False) -> Decision:
    """The form of a decision, as the case and the user's role need it."""
    return Decision(request, blank=blank).of(lethal=_lethal(user_of(request), case))


def reassignment_form(request: HttpRequest, case: Case, *, blank: bool = False) -> Reassignment:
    """The form that gives a case to another expert."""
    form = Reassignment(request, blank=blank, initial={"to": case.assigned_to_id})
    form.offer("to", _experts(), lambda user: f"{_name(user)} ({user.organisation.region})")
    return form


def case_page(request: HttpRequest, case: Case, refused: Form | None = None) -> HttpResponse:
    """The page of a case; one of its forms may be one that was refused."""
    forms: dict[str, Form | None] = {
        "decision_form": decision_form(request, case, blank=True),
        "remark_form": Remark(request, blank=True),
        "person_form": PersonReason(request, blank=True),
        "reassign_form": reassignment_form(request, case, blank=True),
        "stake_form": Stake(request, blank=True) if _lacks_stake(request, case) else None,
    }
    if refused is not None:
        forms[_NAMES[type(refused)]] = refused
    status = refused.status if refused is not None else 200
    facts = _facts(request, case) | forms | {"refused": refused}
    return render(request, "case.html", facts, status=status)


def _lacks_stake(request: HttpRequest, case: Case) -> bool:
    """Whether head office is to say what a confirmed case takes."""
    if user_of(request).role != User.Role.HEAD_OFFICE or case.outcome != Outcome.CONFIRMED:
        return False
    return case.proposed_deduction is None and bool(case.code)


def _facts(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What the page says of the case."""
    user, lang, day = user_of(request), language_of(request), today()
    code = classification_of(case.edition).get(case.code) if case.code else None
    check = check_named(case.check_slug)
    return {
        "language": lang,
        "case": case,
        "steps": _steps(user, case, lang),
        "mine": may_act(user, case),
        "row": row_of(case, lang, day, user),
        "says": check.says.in_language(lang),
        "cites": check.cites,
        "code_name": code.names[lang] if code else "",
        "facts": service(case),
        "choices": _choices_of(case, lang, day) if may_act(user, case) else [],
        "is_provider": user.role == User.Role.PROVIDER,
        "can_say": can_say(user, case),
        "may_reassign": user.role == User.Role.HEAD_OFFICE
        and state(case.route, case.state).owner in BY_EXPERTS,
        "next": _next(user, case),
        "in_act": in_act(case),
        "requests": _requests(case),
        "literal_due": _literal_due(case),
        "penalties": _penalties(user, case, lang),
    }


def _steps(user: User, case: Case, lang: str) -> list[dict[str, Any]]:
    """The dispute so far, as the user may read it."""
    return [
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


def _lethal(user: User, case: Case) -> bool:
    return machine(case.route).says_preventable and user.role != User.Role.PROVIDER


def _literal_due(case: Case) -> date | None:
    """The day on which a first review would end by the other reading of clause 30: counted from the
    finding (interpretation review_term_start)."""
    if case.outcome or state(case.route, case.state).term != REVIEW_TERM:
        return None
    literal, _ = term(case.route, case.state, case.shown_on, lost_days())
    return literal if literal != case.due_on else None


def state_name(written: str, lang: str) -> str:
    """What a state is called that is written with its route: objection.first_review."""
    route, name = written.split(".")
    return state(route, name).in_language(lang)


def _choices_of(case: Case, lang: str, day: Any) -> list[dict[str, Any]]:
    """Each thing that can be done, with what follows: the state, who must act then and until when,
    or the final word on the money."""
    choices, lost = [], lost_days()
    for step in events_in(case.route, case.state):
        after = state(step.to_machine, step.to_state)
        silent = on_silence(after.machine, after.name)
        choices.append(
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
    return choices


def can_say(user: User, case: Case) -> tuple[str, ...]:
    """Which words without a decision this user may add: an explanation; a request for documents or
    for an independent expert (321/2020:48)."""
    if user.role == User.Role.PROVIDER:
        return ("explain",)
    return (ASKED, "call_expert") if may_act(user, case) and user.role == User.Role.EXPERT else ()


def _experts() -> QuerySet[User]:
    active = User.objects.filter(role=User.Role.EXPERT, is_active=True)
    return active.select_related("organisation").order_by("username")


def _name(user: User) -> str:
    return user.get_full_name() or user.username


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
