"""Head office's pages: what is overdue anywhere, giving cases to others, outages."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.disputes.case_page import case_page, reassignment_form, seen_case
from qor.interfaces.web.features.disputes.forms import OutageLetter, Stake
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.law.nouns.regions import region_title
from qor.workflow.acts.actions import set_stake
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.assigning import reassign
from qor.workflow.disputes.assignment import in_hands_of_experts, without_expert
from qor.workflow.disputes.models import Case, Outage
from qor.workflow.disputes.outages import declare_outage
from qor.workflow.disputes.rights import visible_to


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
    facts = {"language": lang, "lines": lines, "money": money, "reached": reached}
    return render(
        request, "overdue.html", facts | {"nobody": nobody[:20], "nobody_count": nobody.count()}
    )


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


def outages(request: HttpRequest) -> HttpResponse:
    """The outages declared so far, and a form for one more."""
    form = OutageLetter(request)
    if form.sent():
        with form.refusals():
            sent = form.cleaned_data
            hours = {name: sent[name] for name in ("first_time", "last_time")}
            letter = sent["letter"]
            first, last = sent["first"], sent["last"]
            declare_outage(first, last, letter_no=letter, by=user_of(request), at=now(), **hours)
            return redirect("outages")
    declared = Outage.objects.order_by("-first_day")
    facts = {"language": language_of(request), "outages": declared, "form": form}
    return render(request, "outages.html", facts, status=form.status)


def _region(code: str | None, lang: str) -> str:
    return region_title(code, lang) if code else messages.text("portal.without_expert", lang)
