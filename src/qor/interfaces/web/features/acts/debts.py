"""What providers owe: netted from acts, or returned within a term; and the door through which
returned money is entered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.acts.forms import Returned
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.debts import open_debts, return_money
from qor.workflow.acts.models import Debt
from qor.workflow.disputes.actions import civil_day

_SHOWN = 200
_IDS = "debt-{}-%s"


def debts(request: HttpRequest) -> HttpResponse:
    """The debts of which something is left, those with the nearest term first; head office's
    accountants enter what came back."""
    if request.method == "GET":
        return _page(request, _returned(request, None))
    user = user_of(request)
    if not _pays(user):
        raise Http404
    form = Returned(request)
    form.offer("debt", _visible_to(user), str)
    if form.sent():
        with form.refusals():
            debt, amount = form.cleaned_data["debt"], form.cleaned_data["amount"]
            return_money(debt.pk, amount, by=user, at=now())
            flash.success(request, messages.text("portal.done", language_of(request)))
            return redirect("debts")
    return _page(request, form)


def _page(request: HttpRequest, form: Returned) -> HttpResponse:
    """The list; the form that was refused stands in its row."""
    user, lang = user_of(request), language_of(request)
    page = Paginator(_visible_to(user), _SHOWN).get_page(request.GET.get("page"))
    if refused := form.cleaned_data.get("debt") if form.is_bound else None:
        form.auto_id = _IDS.format(refused.pk)
    pays = _pays(user)
    lines = [
        _line(debt, lang)
        | {"form": form if debt == refused else _returned(request, debt) if pays else None}
        for debt in page
    ]
    facts = {
        "language": lang,
        "lines": lines,
        "page": page,
        "pays": pays,
        "today": civil_day(now()),
        "refused": form,
    }
    return render(request, "debts.html", facts, status=form.status)


def _returned(request: HttpRequest, debt: Debt | None) -> Returned:
    number = debt.pk if debt is not None else 0
    return Returned(request, blank=True, ids=_IDS.format(number), initial={"debt": number})


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
