"""Contracts and payments: execution by line and care form, alarms of unconfirmed cases, the cash
plan, payment orders and their files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from qor.engine.indicators.execution_table import FUNDINGS
from qor.engine.results.services import sole_providers
from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now
from qor.interfaces.web.features.treasury.forms import BankAnswer, BankDay, Sending
from qor.interfaces.web.features.treasury.lists import FILES, LATE, LINES, ORDERS, STOPPED
from qor.interfaces.web.features.treasury.paying import next_bank_day
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.forms import Form
from qor.interfaces.web.kernel.table import Listing, download, screen
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.care_forms import title as care_form_title
from qor.law.nouns.months import Month, month, month_of
from qor.workflow.acts.actions import acts_visible_to
from qor.workflow.acts.execution import FormTotal, by_care_form, execution
from qor.workflow.acts.models import Closing
from qor.workflow.acts.penalties import proposed_penalties
from qor.workflow.acts.rights import pays
from qor.workflow.acts.unconfirmed import alarms_visible_to, providers_of
from qor.workflow.disputes.actions import civil_day
from qor.workflow.treasury.cash import cash_plan, kept_back, paid_by_source, past_pay_by
from qor.workflow.treasury.models import BankFile, Order
from qor.workflow.treasury.orders import stopped_payments


def contracts(request: HttpRequest) -> HttpResponseBase:
    """Contract lines of the year: planned, accepted, when they run out; totals by care form;
    contracts past a threshold of unconfirmed cases."""
    lang, seen, lake = (
        language_of(request),
        acts_visible_to(user_of(request)),
        Lake(Path(settings.QOR_LAKE)),
    )
    upto = _last_month()
    lines = execution(lake, upto, seen)
    listing = Listing(LINES, lines)
    if (file := download(request, listing)) is not None:
        return file
    totals = [
        _six(care_form_title(CareForm(total.care_form), lang), total)
        for total in by_care_form(lines)
    ]
    alarms = [
        {"of": each, "provider": each.provider.called(lang)}
        for each in alarms_visible_to(user_of(request), lake, _sole(lake))
    ]
    penalties = proposed_penalties(lake, providers_of(user_of(request)))
    facts = {
        "language": lang,
        "upto": str(upto),
        "lines": screen(request, listing),
        "totals": totals,
        "alarms": alarms,
        "penalties": [{"of": each, "provider": each.provider.called(lang)} for each in penalties],
    }
    return render(request, "contracts.html", facts)


def cash(request: HttpRequest) -> HttpResponseBase:
    """What is to be paid by when, what is late, the orders and their files, what stops some, and
    for head office what must be kept back."""
    return cash_page(request, BankDay(request, blank=True))


def cash_page(request: HttpRequest, refused: Form, of: int = 0) -> HttpResponseBase:
    """The page of payments; a form that was refused stands where it was sent from: at the order
    `of`, at its day, or above all."""
    lang, user, today = language_of(request), user_of(request), civil_day(now())
    seen, lake, payer = acts_visible_to(user), Lake(Path(settings.QOR_LAKE)), pays(user)
    theirs = Order.objects.filter(provider__in=seen.values("provider"))
    orders = _orders(request, theirs, refused, of)
    listings = {"late": Listing(LATE, past_pay_by(seen, today))}
    listings |= _of_payers(lake, today) if payer else {}
    if (file := download(request, orders, *listings.values())) is not None:
        return file
    facts = {
        "language": lang,
        "plan": cash_plan(seen),
        "pays": payer,
        "kept": kept_back(lake, month_of(today)),
        "paid": paid_by_source(theirs),
        "orders": screen(request, orders, with_row=of),
        "refused": refused,
    }
    facts |= {name: screen(request, listing) for name, listing in listings.items()}
    if payer:
        facts |= {
            "making": refused if isinstance(refused, BankDay) else BankDay(request, blank=True),
            "sendings": _sendings(request, refused),
        }
    return render(request, "cash.html", facts, status=refused.status)


def _orders(request: HttpRequest, orders: QuerySet[Order], refused: Form, of: int) -> Listing:
    """The orders; those who pay have a form at each."""

    def beside(order: Order) -> dict[str, Any]:
        form = refused if order.pk == of else None
        if form is None and order.state == Order.State.RETURNED:
            form = BankAnswer(request, blank=True, ids=f"order-{order.pk}-%s")
        return {"own": False, "form": form}

    left_out = frozenset() if pays(user_of(request)) else frozenset({"decide"})
    rows = orders.select_related("provider", "act__closing")
    return Listing(ORDERS, rows, beside, left_out)


def _sendings(request: HttpRequest, refused: Form) -> list[dict[str, Any]]:
    """A form for each day that has orders which are made and not sent."""
    unsent = Order.objects.filter(state=Order.State.MADE).order_by("bank_day")
    sent = refused.cleaned_data.get("bank_day") if isinstance(refused, Sending) else None
    return [
        {
            "day": day,
            "form": refused
            if day == sent
            else Sending(
                request, blank=True, ids=f"send-{day.isoformat()}-%s", initial={"bank_day": day}
            ),
        }
        for day in unsent.values_list("bank_day", flat=True).distinct()
    ]


def _of_payers(lake: Lake, today: date) -> dict[str, Listing]:
    """The lists that those see who pay: the files that were sent, the payments that are stopped."""
    return {
        "files": Listing(FILES, BankFile.objects.defer("content")),
        "stopped": Listing(STOPPED, stopped_payments(lake, next_bank_day(today))),
    }


def _six(form: str, total: FormTotal) -> dict[str, Any]:
    """A row in the shape of the annual report's table 6: contracts and accepted, each whole and by
    funding."""
    cells: list[Decimal] = []
    for sums in (total.contracts, total.accepted):
        parts = [sums.get(funding, Decimal(0)) for funding in FUNDINGS]
        cells += [sum(parts, Decimal(0)), *parts]
    return {"form": form, "cells": cells}


def _last_month() -> Month:
    last = Closing.objects.order_by("-month").first()
    return month(last.month) if last else month_of(civil_day(now()))


def _sole(lake: Lake) -> set[str]:
    return sole_providers(lake)
