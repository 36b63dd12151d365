"""The line that declares a page: its address, who may open it, how, and its place in the menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from qor.interfaces.web.kernel.access import user_of
from qor.workflow.accounts.models import User

View = Callable[..., HttpResponseBase]
# Whoever is signed in, and whoever comes: a page says so by name, never by leaving roles out.
SIGNED_IN: frozenset[str] = frozenset(User.Role.values)
ANYBODY: frozenset[str] = SIGNED_IN | {"anybody"}
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name, its address, the view that answers, the roles that may open it, the methods
    that it takes.

    `menu`: its place in the menu, counted from the left; None: it stands in none. Its title there
    is the sentence `portal.<name>`.
    """

    name: str
    address: str
    view: View
    roles: frozenset[str]
    takes: tuple[str, ...] = GET
    menu: int | None = None

    def pattern(self) -> URLPattern:
        """The address with its guard: another method is refused (405); who is not signed in is
        asked to; anybody whose role is not named finds nothing there (404)."""
        view = self.view if self.roles == ANYBODY else _for_roles(self.roles, self.view)
        return path(self.address, require_http_methods(self.takes)(view), name=self.name)


def menu_of(pages: Iterable[Page], role: str) -> list[Page]:
    """The pages of a role's menu, in their order."""
    places = [(page.menu, page) for page in pages if page.menu is not None and role in page.roles]
    return [page for _, page in sorted(places, key=lambda place: place[0])]


def _for_roles(roles: frozenset[str], view: View) -> View:
    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if user_of(request).role not in roles:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
