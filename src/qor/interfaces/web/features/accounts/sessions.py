"""Signing in and out, the language of the pages, and each role's first page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from qor.interfaces.clock import now
from qor.interfaces.web.features.accounts.forms import Language, OwnPassword
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.template_tags import COOKIE
from qor.workflow.accounts.actions import change_own_password
from qor.workflow.accounts.models import User
from qor.workflow.accounts.refusals import PasswordWeak

_YEAR = 365 * 24 * 3600
_FIRST_PAGE = {
    User.Role.PROVIDER: "cases",
    User.Role.EXPERT: "cases",
    User.Role.HEAD_OFFICE: "cases",
    User.Role.ADMINISTRATOR: "users",
    User.Role.AUDITOR: "journal",
    User.Role.ACCOUNTANT: "acts",
}


def not_here(request: HttpRequest, *_: Any) -> HttpResponse:
    """Pages of the library that this portal does not have."""
    raise Http404


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("account_login")


def own_password(request: HttpRequest) -> HttpResponse:
    """The user's own password, changed by who knows the present one; other sessions end."""
    form = OwnPassword(request)
    if form.sent():
        with form.refusals():
            _change(request, form.cleaned_data["new"])
            return redirect("home")
    facts = {"language": language_of(request), "form": form}
    return render(request, "own_password.html", facts, status=form.status)


def _change(request: HttpRequest, new: str) -> None:
    """Change the password and keep the session. PasswordWeak, also for the former one."""
    user = user_of(request)
    if user.check_password(new):
        raise PasswordWeak()
    try:
        validate_password(new, user)
    except ValidationError:
        raise PasswordWeak() from None
    change_own_password(user, new, at=now())
    update_session_auth_hash(request, user)


def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language of the pages in a cookie, and go back to where the user was."""
    form = Language(request)
    form.sent()
    chosen, back = (form.cleaned_data.get(name, "") for name in ("language", "back"))
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}
    ):
        back = "/"
    response = redirect(back)
    if chosen:
        response.set_cookie(COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True)
    return response


def home(request: HttpRequest) -> HttpResponse:
    """Each role's work, in the order of its deadlines."""
    return redirect(_FIRST_PAGE[User.Role(user_of(request).role)])
