"""Who asks, in which language, and for what number."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from qor.workflow.accounts.models import User

_LONGEST = 19


def number(written: str | None) -> int:
    """A number of something from a form or an address; zero, which is nothing's number, for what is
    not one."""
    return int(written) if written and written.isdecimal() and len(written) < _LONGEST else 0


def user_of(request: HttpRequest) -> User:
    """The signed-in user."""
    return cast(User, request.user)


def language_of(request: HttpRequest) -> str:
    """The language of the page."""
    return str(request.qor_language)  # type: ignore[attr-defined]
