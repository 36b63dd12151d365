"""What administrators asked for and another one decides: rights to pay, and those of
administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.accounts.forms import APPROVE, Decision
from qor.interfaces.web.kernel.access import language_of, number, user_of
from qor.interfaces.web.kernel.table import (
    Column,
    Kind,
    Listing,
    Narrowing,
    Table,
    download,
    screen,
    words_of,
)
from qor.interfaces.web.kernel.template_tags import role_name
from qor.workflow.accounts.actions import decide
from qor.workflow.accounts.models import AccountRequest, User


def _role(name: str, language: str) -> str:
    return role_name(name, language) if name else "–"


def _page_of(asked: Any) -> str:
    return reverse("user", kwargs={"pk": asked.user_id})


def _of_outcome(rows: Any, outcome: str) -> Any:
    return rows.filter(outcome=outcome)


_OUTCOMES = tuple((o, f"portal.request_outcome_{o}") for o in AccountRequest.Outcome.values)
ACCOUNT_REQUESTS = Table(
    "account_requests",
    "portal.account_requests",
    (
        Column("number", "terms.number", Kind.ORDINAL, field="pk"),
        Column("user", "portal.username", field="user__username", link=_page_of),
        Column(
            "kind",
            "portal.asked_for",
            Kind.ENUMERATION,
            says=words_of("cli.request_"),
            choices=tuple(AccountRequest.Kind.values),
        ),
        Column(
            "role", "portal.role", Kind.ENUMERATION, says=_role, choices=tuple(User.Role.values)
        ),
        Column("organisation", "portal.organisation", field="organisation__name_{language}"),
        Column("asked_by", "portal.asked_by", field="asked_by__username"),
        Column("asked_at", "portal.at", Kind.MOMENT),
        Column("decided_by", "portal.decided_by", field="decided_by__username", shown=False),
        Column("decided_at", "portal.decided_at", Kind.MOMENT, shown=False),
        Column(
            "decide", "portal.decide", Kind.ACTION, field="pk", cell="account_request_decide.html"
        ),
    ),
    order=("pk",),
    narrowings=(
        Narrowing(
            "outcome", "terms.state", _OUTCOMES, _of_outcome, "portal.account_requests_waiting"
        ),
    ),
)


def account_requests(request: HttpRequest) -> HttpResponseBase:
    """What waits for a second administrator, the oldest first; whoever asked does not decide. A
    password that is agreed to is shown once, to who agreed."""
    by = user_of(request)
    listing = Listing(ACCOUNT_REQUESTS, _requests(), beside=lambda asked: _may_decide(asked, by))
    if (file := download(request, listing)) is not None:
        return file
    form, done = Decision(request), None
    if form.sent():
        with form.refusals():
            approved = form.cleaned_data["event"] == APPROVE
            done = decide(number(form.cleaned_data["number"]), approved, by=by, at=now())
    if done is not None and not done.password:
        flash.success(request, messages.text("portal.done", language_of(request)))
        return redirect("account_requests")
    facts = {
        "language": language_of(request),
        "requests": screen(request, listing),
        "form": form,
        "done": done,
    }
    return render(request, "account_requests.html", facts, status=form.status)


def _requests() -> Any:
    beside = ("user", "organisation", "asked_by", "decided_by")
    return AccountRequest.objects.select_related(*beside)


def _may_decide(asked: AccountRequest, by: User) -> dict[str, bool]:
    """Whether the row has buttons for this administrator."""
    return {"may_decide": by.pk not in {asked.asked_by_id, asked.user_id}}
