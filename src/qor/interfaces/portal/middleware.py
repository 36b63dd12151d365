"""What every request passes through: its language, and refusals told to the user in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qor.interfaces.portal.words import language_of
from qor.interfaces.words import refusal_text
from qor.law.refusals import Refusal

Respond = Callable[[HttpRequest], HttpResponse]


def language(respond: Respond) -> Respond:
    """Say in which language the page is."""

    def with_language(request: HttpRequest) -> HttpResponse:
        request.qor_language = language_of(request)  # type: ignore[attr-defined]
        response = respond(request)
        response.headers["Content-Language"] = request.qor_language  # type: ignore[attr-defined]
        return response

    return with_language


class refusals:  # noqa: N801 - named as what it does, like the function beside it
    """A refusal of the law or of rights becomes a page that says what, why (clause) and what to do; nothing was changed."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal with its sentence and clauses; leave other errors alone."""
        if not isinstance(error, Refusal):
            return None
        lang: Any = getattr(request, "qor_language", "kk")
        facts = {"told": refusal_text(error, lang), "cites": error.cites, "language": lang}
        return render(request, "refused.html", facts, status=403 if error.key == "not_yours" else 409)
