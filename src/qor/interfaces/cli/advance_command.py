"""`qor money advance`: granting an advance under a contract, with what the rules ask of it read from the lake and the database."""

from __future__ import annotations

import argparse
from decimal import Decimal
from typing import Any

from qor.engine.checks.features import source
from qor.engine.duck import connect, literal
from qor.engine.lake import Lake
from qor.engine.settlement.limits import prepare_contracts
from qor.interfaces.cli import show_commands
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.portal_commands import open_portal
from qor.interfaces.cli.say import Voice
from qor.interfaces.clock import now
from qor.law.advances import AdvanceKind, Standing
from qor.law.money import tenge
from qor.law.months import Month, month
from qor.law.refusals import BadValue

_DECEMBER = 12


def add_to(commands: Any) -> None:
    """Add `advance` to the commands of money."""
    parser = command(commands, "advance", "money_advance", _advance)
    for name in ("bin", "contract", "amount"):
        option(parser, name, key=f"advance_{name}")
    option(parser, "--month", key="month", required=True)
    option(parser, "--kind", key="advance_kind", choices=[kind.value for kind in AdvanceKind], default="general")
    option(parser, "--excepted", key="advance_excepted", action="store_true")
    option(parser, "--by", key="by", required=True)
    option(parser, "--database", key="database", default="", metavar="URL")
    in_lake(parser)


def _advance(args: argparse.Namespace, voice: Voice) -> int:
    """Grant it in the name of an accountant or of head office; the next orders pay it."""
    lake = show_commands.open_lake(args.lake)
    open_portal(args.database)
    from qor.workflow.accounts.models import Organisation, User
    from qor.workflow.payments.orders import AdvanceAsked, grant_advance, left_of, owes

    provider = Organisation.objects.filter(bin=args.bin).first()
    user = User.objects.filter(username=args.by).first()
    if provider is None or user is None:
        raise BadValue(field="bin" if provider is None else "by", value=args.bin if provider is None else args.by)
    first, kind = month(args.month), AdvanceKind(args.kind)
    plan, had = _plan(lake, args.contract, args.bin, first)
    whole = sum(plan.values(), Decimal(0))
    base = plan.get(str(Month(first.year, _DECEMBER)), Decimal(0)) if kind is AdvanceKind.DECEMBER else whole
    standing = Standing(len(plan), owes(provider), had, args.excepted)
    asked = AdvanceAsked(
        provider,
        args.contract,
        kind,
        tenge(args.amount),
        first,
        base,
        left_of(provider, args.contract, whole),
        standing,
    )
    made = grant_advance(asked, by=user, at=now())
    facts = {"advance": made.pk, "contract": made.contract_no, "amount": str(made.amount), "month": made.first_month}
    if voice.as_json:
        voice.json(facts)
    else:
        voice.line(voice.t("cli.advance_granted", **facts))
    return 0


def _plan(lake: Lake, contract: str, bin_: str, of: Month) -> tuple[dict[str, Decimal], bool]:
    """The contract's sums by month of the year, and whether the provider had a contract in an earlier year."""
    with connect() as connection:
        prepare_contracts(connection, lake, of, of.last)
        sums = f"SELECT service_month, sum(plan) FROM line_plans WHERE contract_no = {literal(contract)} AND service_month LIKE '{of.year}-%' GROUP BY ALL"
        plan = {name: Decimal(amount) for name, amount in connection.execute(sums).fetchall()}
        before = f"SELECT count(*) FROM ({source(lake, 'contracts')}) WHERE bin = {literal(bin_)} AND valid_from < {literal(of.first.replace(month=1))}"
        return plan, bool(connection.execute(before).fetchall()[0][0])
