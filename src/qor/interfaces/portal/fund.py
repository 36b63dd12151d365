"""Head office's pages: what is overdue anywhere, giving cases to others, outages; and the auditor's
journal."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.portal.access import for_roles, language_of, number, user_of
from qor.law.nouns.money import tenge
from qor.law.nouns.refusals import BadValue
from qor.law.nouns.regions import region_title
from qor.workflow.accounts.models import User
from qor.workflow.acts.actions import set_stake
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.actions import civil_day, reassign
from qor.workflow.disputes.assignment import in_hands_of_experts, without_expert
from qor.workflow.disputes.models import Case, Outage
from qor.workflow.disputes.outages import declare_outage
from qor.workflow.disputes.rights import visible_to

_PAGE = 100


@require_GET
@for_roles(User.Role.HEAD_OFFICE, User.Role.AUDITOR)
def overdue(request: HttpRequest) -> HttpResponse:
    """Overdue work of every branch, and the money that is held and was released."""
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
        for outcome, n, amount in Case.objects.exclude(kind="general")
        .values_list("outcome")
        .annotate(Count("pk"), Sum("amount"))
    }
    reached = (
        visible_to(user_of(request)).filter(outcome="", state="hq_review").order_by("due_on")[:20]
    )
    nobody = without_expert().order_by("due_on", "pk")
    facts = {"language": lang, "lines": lines, "money": money, "reached": reached, "today": day}
    return render(
        request, "overdue.html", facts | {"nobody": nobody[:20], "nobody_count": nobody.count()}
    )


@require_POST
@for_roles(User.Role.HEAD_OFFICE)
def case_stake(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a confirmed case takes, where the classification gives no sum."""
    get_object_or_404(visible_to(user_of(request)), pk=pk)
    amount = tenge(request.POST.get("amount", ""))
    set_stake(
        pk, amount, by=user_of(request), at=now(), statement=request.POST.get("statement", "")
    )
    return redirect("case", pk=pk)


@require_POST
@for_roles(User.Role.HEAD_OFFICE)
def reassign_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a case to another expert."""
    get_object_or_404(visible_to(user_of(request)), pk=pk)
    to = get_object_or_404(User, pk=number(request.POST.get("to")), role=User.Role.EXPERT)
    reassign(pk, to, by=user_of(request), at=now(), statement=request.POST.get("statement", ""))
    return redirect("case", pk=pk)


@require_http_methods(["GET", "POST"])
@for_roles(User.Role.HEAD_OFFICE)
def outages(request: HttpRequest) -> HttpResponse:
    """The outages declared so far, and a form for one more."""
    if request.method == "POST":
        first, last = (a_date(request.POST.get(name, "")) for name in ("first", "last"))
        hours = {name: _an_hour(request.POST.get(name, "")) for name in ("first_time", "last_time")}
        letter = request.POST.get("letter", "")
        declare_outage(first, last, letter_no=letter, by=user_of(request), at=now(), **hours)
        return redirect("outages")
    held = Outage.objects.order_by("-first_day")
    return render(request, "outages.html", {"language": language_of(request), "outages": held})


@require_GET
@for_roles(User.Role.AUDITOR, User.Role.HEAD_OFFICE)
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


def _region(code: str | None, lang: str) -> str:
    return region_title(code, lang) if code else messages.text("portal.without_expert", lang)


def a_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(field="date", value=text) from None


def _an_hour(text: str) -> time | None:
    """An hour of the day from a form; none where the field is empty."""
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise BadValue(field="time", value=text) from None
