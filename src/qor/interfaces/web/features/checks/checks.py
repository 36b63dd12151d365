"""Head office's page of checks: their parameters, what an edit would change in a month, putting it
in force from a date."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages as flash
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from qor.engine.checks.catalogue import ALL
from qor.engine.checks.edits import Edit, edits_of, put_in_force
from qor.engine.monitoring.differences import as_if_from, difference_of_edit, looked_at_on
from qor.engine.monitoring.month import NothingToRun
from qor.engine.storage.duck import connect
from qor.engine.storage.lake import Lake
from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.checks.forms import CheckEdit
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import Column, Kind, Listing, Table, download, screen
from qor.interfaces.web.kernel.template_tags import plain
from qor.law.nouns.months import month
from qor.law.reading.figures import figure
from qor.workflow.audit.journal import record_apart
from qor.workflow.audit.lake_commits import enter_commits
from qor.workflow.disputes.actions import civil_day
from qor.workflow.treasury.paid import paid_upto

_MONTHS = 6


def _values(edit: Edit, _: str) -> str:
    """The figures of an edit, each by its name."""
    return " ".join(f"{name} = {plain(value)}" for name, value in edit.figures)


EDITS = Table(
    "edits",
    "portal.edits",
    (
        Column("check", "terms.check"),
        Column("begins", "terms.valid_from", Kind.DAY, field="valid_from"),
        Column("values", "terms.value", value=_values),
        Column("because", "terms.because"),
    ),
    order=(),
)


def checks(request: HttpRequest) -> HttpResponseBase:
    """The checks that have parameters; POST shows what an edit would change, or puts it in force
    (321/2020:13)."""
    lake, form, changes = Lake(Path(settings.QOR_LAKE)), CheckEdit(request), None
    listing = Listing(EDITS, edits_of(lake))
    if (file := download(request, listing)) is not None:
        return file
    months = list(reversed(lake.months("services")))[:_MONTHS]
    form.initial["month"] = next(iter(months), "")
    form.let("month", months)
    form.let("parameter", _parameters())
    if form.sent():
        with form.refusals():
            if form.cleaned_data["put"]:
                _put_in_force(request, lake, form.edit())
                return redirect("checks")
            changes = _changes(lake, form.edit(), form.cleaned_data["month"])
    lang = language_of(request)
    facts = {
        "language": lang,
        "form": form,
        "changes": changes,
        "checks": [(check, check.says.in_language(lang)) for check in ALL if check.figures],
        "edits": screen(request, listing),
    }
    return render(request, "checks.html", facts, status=form.status)


def _parameters() -> dict[str, str]:
    """Each parameter of each check, with its value of today."""
    day = civil_day(now())
    return {
        f"{check.slug}:{name}": f"{check.code} {check.slug}: {name} ="
        f" {plain(figure(name, day).value)}"
        for check in ALL
        for name in check.figures
    }


def _put_in_force(request: HttpRequest, lake: Lake, edit: Edit) -> None:
    """Enter the edit in the lake's log and in the journal."""
    by = user_of(request).username
    put_in_force(lake, edit, by, now(), paid_upto=paid_upto())
    subject = f"check:{edit.check}"
    record_apart(by=by, at=now(), verb="edit_check", subject=subject, facts=edit.told())
    enter_commits(lake, by=by, at=now())
    facts = {"check": edit.check, "valid_from": messages.day(edit.valid_from)}
    flash.success(request, messages.text("cli.checks_edited", language_of(request), **facts))


def _changes(lake: Lake, edit: Edit, of: str) -> dict[str, Any]:
    asked = month(of)
    if of not in lake.months("services"):
        raise NothingToRun(month=of)
    found_on = looked_at_on(lake, asked) or civil_day(now())
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        differences = difference_of_edit(connection, lake, asked, edit, found_on, Path(folder))
    zero = Decimal("0.00")
    more, less = ([f for f in differences if f.change == kind] for kind in ("more", "less"))
    return {
        "month": of,
        "since": as_if_from(edit, asked),
        "more": len(more),
        "less": len(less),
        "more_stake": sum((f.after or zero for f in more), zero),
        "less_stake": sum((f.before or zero for f in less), zero),
    }
