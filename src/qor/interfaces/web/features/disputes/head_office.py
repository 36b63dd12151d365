"""Head office's pages: what is overdue anywhere, giving cases to others, outages."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from qor.engine.checks.check import Kind as CheckKind
from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.disputes.case_page import case_page, reassignment_form, seen_case
from qor.interfaces.web.features.disputes.forms import OutageLetter, Stake
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import PROVIDER, Column, Kind, Listing, Table, download, screen
from qor.law.nouns.regions import region_title
from qor.law.nouns.states import CaseState
from qor.workflow.acts.actions import set_stake
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.assigning import reassign
from qor.workflow.disputes.assignment import in_hands_of_experts, without_expert
from qor.workflow.disputes.models import Case, Outage
from qor.workflow.disputes.outages import declare_outage
from qor.workflow.disputes.rights import visible_to


def _address(case: Case) -> str:
    return reverse("case", args=[case.pk])


_OF_A_CASE = (
    Column("number", "terms.number", Kind.ORDINAL, field="pk", link=_address),
    Column("code", "terms.code", Kind.ENUMERATION),
    PROVIDER,
    Column("due", "terms.due", Kind.DAY, field="due_on"),
)
_NEAREST_FIRST = (F("due_on").asc(nulls_last=True),)
NOBODY = Table(
    "without_expert", "portal.without_expert", _OF_A_CASE, order=_NEAREST_FIRST, prefix="nobody."
)
REACHED = Table("reached", "portal.reached", _OF_A_CASE, order=_NEAREST_FIRST, prefix="reached.")


def _hour(part: str) -> Column:
    """The hour at which an outage begins or ends."""

    def read(outage: Outage, _: str) -> str:
        hour = getattr(outage, f"{part}_time")
        return f"{hour:%H:%M}" if hour else ""

    title = f"portal.{part}_time"
    return Column(f"{part}_time", title, value=read, sortable=False, filterable=False)


OUTAGES = Table(
    "outages",
    "portal.outages",
    (
        Column("first", "portal.first_day", Kind.DAY, field="first_day"),
        _hour("first"),
        Column("last", "portal.last_day", Kind.DAY, field="last_day"),
        _hour("last"),
        Column("letter", "portal.letter", field="letter_no"),
    ),
    order=("-first_day",),
)


def overdue(request: HttpRequest) -> HttpResponseBase:
    """Overdue work of every branch, and the money that is held and was released."""
    reached = visible_to(user_of(request)).filter(outcome="", state=CaseState.HQ_REVIEW)
    listings = {
        "nobody": Listing(NOBODY, without_expert().select_related("provider")),
        "reached": Listing(REACHED, reached.select_related("provider")),
    }
    if (file := download(request, *listings.values())) is not None:
        return file
    lang, day = language_of(request), civil_day(now())
    late = Case.objects.filter(in_hands_of_experts(), outcome="", due_on__lt=day)
    grouped = late.values("assigned_to__organisation__region").annotate(
        n=Count("pk"), stake=Sum("proposed_deduction")
    )
    lines = [
        {
            "region": _region(g["assigned_to__organisation__region"], lang),
            "n": g["n"],
            "stake": g["stake"],
        }
        for g in grouped.order_by("-n")
    ]
    money = {
        outcome or "open": {"n": n, "amount": amount}
        for outcome, n, amount in Case.objects.exclude(kind=CheckKind.GENERAL)
        .values_list("outcome")
        .annotate(Count("pk"), Sum("amount"))
    }
    facts: dict[str, Any] = {"language": lang, "lines": lines, "money": money}
    facts |= {name: screen(request, listing) for name, listing in listings.items()}
    return render(request, "overdue.html", facts)


def case_stake(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a confirmed case takes, where the classification gives no sum."""
    case, form = seen_case(request, pk), Stake(request)
    if form.sent():
        with form.refusals():
            set_stake(pk, by=user_of(request), at=now(), **form.cleaned_data)
            return redirect("case", pk=pk)
    return case_page(request, case, form)


def reassign_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a case to another expert."""
    case = seen_case(request, pk)
    form = reassignment_form(request, case)
    if form.sent():
        with form.refusals():
            to, statement = form.cleaned_data["to"], form.cleaned_data["statement"]
            reassign(pk, to, by=user_of(request), at=now(), statement=statement)
            return redirect("case", pk=pk)
    return case_page(request, case, form)


def outages(request: HttpRequest) -> HttpResponseBase:
    """The outages declared so far, and a form for one more."""
    listing = Listing(OUTAGES, Outage.objects.all())
    if (file := download(request, listing)) is not None:
        return file
    form = OutageLetter(request)
    if form.sent():
        with form.refusals():
            sent = form.cleaned_data
            hours = {name: sent[name] for name in ("first_time", "last_time")}
            letter = sent["letter"]
            first, last = sent["first"], sent["last"]
            declare_outage(first, last, letter_no=letter, by=user_of(request), at=now(), **hours)
            return redirect("outages")
    facts = {"language": language_of(request), "outages": screen(request, listing), "form": form}
    return render(request, "outages.html", facts, status=form.status)


def _region(code: str | None, lang: str) -> str:
    return region_title(code, lang) if code else messages.text("portal.without_expert", lang)
