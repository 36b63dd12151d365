"""Contracts and payments: execution by line and care form, alarms of unconfirmed cases, the cash
plan, payment orders and their files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qor.engine.indicators.execution_table import FUNDINGS
from qor.engine.results.services import sole_providers
from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now
from qor.interfaces.web.features.treasury.forms import BankAnswer, BankDay, Sending
from qor.interfaces.web.features.treasury.paying import next_bank_day, pays, stopped_words
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.forms import Form
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.care_forms import title as care_form_title
from qor.law.nouns.months import Month, month, month_of
from qor.workflow.acts.actions import acts_visible_to
from qor.workflow.acts.execution import FormTotal, by_care_form, execution
from qor.workflow.acts.models import Closing
from qor.workflow.acts.penalties import proposed_penalties
from qor.workflow.acts.unconfirmed import alarms_visible_to, providers_of
from qor.workflow.disputes.actions import civil_day
from qor.workflow.treasury.cash import cash_plan, kept_back, paid_by_source, past_pay_by
from qor.workflow.treasury.models import BankFile, Order
from qor.workflow.treasury.orders import stopped_payments

_SHOWN = 200
_FILES = 60


def contracts(request: HttpRequest) -> HttpResponse:
    """Contract lines of the year: planned, accepted, when they run out; totals by care form;
    contracts past a threshold of unconfirmed cases."""
    lang, seen, lake = (
        language_of(request),
        acts_visible_to(user_of(request)),
        Lake(Path(settings.QOR_LAKE)),
    )
    upto = _last_month()
    lines = execution(lake, upto, seen)
    totals = [
        _six(care_form_title(CareForm(total.care_form), lang), total)
        for total in by_care_form(lines)
    ]
    shown = [
        {"line": line, "form": care_form_title(CareForm(line.care_form), lang)}
        for line in lines[:_SHOWN]
    ]
    alarms = [
        {"of": each, "provider": each.provider.called(lang)}
        for each in alarms_visible_to(user_of(request), lake, _sole(lake))
    ]
    facts = {
        "language": lang,
        "upto": str(upto),
        "lines": shown,
        "totals": totals,
        "alarms": alarms,
    }
    penalties = proposed_penalties(lake, providers_of(user_of(request)))
    proposed = [{"of": each, "provider": each.provider.called(lang)} for each in penalties]
    return render(request, "contracts.html", facts | {"alarms": alarms, "penalties": proposed})


def cash(request: HttpRequest) -> HttpResponse:
    """What is to be paid by when, what is late, the orders and their files, what stops some, and
    for head office what must be kept back."""
    return cash_page(request, BankDay(request, blank=True))


def cash_page(request: HttpRequest, refused: Form, of: int = 0) -> HttpResponse:
    """The page of payments; a form that was refused stands where it was sent from: at the order
    `of`, at its day, or above all."""
    lang, user, today = language_of(request), user_of(request), civil_day(now())
    seen = acts_visible_to(user)
    theirs = Order.objects.filter(provider__in=seen.values("provider"))
    orders = theirs.select_related("provider", "act__closing").order_by("-bank_day", "-pk")[:_SHOWN]
    lake, late = Lake(Path(settings.QOR_LAKE)), past_pay_by(seen, today)
    facts = {
        "language": lang,
        "plan": cash_plan(seen),
        "orders": [_order(request, o, lang, refused if o.pk == of else None) for o in orders],
        "pays": pays(user),
        "kept": kept_back(lake, month_of(today)),
        "paid": paid_by_source(theirs),
        "late_count": late.count(),
        "late": [{"act": act, "provider": act.provider.called(lang)} for act in late[:_SHOWN]],
        "refused": refused,
    }
    if pays(user):
        facts |= {
            "making": refused if isinstance(refused, BankDay) else BankDay(request, blank=True),
            "sendings": _sendings(request, refused),
            "files": BankFile.objects.defer("content").order_by("-bank_day", "-number")[:_FILES],
            "stopped": stopped_words(stopped_payments(lake, next_bank_day(today)), lang)[:_SHOWN],
        }
    return render(request, "cash.html", facts, status=refused.status)


def _order(request: HttpRequest, order: Order, lang: str, refused: Form | None) -> dict[str, Any]:
    """An order with, where the bank returned it, the form that makes it anew."""
    form = refused
    if form is None and order.state == Order.State.RETURNED:
        form = BankAnswer(request, blank=True, ids=f"order-{order.pk}-%s")
    return {"order": order, "provider": order.provider.called(lang), "form": form}


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
