"""What every request passes through: its language, and refusals told to the user in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qor.interfaces.disk import disk_trouble
from qor.interfaces.messages import refusal_text
from qor.interfaces.web.kernel.template_tags import language_of
from qor.law.nouns.refusals import Refusal

_STATUS = {"not_yours": 403, "disk_trouble": 507, "unknown_in_list": 404, "no_such_view": 404}
_WITHOUT = ("/security/", "/sign-", "/language/", "/static/")
Respond = Callable[[HttpRequest], HttpResponse]


def language(respond: Respond) -> Respond:
    """Say in which language the page is."""

    def with_language(request: HttpRequest) -> HttpResponse:
        request.qor_language = language_of(request)  # type: ignore[attr-defined]
        response = respond(request)
        response.headers["Content-Language"] = request.qor_language  # type: ignore[attr-defined]
        return response

    return with_language


def second_factor(respond: Respond) -> Respond:
    """People who have no second factor yet are led to set one up, and can do nothing else.

    All roles: providers sign registers and acts, the Fund's people decide and pay.
    """

    def guarded(request: HttpRequest) -> HttpResponse:
        if _lacks_second_factor(request):
            return redirect("mfa_activate_totp")
        return respond(request)

    return guarded


def _lacks_second_factor(request: HttpRequest) -> bool:
    user: Any = request.user
    if not settings.QOR_SECOND_FACTOR or not user.is_authenticated:
        return False
    if request.path.startswith(_WITHOUT):
        return False
    return not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def own_password(respond: Respond) -> Respond:
    """A user whose password somebody else made is led to change it, and can do nothing else."""

    def guarded(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if (
            user.is_authenticated
            and user.must_change_password
            and not request.path.startswith(_WITHOUT)
        ):
            return redirect("own_password")
        return respond(request)

    return guarded


class refusals:  # noqa: N801 - named as what it does, like the function beside it
    """A refusal of the law or of rights becomes a page that says what, why (clause) and what to do;
    nothing was changed."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal with its sentence and clauses; leave other errors alone."""
        refusal = error if isinstance(error, Refusal) else disk_trouble(error)
        if refusal is None:
            return None
        lang: Any = getattr(request, "qor_language", "kk")
        facts = {"told": refusal_text(refusal, lang), "cites": refusal.cites, "language": lang}
        return render(request, "refused.html", facts, status=_STATUS.get(refusal.key, 409))
