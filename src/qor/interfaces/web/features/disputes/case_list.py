"""The list of cases: nearest deadline first, with the sum of what the filters leave."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from qor.engine.checks.check import Kind as CheckKind
from qor.interfaces.web.features.disputes.case_page import row_of, state_name, today
from qor.interfaces.web.features.disputes.forms import Together
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import (
    CARE_FORM,
    PROVIDER,
    Column,
    Kind,
    Listing,
    Narrowing,
    Table,
    download,
    money,
    screen,
    words_of,
)
from qor.law.reading.machines import machine
from qor.workflow.accounts.models import User
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.rights import visible_to


def _address(case: Case) -> str:
    return reverse("case", args=[case.pk])


def _outcome(case: Case, _: str) -> str:
    return case.outcome or "open"


def _open_only(cases: QuerySet[Case], with_closed: str) -> QuerySet[Case]:
    return cases if with_closed else cases.filter(outcome="")


def _due(cases: QuerySet[Case], when: str) -> QuerySet[Case]:
    """Cases whose deadline has passed, is today, or lies within a week."""
    day = today()
    if when == "overdue":
        return cases.filter(due_on__lt=day)
    last = {"today": day, "week": day + timedelta(days=7)}
    return cases.filter(due_on__range=(day, last[when])) if when else cases


CASES = Table(
    "cases",
    "portal.cases",
    (
        Column("pick", "portal.choose", Kind.ACTION, field="pk", cell="case_pick.html"),
        Column("number", "terms.number", Kind.ORDINAL, field="pk", link=_address),
        Column("month", "terms.month", Kind.ENUMERATION, shown=False),
        Column("code", "terms.code", Kind.ENUMERATION),
        PROVIDER,
        Column("service_id", "terms.service_id", shown=False),
        Column(
            "kind",
            "terms.kind",
            Kind.ENUMERATION,
            says=words_of("terms.kind_"),
            choices=tuple(kind.value for kind in CheckKind),
            shown=False,
        ),
        CARE_FORM,
        Column("amount", "terms.amount", Kind.MONEY, shown=False),
        money("proposed_deduction", summed=True),
        Column("state", "terms.state", Kind.ENUMERATION, field="stands", says=state_name),
        Column("due", "terms.due", Kind.DAY, field="due_on", cell="case_due.html"),
        Column(
            "outcome",
            "terms.outcome",
            Kind.ENUMERATION,
            value=_outcome,
            says=words_of("portal.outcome_"),
            filterable=False,
            shown=False,
        ),
    ),
    order=(F("due_on").asc(nulls_last=True),),
    narrowings=(
        Narrowing(
            "when",
            "terms.due",
            (
                ("overdue", "portal.due_overdue"),
                ("today", "portal.due_today"),
                ("week", "portal.due_week"),
            ),
            _due,
        ),
        Narrowing(
            "closed",
            "portal.with_closed",
            (("1", "portal.with_closed"),),
            _open_only,
            otherwise="portal.only_open",
        ),
    ),
    empty="portal.no_cases",
    unfolded=True,
    page="cases",
)


def listed(request: HttpRequest) -> HttpResponseBase:
    """The user's cases, nearest deadline first; totals of what the filters leave."""
    listing = _listing(request, frozenset())
    if (file := download(request, listing)) is not None:
        return file
    return list_page(request, Together(request, blank=True))


def list_page(request: HttpRequest, form: Together) -> HttpResponse:
    """The list, with the form of what is done in many cases at once as it was sent."""
    chosen = form.cleaned_data.get("case", ()) if form.is_bound else ()
    shown = screen(request, _listing(request, frozenset(chosen)))
    events = _common_events([line.beside for line in shown.lines])
    facts = {"language": language_of(request), "cases": shown, "events": events, "form": form}
    return render(request, "cases.html", facts, status=form.status)


def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a workbook."""
    file = download(request, _listing(request, frozenset()), kind="xlsx")
    if file is None:
        raise Http404
    return file


def _listing(request: HttpRequest, chosen: frozenset[int]) -> Listing:
    user = user_of(request)
    rows = (
        visible_to(user)
        .select_related("provider")
        .annotate(stands=Concat("route", Value("."), "state"))
    )
    beside = partial(_beside, lang=language_of(request), day=today(), user=user, chosen=chosen)
    decides = user.role != User.Role.AUDITOR
    return Listing(CASES, rows, beside, frozenset() if decides else frozenset({"pick"}))


def _beside(
    case: Case, *, lang: str, day: Any, user: User, chosen: frozenset[int]
) -> dict[str, Any]:
    return row_of(case, lang, day, user) | {"own": False, "chosen": case.pk in chosen}


def _common_events(rows: list[dict[str, Any]]) -> list[str]:
    """What could be done in many of the rows together; lethal cases are decided one by one."""
    return sorted(
        {
            event
            for row in rows
            for event in row["events"]
            if not machine(row["case"].route).says_preventable
        }
    )
