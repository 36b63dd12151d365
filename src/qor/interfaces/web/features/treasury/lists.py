"""Lists of contract lines, of acts past their day, of payment orders and their files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from qor.interfaces import messages
from qor.interfaces.web.kernel.table import (
    CARE_FORM,
    CONTRACT_NO,
    FUNDING,
    PROVIDER,
    Column,
    Kind,
    Table,
    money,
    words_of,
)
from qor.workflow.acts.models import Act
from qor.workflow.treasury.models import BankFile, Order
from qor.workflow.treasury.payees import Stopped


def _act(act: Act) -> str:
    return reverse("act", args=[act.pk])


def _file(file: BankFile) -> str:
    return reverse("bank_file", args=[file.sha256])


def _provider(stopped: Stopped, lang: str) -> str:
    return stopped.provider.called(lang)


def _what_is_wrong(stopped: Stopped, lang: str) -> str:
    return messages.refusal_text(stopped.refusal, lang)


def _runs_out(line: Any, _: str) -> Any:
    return line.runs_out_on


LINES = Table(
    "contracts",
    "portal.act_lines",
    (
        CONTRACT_NO,
        CARE_FORM,
        FUNDING,
        *(money(name, summed=True) for name in ("year_sum", "planned", "accepted")),
        Column("runs_out", "terms.runs_out_on", Kind.DAY, value=_runs_out, cell="runs_out.html"),
    ),
    order=(),
    size=100,
)
LATE = Table(
    "late_acts",
    "portal.past_pay_by",
    (
        Column("pay_by", "terms.pay_by", Kind.DAY, cell="late_pay_by.html"),
        Column("number", "terms.number", Kind.ORDINAL, field="pk", link=_act),
        PROVIDER,
        CONTRACT_NO,
        Column("month", "terms.month", Kind.ENUMERATION, field="closing__month"),
        money("to_pay", summed=True),
    ),
    order=("pay_by",),
    prefix="late.",
    page="cash",
    empty="portal.none_late",
)
ORDERS = Table(
    "orders",
    "terms.orders",
    (
        Column("number", "terms.number", Kind.ORDINAL, field="pk"),
        Column("bank_day", "terms.bank_day", Kind.DAY),
        PROVIDER,
        CONTRACT_NO,
        FUNDING,
        money("amount", summed=True),
        Column(
            "state",
            "terms.state",
            Kind.ENUMERATION,
            says=words_of("portal.order_"),
            choices=tuple(Order.State.values),
        ),
        Column("decide", "portal.decide", Kind.ACTION, field="pk", cell="order_told.html"),
    ),
    order=("-bank_day", "-pk"),
    page="cash",
)
FILES = Table(
    "bank_files",
    "portal.bank_files",
    (
        Column("bank_day", "terms.bank_day", Kind.DAY),
        Column("number", "terms.number", Kind.ORDINAL),
        Column("kind", "portal.file_kind", Kind.ENUMERATION, says=words_of("portal.file_")),
        Column("sha256", "portal.bank_file", exact=True, link=_file),
        Column("at", "portal.at", Kind.MOMENT),
    ),
    order=("-bank_day", "-number"),
    prefix="files.",
    page="cash",
)
STOPPED = Table(
    "stopped",
    "portal.stopped_payments",
    (
        Column("provider", "terms.provider", value=_provider),
        CONTRACT_NO,
        money("amount", summed=True),
        Column("reason", "terms.reason", value=_what_is_wrong),
    ),
    order=(),
    prefix="stopped.",
    page="cash",
)
