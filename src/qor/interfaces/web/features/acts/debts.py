"""What providers owe: netted from acts, or returned within a term; and the door through which
returned money is entered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.acts.forms import Returned
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import (
    CONTRACT_NO,
    FUNDING,
    PROVIDER,
    Column,
    Kind,
    Listing,
    Table,
    download,
    money,
    screen,
)
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.debts import open_debts, return_money
from qor.workflow.acts.models import Debt
from qor.workflow.acts.rights import pays
from qor.workflow.disputes.actions import civil_day
from qor.workflow.fields import MoneyField

DEBTS = Table(
    "debts",
    "portal.debts",
    (
        Column("number", "terms.number", Kind.ORDINAL, field="pk"),
        PROVIDER,
        CONTRACT_NO,
        FUNDING,
        money("amount"),
        money("left", summed=True),
        Column("due", "terms.due", Kind.DAY, field="due_on", cell="debt_due.html"),
        Column("came", "portal.money_came", Kind.ACTION, field="pk", cell="debt_came.html"),
    ),
    order=(F("due_on").asc(nulls_last=True),),
    size=100,
)


_IDS = "debt-{}-%s"


def debts(request: HttpRequest) -> HttpResponseBase:
    """The debts of which something is left, those with the nearest term first; head office's
    accountants enter what came back."""
    if request.method == "GET":
        return _page(request, _returned(request, None))
    user = user_of(request)
    if not pays(user):
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


def _page(request: HttpRequest, form: Returned) -> HttpResponseBase:
    """The list; the form that was refused stands in its row."""
    user, today = user_of(request), civil_day(now())
    payer = pays(user)
    nothing = Value(0, output_field=MoneyField())
    rows = _visible_to(user).annotate(left=F("amount") - Coalesce(F("so_far"), nothing))
    refused = form.cleaned_data.get("debt") if form.is_bound else None
    if refused is not None:
        form.auto_id = _IDS.format(refused.pk)

    def beside(debt: Debt) -> dict[str, Any]:
        late = debt.due_on is not None and debt.due_on < today
        own = form if debt == refused else _returned(request, debt) if payer else None
        return {"own": False, "late": late, "form": own}

    left_out = frozenset() if payer else frozenset({"came"})
    listing = Listing(DEBTS, rows, beside, left_out)
    if (file := download(request, listing)) is not None:
        return file
    facts = {"language": language_of(request), "debts": screen(request, listing)}
    return render(request, "debts.html", facts | {"refused": form}, status=form.status)


def _returned(request: HttpRequest, debt: Debt | None) -> Returned:
    number = debt.pk if debt is not None else 0
    return Returned(request, blank=True, ids=_IDS.format(number), initial={"debt": number})


def _visible_to(user: User) -> QuerySet[Debt]:
    """A provider its own, a branch's accountant those of its region, head office and the auditor
    all."""
    office, debts = user.organisation, open_debts()
    if user.role == User.Role.PROVIDER:
        return debts.filter(provider_id=user.organisation_id)
    if user.role == User.Role.ACCOUNTANT and office and office.kind == Organisation.Kind.BRANCH:
        return debts.filter(provider__region=office.region)
    return debts
