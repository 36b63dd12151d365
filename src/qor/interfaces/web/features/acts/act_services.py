"""A line of an act down to its services."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from qor.engine.results.services import settled_of_line
from qor.engine.storage.lake import Lake
from qor.interfaces import messages
from qor.interfaces.web.features.acts.acts import act_seen, form_name
from qor.interfaces.web.kernel.access import language_of
from qor.interfaces.web.kernel.table import Column, Listing, Table, download, money, screen
from qor.workflow.acts.models import Act, ActLine, Closing
from qor.workflow.acts.settled import settled_paths


def _service(row: Any, _: str) -> str:
    """The number of a service; nothing for a sum that is of no single one."""
    return "" if row["kind"] == "lump" else str(row["service_id"])


def _reason(row: Any, lang: str) -> str:
    """What became of a service, and why."""
    key = f"portal.reason_{row['reason']}" if row["reason"] else "portal.paid_in_full"
    released = f" · {messages.text('terms.released', lang)}" if row["kind"] == "released" else ""
    return messages.text(key, lang) + released


SERVICES = Table(
    "act_services",
    "portal.act_services",
    (
        Column("service_id", "terms.service_id", value=_service),
        Column("reason", "terms.reason", value=_reason),
        *(
            money(name, summed=True)
            for name in ("amount returned held disallowed beyond accepted sanction").split()
        ),
    ),
    order=(),
    keeps=("form", "funding", "of", "kind"),
    size=100,
)


def act_services(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A line of an act down to its services: what is not simply paid in full, one by one; and how
    many are."""
    act, lang = act_seen(request, pk), language_of(request)
    line = get_object_or_404(
        act.lines,
        care_form=request.GET.get("form", ""),
        funding=request.GET.get("funding", ""),
        service_month=request.GET.get("of", ""),
        kind=request.GET.get("kind", ""),
    )
    rows = _settled(act, line)
    listing = Listing(SERVICES, rows)
    if (file := download(request, listing)) is not None:
        return file
    whole = line.services - sum(1 for row in rows if row["kind"] != "lump")
    facts = {
        "language": lang,
        "act": act,
        "line": line,
        "form": form_name(line.care_form, lang, line.kind),
        "services": screen(request, listing),
        "whole": max(whole, 0),
    }
    return render(request, "act_services.html", facts)


def _settled(act: Act, line: ActLine) -> list[dict[str, Any]]:
    """The settled services of a line, from the part of the lake that the closing names."""
    lake = Lake(Path(settings.QOR_LAKE))
    paths = settled_paths(lake, Closing.objects.filter(pk=act.closing_id))
    if not paths:
        return []
    return settled_of_line(
        paths,
        provider=str(act.provider.bin),
        contract=act.contract_no,
        form=line.care_form,
        funding=line.funding,
        month=line.service_month,
        kind=line.kind,
    )
