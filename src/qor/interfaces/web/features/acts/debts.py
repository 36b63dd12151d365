"""What providers owe: netted from acts, or returned within a term; and the door through which
returned money is entered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.kernel.access import language_of, number, user_of
from qor.law.nouns.money import tenge
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.debts import open_debts, return_money
from qor.workflow.acts.models import Debt
from qor.workflow.disputes.actions import civil_day

_SHOWN = 200


def debts(request: HttpRequest) -> HttpResponse:
    """The debts of which something is left, those with the nearest term first; head office's
    accountants enter what came back."""
    user, lang = user_of(request), language_of(request)
    seen = _visible_to(user)
    if request.method == "POST":
        if not _pays(user):
            raise Http404
        debt = get_object_or_404(seen, pk=number(request.POST.get("debt")))
        return_money(debt.pk, tenge(request.POST.get("amount", "")), by=user, at=now())
        flash.success(request, messages.text("portal.done", lang))
        return redirect("debts")
    page = Paginator(seen, _SHOWN).get_page(request.GET.get("page"))
    facts = {
        "language": lang,
        "lines": [_line(debt, lang) for debt in page],
        "page": page,
        "pays": _pays(user),
        "today": civil_day(now()),
    }
    return render(request, "debts.html", facts)


def _line(debt: Debt, lang: str) -> dict[str, Any]:
    left = debt.amount - Decimal(getattr(debt, "so_far", None) or 0)
    return {"debt": debt, "provider": debt.provider.called(lang), "left": left}


def _visible_to(user: User) -> QuerySet[Debt]:
    """A provider its own, a branch's accountant those of its region, head office and the auditor
    all."""
    office, found = user.organisation, open_debts()
    if user.role == User.Role.PROVIDER:
        return found.filter(provider_id=user.organisation_id)
    if user.role == User.Role.ACCOUNTANT and office and office.kind == Organisation.Kind.BRANCH:
        return found.filter(provider__region=office.region)
    return found


def _pays(user: User) -> bool:
    office = user.organisation
    return (
        user.role == User.Role.ACCOUNTANT
        and office is not None
        and office.kind == Organisation.Kind.HEAD_OFFICE
    )
