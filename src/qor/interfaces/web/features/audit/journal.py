"""The journal, for the auditor and head office."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qor.interfaces.web.kernel.access import language_of
from qor.workflow.audit.models import Entry

_PAGE = 100


def journal(request: HttpRequest) -> HttpResponse:
    """The journal, newest first."""
    entries: Any = Entry.objects.order_by("-number")
    if subject := request.GET.get("subject", "")[:200]:
        entries = entries.filter(subject=subject)
    page = Paginator(entries, _PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "journal.html",
        {"language": language_of(request), "page": page, "subject": subject},
    )
