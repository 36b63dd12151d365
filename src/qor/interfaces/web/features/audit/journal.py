"""The journal, for the auditor and head office."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from qor.interfaces.web.kernel.access import language_of
from qor.interfaces.web.kernel.table import Column, Kind, Listing, Table, download, screen
from qor.workflow.audit.models import Entry


def _details(entry: Any, _: str) -> str:
    return str(entry.facts)


ENTRIES = Table(
    "journal",
    "portal.journal",
    (
        Column("number", "terms.number", Kind.ORDINAL),
        Column("at", "portal.at", Kind.MOMENT),
        Column("by", "portal.by", exact=True),
        Column("verb", "portal.verb", exact=True),
        Column("subject", "portal.subject", exact=True),
        Column("details", "portal.details", value=_details, sortable=False, filterable=False),
    ),
    order=("-number",),
    key="number",
    size=100,
)


def journal(request: HttpRequest) -> HttpResponseBase:
    """The journal, newest first."""
    listing = Listing(ENTRIES, Entry.objects.all())
    if (file := download(request, listing)) is not None:
        return file
    facts = {"language": language_of(request), "entries": screen(request, listing)}
    return render(request, "journal.html", facts)
