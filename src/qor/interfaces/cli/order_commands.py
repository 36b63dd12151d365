"""`qor money orders`, `send`, `paid`, `sent-back`, `late`, `refund`, `confirm`: payment orders and
the sums beside them on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qor.interfaces.cli.acting import acting
from qor.interfaces.cli.database import open_portal
from qor.interfaces.cli.exports import add_handing_out, enter_export
from qor.interfaces.cli.lake_of_month import open_lake
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now
from qor.interfaces.typed_days import a_day
from qor.law.nouns.money import tenge
from qor.law.nouns.refusals import BadValue, Refusal
from qor.law.reading.machines import state

if TYPE_CHECKING:
    from qor.workflow.accounts.models import User
    from qor.workflow.treasury.payees import Stopped

_KINDS = ("pain001", "1c", "csv")

_EVENTS = ("agree", "refuse", "correct", "send_again", "sign", "countersign")


class NoSuchAct(Refusal):
    """No act of that number that the account may see."""

    key = "no_such_act"


def add_to(commands: Any) -> None:
    """Add the commands of payment orders to those of money."""
    orders = _command(commands, "orders", _orders)
    option(orders, "--bank-day", key="bank_day", type=a_day, required=True, metavar="DAY")
    option(orders, "--out", key="orders_out", type=Path, metavar="DIR")
    in_lake(orders)
    send = _command(commands, "send", _send)
    option(send, "--bank-day", key="bank_day", type=a_day, required=True, metavar="DAY")
    option(send, "--out", key="orders_out", type=Path, required=True, metavar="DIR")
    for parser in (orders, send):
        option(parser, "--kind", key="file_kind", choices=_KINDS, default="pain001")
        option(parser, "--by", key="by", default=None)
    paid = _command(commands, "paid", _paid)
    option(paid, "orders", key="order_numbers", nargs="+", type=int)
    sent_back = _command(commands, "sent-back", _sent_back)
    option(sent_back, "order", key="order_number", type=int)
    for parser in (paid, sent_back):
        option(parser, "--by", key="by", default=None)
    add_handing_out(_command(commands, "late", _late))
    refund = _command(commands, "refund", _refund)
    option(refund, "advance", key="advance_number", type=int)
    option(refund, "amount", key="refund_amount")
    confirm = _command(commands, "confirm", _confirm)
    option(confirm, "number", key="sum_number", type=int)
    option(confirm, "--decline", key="decline", action="store_true")
    moving = _command(commands, "move", _move)
    option(moving, "act", key="act_number", type=int)
    option(moving, "event", key="act_event", choices=_EVENTS)
    option(moving, "--words", key="act_words", default="")
    for parser in (refund, confirm, moving):
        option(parser, "--by", key="by", required=True)


def _move(args: argparse.Namespace, voice: Voice) -> int:
    """Agree, refuse, correct, send again, sign or countersign an act, as the account would on its
    page."""
    open_portal(args.database, must_exist=True)
    from qor.workflow.accounts.actions import account
    from qor.workflow.acts.actions import acts_visible_to, move

    user = account(args.by, "provider", "accountant")
    if not acts_visible_to(user).filter(pk=args.act).exists():
        raise NoSuchAct(act=args.act)
    act = move(args.act, args.event, by=user, at=now(), statement=args.words)
    if voice.as_json:
        voice.json({"act": act.pk, "state": act.state, "to_pay": str(act.to_pay)})
    else:
        state_words = state("protocol", act.state).in_language(voice.language)
        voice.line(voice.t("cli.act_moved", act=act.pk, state=state_words))
    return 0


def _command(commands: Any, name: str, run: Any) -> argparse.ArgumentParser:
    parser = command(commands, name, f"money_{name.replace('-', '_')}", run)
    option(parser, "--database", key="database", default="", metavar="URL")
    return parser


def _orders(args: argparse.Namespace, voice: Voice) -> int:
    """Make the orders of a bank day; with `--out` send them too."""
    lake = open_lake(args.lake)
    open_portal(args.database, must_exist=True)
    from qor.workflow.audit.lake_commits import check_lake
    from qor.workflow.treasury.orders import make_orders, stopped_payments

    check_lake(lake)

    orders = make_orders(lake, args.bank_day, by=acting(args.by, "accountant"), at=now())
    stopped = stopped_payments(lake, args.bank_day)
    files = _write(args, voice, stopped) if args.out else []
    facts = {
        "orders": len(orders),
        "amount": str(sum((order.amount for order in orders), Decimal(0))),
        "files": files,
    }
    if voice.as_json:
        voice.json(facts | {"stopped": _named(stopped)})
    else:
        voice.line(
            voice.t(
                "cli.orders_made",
                orders=len(orders),
                amount=facts["amount"],
                files=", ".join(files),
            )
        )
        _warn(voice, stopped)
    return 0


def _send(args: argparse.Namespace, voice: Voice) -> int:
    """Send the made orders of a bank day in one file; where none waits, the day's files are written
    again, the same bytes."""
    open_portal(args.database, must_exist=True)
    stopped: list[Stopped] = []
    files = _write(args, voice, stopped)
    if voice.as_json:
        voice.json({"files": files, "stopped": _named(stopped)})
    else:
        _warn(voice, stopped)
    return 0


def _write(args: argparse.Namespace, voice: Voice, stopped: list[Stopped]) -> list[str]:
    """Send what waits and write the day's files into the folder; their names. NothingToSend where
    the day has no file at all."""
    from qor.interfaces.documents.bank_files import file_name
    from qor.interfaces.web.features.treasury.orders import format_of
    from qor.workflow.treasury.models import BankFile
    from qor.workflow.treasury.sending import NothingToSend, send_orders, sent_file

    who = acting(args.by, "accountant")
    before = list(
        BankFile.objects.filter(bank_day=args.bank_day)
        .order_by("number")
        .values_list("sha256", flat=True)
    )
    fresh = ""
    try:
        sent = send_orders(args.bank_day, format_of(args.kind), by=who, at=now())
    except NothingToSend:
        if not before:
            raise
    else:
        fresh = sent.file.sha256
        stopped += sent.stopped
        if not voice.as_json:
            name = file_name(sent.file.kind, args.bank_day, fresh)
            voice.line(voice.t("cli.orders_sent", orders=len(sent.orders), file=name))
    args.out.mkdir(parents=True, exist_ok=True)
    names = []
    for sha256 in [*before, *([fresh] if fresh else [])]:
        file = sent_file(sha256)
        names.append(file_name(file.kind, file.bank_day, sha256))
        enter_export(args, who, names[-1], {"sha256": sha256})
        (args.out / names[-1]).write_bytes(bytes(file.content))
        if sha256 != fresh and not voice.as_json:
            voice.line(voice.t("cli.orders_sent_before", file=names[-1]))
    return names


def _paid(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, must_exist=True)
    from qor.workflow.treasury.orders import confirm_paid

    count = confirm_paid(args.orders, by=acting(args.by, "accountant"), at=now())
    if voice.as_json:
        voice.json({"paid": count})
    else:
        voice.line(voice.t("cli.orders_paid", count=count))
    return 0


def _sent_back(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, must_exist=True)
    from qor.workflow.treasury.orders import return_order

    order = return_order(args.order, by=acting(args.by, "accountant"), at=now())
    if voice.as_json:
        voice.json({"order": order.pk, "state": order.state})
    else:
        voice.line(voice.t("cli.order_returned", order=order.pk))
    return 0


def _late(args: argparse.Namespace, voice: Voice) -> int:
    """Acts past their day of payment, the longest waiting first."""
    open_portal(args.database, must_exist=True)
    from qor.workflow.acts.models import Act
    from qor.workflow.disputes.actions import civil_day
    from qor.workflow.treasury.cash import past_pay_by

    names = ("pay_by", "act", "provider_bin", "contract_no", "month", "to_pay")
    late_acts = past_pay_by(Act.objects.all(), civil_day(now()))
    rows: list[tuple[date | None, int, str, str, str, Decimal]] = [
        (act.pay_by, act.pk, str(act.provider.bin), act.contract_no, act.closing.month, act.to_pay)
        for act in late_acts
    ]
    if voice.as_json:
        voice.json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        heads = [
            voice.t("terms.pay_by"),
            "№",
            *(voice.t(f"terms.{n}") for n in ("provider", *names[3:])),
        ]
        voice.table(voice.t("cli.money_late"), heads, rows)
    return 0


def _refund(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, must_exist=True)
    from qor.workflow.treasury.advances import refund_advance, refundable

    refund = refund_advance(args.advance, tenge(args.amount), by=_user(args.by), at=now())
    facts = {
        "advance": refund.advance_id,
        "amount": str(refund.amount),
        "left": str(refundable(refund.advance)),
    }
    if voice.as_json:
        voice.json(facts)
    else:
        voice.line(voice.t("cli.refund_entered", **facts))
    return 0


def _confirm(args: argparse.Namespace, voice: Voice) -> int:
    """Accept (or decline) a sum that somebody else entered."""
    open_portal(args.database, must_exist=True)
    from qor.workflow.acts.second_person import decide_sum

    other = decide_sum(args.number, not args.decline, by=_user(args.by), at=now())
    if voice.as_json:
        voice.json(
            {
                "number": args.number,
                "accepted": other is not None,
                "other": other.pk if other else None,
            }
        )
    else:
        voice.line(voice.t("cli.sum_accepted" if other else "cli.sum_declined", number=args.number))
    return 0


def _user(name: str) -> User:
    """An account by its name. BadValue."""
    from qor.workflow.accounts.models import User

    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise BadValue(field="by", value=name)
    return user


def _named(stopped: Iterable[Stopped]) -> list[dict[str, str]]:
    return [
        {"bin": str(each.provider.bin), "contract_no": each.contract_no, "why": each.refusal.key}
        for each in stopped
    ]


def _warn(voice: Voice, stopped: Iterable[Stopped]) -> None:
    from qor.interfaces.messages import refusal_text

    for each in stopped:
        why = refusal_text(each.refusal, voice.language)
        voice.line(
            voice.t("cli.payment_stopped", provider=each.provider.called(voice.language), why=why)
        )
