"""Who may open which page: deny by default. A page not named here is for nobody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from qor.workflow.accounts.models import User

_LONGEST = 19
View = Callable[..., HttpResponseBase]


def for_roles(*roles: str) -> Callable[[View], View]:
    """The page is for users of these roles; anybody else finds nothing there, and who is not signed
    in is asked to."""

    def wrapped(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if user_of(request).role not in roles:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return wrapped


def number(told: str | None) -> int:
    """A number of something from a form or an address; zero, which is nothing's number, for what is
    not one."""
    return int(told) if told and told.isdecimal() and len(told) < _LONGEST else 0


def user_of(request: HttpRequest) -> User:
    """The signed-in user."""
    return cast(User, request.user)


def language_of(request: HttpRequest) -> str:
    """The language of the page."""
    return str(request.qor_language)  # type: ignore[attr-defined]
