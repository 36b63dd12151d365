"""Payment orders in the portal: making those of a bank day, sending them in one file, what the bank
did with each; head office's accountants pay."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from qor.engine.storage.lake import Lake
from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.documents.bank_files import CONTENT_TYPES, bank_format, file_name
from qor.interfaces.documents.payer import Payer
from qor.interfaces.documents.payment_codes import payment_codes
from qor.interfaces.web.features.treasury.cash import cash_page
from qor.interfaces.web.features.treasury.forms import BankAnswer, BankDay, Sending
from qor.interfaces.web.features.treasury.paying import stopped_words
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.workflow.accounts.models import User
from qor.workflow.acts.rights import pays
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.orders import (
    confirm_paid,
    make_orders,
    repeat_order,
    return_order,
    stopped_payments,
)
from qor.workflow.treasury.payees import Stopped
from qor.workflow.treasury.sending import BankFormat, UnknownFile, send_orders, sent_file

_NAMED = 20


def orders_make(request: HttpRequest) -> HttpResponseBase:
    """Make the orders of a bank day; payments that no order can carry are named, and stop no
    other."""
    user, lang, lake = _payer_only(request), language_of(request), Lake(Path(settings.QOR_LAKE))
    form = BankDay(request)
    if form.sent():
        with form.refusals():
            bank_day = form.cleaned_data["bank_day"]
            orders = make_orders(lake, bank_day, by=user.username, at=now())
            flash.success(request, f"{messages.text('terms.orders', lang)}: {len(orders)}")
            _warn(request, stopped_payments(lake, bank_day))
            return redirect("cash")
    return cash_page(request, form)


def orders_send(request: HttpRequest) -> HttpResponseBase:
    """Write the made orders of a bank day into one file; from then on they are sent, and no second
    file holds them."""
    user, form = _payer_only(request), Sending(request)
    if form.sent():
        with form.refusals():
            day, kind = form.cleaned_data["bank_day"], form.cleaned_data["kind"]
            sent = send_orders(day, format_of(kind), by=user.username, at=now())
            facts = {"orders": len(sent.orders), "sha256": sent.file.sha256}
            said = messages.text("portal.orders_sent", language_of(request), **facts)
            flash.success(request, said)
            _warn(request, sent.stopped)
            return redirect("cash")
    return cash_page(request, form)


def order_told(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the bank did with an order: paid, returned; or make it anew."""
    user, form = _payer_only(request), BankAnswer(request, ids=f"order-{pk}-%s")
    if not Order.objects.filter(pk=pk).exists():
        raise Http404
    if form.sent():
        with form.refusals():
            _carry_out(pk, form.cleaned_data, user)
            return redirect("cash")
    return cash_page(request, form, of=pk)


def _carry_out(pk: int, answer: dict[str, Any], user: User) -> None:
    lake, by, at = Lake(Path(settings.QOR_LAKE)), user.username, now()
    if answer["event"] == "paid":
        confirm_paid([pk], by=by, at=at)
    elif answer["event"] == "returned":
        return_order(pk, by=by, at=at)
    else:
        repeat_order(lake, pk, answer["bank_day"], by=by, at=at)


def bank_file(request: HttpRequest, sha256: str) -> HttpResponse:
    """A file that was sent: the same bytes, under the same name."""
    _payer_only(request)
    try:
        file = sent_file(sha256)
    except UnknownFile:
        raise Http404 from None
    response = HttpResponse(bytes(file.content), content_type=CONTENT_TYPES[file.kind])
    name = file_name(file.kind, file.bank_day, file.sha256)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def format_of(kind: str) -> BankFormat:
    """A format of the bank's files with the Fund's own settings. BadPayer, BadPaymentCodes."""
    codes = payment_codes(settings.QOR_PAYMENT_CODES)
    return bank_format(kind, Payer(**settings.QOR_PAYER), codes, settings.QOR_1C_ENCODING)


def _warn(request: HttpRequest, stopped: Iterable[Stopped]) -> None:
    for text in stopped_words(stopped, language_of(request))[:_NAMED]:
        flash.warning(request, text)


def _payer_only(request: HttpRequest) -> User:
    """Only head office's accountants pay; for a branch's there is nothing here."""
    if not pays(user_of(request)):
        raise Http404
    return user_of(request)
