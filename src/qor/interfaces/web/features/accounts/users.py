"""The administrator's list of people, and the page that invites one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from qor.interfaces.clock import now
from qor.interfaces.web.features.accounts.forms import Invited
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import Column, Kind, Listing, Table, download, screen, words_of
from qor.interfaces.web.kernel.template_tags import role_name
from qor.workflow.accounts.actions import Invitation, invite
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.accounts.selectors import STATES, users_with_state, waiting_requests
from qor.workflow.disputes.letters import overdue_letters


def _page_of(user: Any) -> str:
    return reverse("user", kwargs={"pk": user.pk})


USERNAME = Column("username", "portal.username", link=_page_of)
FIRST_NAME = Column("first_name", "portal.first_name")
LAST_NAME = Column("last_name", "portal.last_name")
ROLE = Column(
    "role", "portal.role", Kind.ENUMERATION, says=role_name, choices=tuple(User.Role.values)
)
STATE = Column(
    "state", "terms.state", Kind.ENUMERATION, says=words_of("portal.user_state_"), choices=STATES
)
LAST_SIGN_IN = Column("last_login", "portal.last_sign_in", Kind.MOMENT)
USERS = Table(
    "users",
    "portal.users",
    (
        USERNAME,
        FIRST_NAME,
        LAST_NAME,
        ROLE,
        Column("organisation", "portal.organisation", field="organisation__name_{language}"),
        STATE,
        LAST_SIGN_IN,
    ),
    order=("role", "username"),
)


def users(request: HttpRequest) -> HttpResponseBase:
    """All users with their state; how much waits for a second administrator, and how many letters
    do not go."""
    listing = Listing(USERS, users_with_state(at=now()))
    if (file := download(request, listing)) is not None:
        return file
    facts = {
        "language": language_of(request),
        "users": screen(request, listing),
        "waiting": waiting_requests().count(),
        "letters": overdue_letters(now()).count(),
    }
    return render(request, "users.html", facts)


def invite_user(request: HttpRequest) -> HttpResponseBase:
    """A new account; its first password is shown once, in the answer to the form."""
    organisations = Organisation.objects.order_by("kind", "region", "bin")
    form, done = Invited(request).of(organisations), None
    if form.sent():
        with form.refusals():
            done = invite(Invitation(**form.cleaned_data), by=user_of(request), at=now())
            form = Invited(request, blank=True).of(organisations)
    facts = {"language": language_of(request), "form": form, "done": done}
    return render(request, "user_invite.html", facts, status=form.status)
