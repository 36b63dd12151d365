"""Head office's page of checks: their parameters, what an edit would change in a month, putting it
in force from a date."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qor.engine.checks.catalogue import ALL
from qor.engine.checks.edits import Edit, edit_of, edits_of, put_in_force
from qor.engine.monitoring.differences import as_if_from, difference_of_edit, looked_at_on
from qor.engine.monitoring.month import NothingToRun
from qor.engine.storage.duck import connect
from qor.engine.storage.lake import Lake
from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.law.nouns.months import month
from qor.law.reading.figures import figure
from qor.workflow.audit.journal import record_apart
from qor.workflow.audit.lake_commits import enter_commits
from qor.workflow.disputes.actions import civil_day
from qor.workflow.treasury.paid import paid_upto


def checks(request: HttpRequest) -> HttpResponse:
    """The checks that have parameters; POST shows what an edit would change, or puts it in force
    (321/2020:13)."""
    lake, lang, day = Lake(Path(settings.QOR_LAKE)), language_of(request), civil_day(now())
    facts: dict[str, Any] = {
        "language": lang,
        "given": request.POST,
        "changes": None,
        "months": list(reversed(lake.months("findings")))[:6],
    }
    if request.method == "POST":
        edit = _edit(request)
        if "put" in request.POST:
            put_in_force(lake, edit, user_of(request).username, now(), paid_upto=paid_upto())
            record_apart(
                by=user_of(request).username,
                at=now(),
                verb="edit_check",
                subject=f"check:{edit.check}",
                facts=edit.told(),
            )
            enter_commits(lake, by=user_of(request).username, at=now())
            flash.success(
                request,
                messages.text(
                    "cli.checks_edited",
                    lang,
                    check=edit.check,
                    valid_from=messages.day(edit.valid_from),
                ),
            )
            return redirect("checks")
        facts["changes"] = _changes(lake, edit, request.POST.get("month", ""))
    facts["checks"] = [
        (c, c.says.in_language(lang), [(name, figure(name, day)) for name in c.figures])
        for c in ALL
        if c.figures
    ]
    facts["edits"] = edits_of(lake)
    return render(request, "checks.html", facts)


def _edit(request: HttpRequest) -> Edit:
    check, _, name = request.POST.get("parameter", "").partition(":")
    told = {
        "check": check,
        "valid_from": request.POST.get("valid_from", ""),
        "figures": {name: request.POST.get("value", "")},
        "because": request.POST.get("because", ""),
        "cites": [request.POST.get("cites", "")],
    }
    return edit_of(told, "")


def _changes(lake: Lake, edit: Edit, of: str) -> dict[str, Any]:
    asked = month(of)
    if of not in lake.months("services"):
        raise NothingToRun(month=of)
    found_on = looked_at_on(lake, asked) or civil_day(now())
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        found = difference_of_edit(connection, lake, asked, edit, found_on, Path(folder))
    zero = Decimal("0.00")
    more, less = ([f for f in found if f.change == kind] for kind in ("more", "less"))
    return {
        "month": of,
        "since": as_if_from(edit, asked),
        "more": len(more),
        "less": len(less),
        "more_stake": sum((f.after or zero for f in more), zero),
        "less_stake": sum((f.before or zero for f in less), zero),
    }
