"""Contracts and payments: execution by line and care form, alarms of unconfirmed cases, the cash plan, payment orders and their files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from qor.engine.checks.features import source
from qor.engine.duck import connect
from qor.engine.indicators.execution_table import FUNDINGS
from qor.engine.lake import Lake
from qor.interfaces import words
from qor.interfaces.clock import now
from qor.interfaces.documents.bank_files import Payer, orders_1c, orders_csv, pain_001
from qor.interfaces.portal.access import for_roles, language_of, user_of
from qor.interfaces.portal.fund import a_date
from qor.law.care_forms import CareForm
from qor.law.care_forms import title as care_form_title
from qor.law.months import Month, month, month_of
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.disputes.actions import civil_day
from qor.workflow.payments.actions import acts_visible_to
from qor.workflow.payments.cash import cash_plan, kept_back
from qor.workflow.payments.execution import FormTotal, by_care_form, execution
from qor.workflow.payments.models import Closing, Order
from qor.workflow.payments.orders import confirm_paid, make_orders, repeat_order, return_order
from qor.workflow.payments.penalties import proposed_penalties
from qor.workflow.payments.unconfirmed import alarms_visible_to, providers_of

_SHOWN = 200
_FUND = (User.Role.ACCOUNTANT, User.Role.HEAD_OFFICE, User.Role.AUDITOR)


@require_GET
@for_roles(User.Role.PROVIDER, *_FUND)
def contracts(request: HttpRequest) -> HttpResponse:
    """Contract lines of the year: planned, accepted, when they run out; totals by care form; contracts past a threshold of unconfirmed cases."""
    lang, seen, lake = language_of(request), acts_visible_to(user_of(request)), Lake(Path(settings.QOR_LAKE))
    upto = _last_month()
    lines = execution(lake, upto, seen)
    totals = [_six(care_form_title(CareForm(total.care_form), lang), total) for total in by_care_form(lines)]
    told = [{"line": line, "form": care_form_title(CareForm(line.care_form), lang)} for line in lines[:_SHOWN]]
    alarms = [
        {"of": each, "provider": each.provider.called(lang)}
        for each in alarms_visible_to(user_of(request), lake, _sole(lake))
    ]
    facts = {
        "language": lang,
        "upto": str(upto),
        "lines": told,
        "totals": totals,
        "alarms": alarms,
        "count": len(lines),
    }
    penalties = proposed_penalties(lake, providers_of(user_of(request)))
    proposed = [{"of": each, "provider": each.provider.called(lang)} for each in penalties]
    return render(request, "contracts.html", facts | {"penalties": proposed})


@require_GET
@for_roles(*_FUND)
def cash(request: HttpRequest) -> HttpResponse:
    """What is to be paid by when, the orders, and for head office what must be kept back."""
    lang, user = language_of(request), user_of(request)
    seen = acts_visible_to(user)
    orders = (
        Order.objects.filter(provider__in=seen.values("provider"))
        .select_related("provider", "act__closing")
        .order_by("-bank_day", "-pk")[:_SHOWN]
    )
    facts = {
        "language": lang, "plan": cash_plan(seen), "orders": [{"order": o, "provider": o.provider.called(lang)} for o in orders], "pays": _pays(user),
        "kept": kept_back(Lake(Path(settings.QOR_LAKE)), month_of(civil_day(now()))), "days": sorted({o.bank_day for o in orders}, reverse=True),
    }  # fmt: skip
    return render(request, "cash.html", facts)


@require_POST
@for_roles(User.Role.ACCOUNTANT)
def orders_make(request: HttpRequest) -> HttpResponse:
    """Make the orders of a bank day; the Fund's head office pays."""
    user = _payer_only(request)
    made = make_orders(
        Lake(Path(settings.QOR_LAKE)), a_date(request.POST.get("bank_day", "")), by=user.username, at=now()
    )
    messages.success(request, f"{words.text('terms.orders', language_of(request))}: {len(made)}")
    return redirect("cash")


@require_POST
@for_roles(User.Role.ACCOUNTANT)
def order_told(request: HttpRequest, pk: int) -> HttpResponse:
    """What the bank did with an order: paid, returned; or make it anew."""
    user, event = _payer_only(request), request.POST.get("event", "")
    if not Order.objects.filter(pk=pk).exists():
        raise Http404
    if event == "paid":
        confirm_paid([pk], by=user.username, at=now())
    elif event == "returned":
        return_order(pk, by=user.username, at=now())
    elif event == "repeat":
        repeat_order(
            Lake(Path(settings.QOR_LAKE)), pk, a_date(request.POST.get("bank_day", "")), by=user.username, at=now()
        )
    else:
        raise Http404
    return redirect("cash")


@require_GET
@for_roles(User.Role.ACCOUNTANT)
def orders_file(request: HttpRequest, day: str, kind: str) -> HttpResponse:
    """The live orders of a bank day as pain.001, CSV or for 1C."""
    _payer_only(request)
    orders = list(
        Order.objects.filter(bank_day=a_date(day))
        .filter(state="made")
        .select_related("provider", "act__closing")
        .order_by("pk")
    )
    if not orders:
        raise Http404
    payer, at = Payer(**settings.QOR_PAYER), now()
    if kind == "pain001":
        response = HttpResponse(pain_001(orders, payer, at), content_type="application/xml")
    elif kind == "csv":
        response = HttpResponse(orders_csv(orders), content_type="text/csv; charset=utf-8")
    elif kind == "1c":
        response = HttpResponse(orders_1c(orders, payer, at), content_type="text/plain; charset=windows-1251")
    else:
        raise Http404
    endings = {"pain001": "xml", "csv": "csv", "1c": "txt"}
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}-{day}.{endings[kind]}"'
    return response


def _six(form: str, total: FormTotal) -> dict[str, Any]:
    """A row in the shape of the annual report's table 6: contracts and accepted, each whole and by funding."""
    cells: list[Decimal] = []
    for sums in (total.contracts, total.accepted):
        parts = [sums.get(funding, Decimal(0)) for funding in FUNDINGS]
        cells += [sum(parts, Decimal(0)), *parts]
    return {"form": form, "cells": cells}


def _pays(user: User) -> bool:
    office = user.organisation
    return user.role == User.Role.ACCOUNTANT and office is not None and office.kind == Organisation.Kind.HEAD_OFFICE


def _payer_only(request: HttpRequest) -> User:
    """Only head office's accountants pay; for a branch's there is nothing here."""
    if not _pays(user_of(request)):
        raise Http404
    return user_of(request)


def _last_month() -> Month:
    last = Closing.objects.order_by("-month").first()
    return month(last.month) if last else month_of(civil_day(now()))


def _sole(lake: Lake) -> set[str]:
    with connect() as connection:
        return {
            bin_
            for (bin_,) in connection.execute(
                f"SELECT bin FROM ({source(lake, 'providers')}) WHERE sole_in_district"
            ).fetchall()
        }
