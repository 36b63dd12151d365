"""`qor money returned`: money that a provider returned to the Fund's account for a debt."""

from __future__ import annotations

import argparse
from typing import Any

from qor.interfaces.cli.database import open_portal
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now
from qor.law.nouns.money import tenge
from qor.law.nouns.refusals import BadValue


def add_to(commands: Any) -> None:
    """Add `returned` to the commands of money."""
    parser = command(commands, "returned", "money_returned", _returned)
    option(parser, "debt", key="debt_number", type=int)
    option(parser, "amount", key="advance_amount")
    option(parser, "--by", key="by", required=True)
    option(parser, "--database", key="database", default="", metavar="URL")


def _returned(args: argparse.Namespace, voice: Voice) -> int:
    """Enter it in the name of an accountant or of head office. NotAnAccount; BadValue for an
    unknown debt."""
    open_portal(args.database, must_exist=True)
    from qor.workflow.accounts.actions import account
    from qor.workflow.acts.debts import open_debts, return_money

    user = account(args.by, "accountant", "head_office")
    if not open_debts().filter(pk=args.debt).exists():
        raise BadValue(field="debt", value=args.debt)
    repayment = return_money(args.debt, tenge(args.amount), by=user, at=now())
    facts = {"debt": repayment.debt_id, "amount": str(repayment.amount)}
    if voice.as_json:
        voice.json(facts)
    else:
        voice.line(voice.t("cli.money_came_back", **facts))
    return 0
