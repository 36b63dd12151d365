"""An administrator's page of one person: facts, state, and what is done to the account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.accounts.forms import (
    ACCOUNT_EVENTS,
    CHANGE_ROLE,
    AccountEvent,
    NewRole,
    OneButton,
)
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.forms import Form
from qor.workflow.accounts import actions
from qor.workflow.accounts.actions import Done
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.accounts.selectors import (
    LOCKED,
    has_second_factor,
    users_with_state,
    waiting_requests,
)

_ONE_BUTTON: dict[str, Callable[..., Done | None]] = {
    "switch_off": actions.switch_off,
    "switch_on": actions.switch_on,
    "unlock": actions.unlock,
    "new_password": actions.new_password,
    "reset_second_factor": actions.reset_second_factor,
    "end_sessions": actions.end_sessions,
}


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that may be done to the account: its button, its words and its form."""

    event: str
    title: str
    about: str
    form: Form


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for a second administrator: its number, what it is, who asked."""

    number: int
    what: str
    by: str


def person(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One person; each button is one action, and what it refuses stands above it."""
    user, event = _user(pk), ""
    if request.method == "POST":
        pressed = AccountEvent(request)
        event = pressed.cleaned_data["event"] if pressed.sent() else ""
        if not event:
            raise Http404
    forms = {name: _form(request, user, name, blank=name != event) for name in ACCOUNT_EVENTS}
    done = _carry_out(event, user, forms[event], user_of(request)) if event else None
    if done is not None and not done.password:
        _flash(request, done)
        return redirect("user", pk=user.pk)
    return _page(request, _user(pk), forms, done)


def _user(pk: int) -> Any:
    """The person with their state. Http404."""
    user = users_with_state(at=now()).filter(pk=pk).first()
    if user is None:
        raise Http404
    return user


def _form(request: HttpRequest, user: User, event: str, *, blank: bool) -> Form:
    """The form of a button; that of the role begins with what the person has."""
    if event != CHANGE_ROLE:
        return OneButton(request, blank=blank)
    now_has = {"role": user.role, "organisation": user.organisation_id}
    organisations = Organisation.objects.order_by("kind", "region", "bin")
    return NewRole(request, blank=blank, initial=now_has).of(organisations)


def _carry_out(event: str, user: User, form: Form, by: User) -> Done | None:
    """Do what the button says; None where something is refused."""
    if not form.sent():
        return None
    with form.refusals():
        if event == CHANGE_ROLE:
            role, organisation = form.cleaned_data["role"], form.cleaned_data["organisation"]
            return actions.change_role(user.username, role, organisation, by=by, at=now())
        return _ONE_BUTTON[event](user.username, by=by, at=now()) or Done()
    return None


def _flash(request: HttpRequest, done: Done) -> None:
    """Say that it is done, or which request waits for another administrator."""
    lang = language_of(request)
    if done.request is None:
        flash.success(request, messages.text("portal.done", lang))
    else:
        flash.info(request, messages.text("portal.request_waits_here", lang, number=done.request))


def _page(
    request: HttpRequest, user: Any, forms: dict[str, Form], done: Done | None
) -> HttpResponseBase:
    lang, own = language_of(request), user.pk == user_of(request).pk
    facts = {
        "language": lang,
        "person": user,
        "state": messages.text(f"portal.user_state_{user.state}", lang),
        "second_factor": has_second_factor(user),
        "requests": [
            Asked(each.pk, messages.text(f"cli.request_{each.kind}", lang), each.asked_by.username)
            for each in waiting_requests().filter(user=user)
        ],
        "own": own,
        "done": done,
        "sections": [
            Section(name, f"portal.account_{name}", f"portal.account_{name}_about", form)
            for name, form in forms.items()
            if form.errors or _offered(name, user, own)
        ],
    }
    status = max(form.status for form in forms.values())
    return render(request, "user.html", facts, status=status)


def _offered(event: str, user: Any, own: bool) -> bool:
    """Whether a button makes sense now: nobody decides about themselves, nothing is done twice."""
    if event in {"switch_off", "switch_on"}:
        return not own and user.is_active == (event == "switch_off")
    if event == "unlock":
        return bool(user.state == LOCKED)
    return not own or event == "end_sessions"
