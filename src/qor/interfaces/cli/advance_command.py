"""`qor money advance`: granting an advance under a contract, with what the rules ask of it."""

from __future__ import annotations

import argparse
from typing import Any

from qor.engine.indicators.execution_table import FUNDINGS
from qor.interfaces.cli.database import open_portal
from qor.interfaces.cli.lake_of_month import open_lake
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now
from qor.law.nouns.money import tenge
from qor.law.nouns.months import month
from qor.law.nouns.refusals import BadValue
from qor.law.rules.advances import AdvanceKind


def add_to(commands: Any) -> None:
    """Add `advance` to the commands of money."""
    parser = command(commands, "advance", "money_advance", _advance)
    for name in ("bin", "contract", "amount"):
        option(parser, name, key=f"advance_{name}")
    option(parser, "--month", key="month", required=True)
    option(
        parser,
        "--kind",
        key="advance_kind",
        choices=[kind.value for kind in AdvanceKind],
        default="general",
    )
    option(parser, "--funding", key="advance_funding", choices=FUNDINGS, default="")
    option(parser, "--excepted", key="advance_excepted", action="store_true")
    option(parser, "--by", key="by", required=True)
    option(parser, "--database", key="database", default="", metavar="URL")
    in_lake(parser)


def _advance(args: argparse.Namespace, voice: Voice) -> int:
    """Grant it in the name of an accountant or of head office; the next orders pay it."""
    lake = open_lake(args.lake)
    open_portal(args.database, must_exist=True)
    from qor.workflow.accounts.actions import account
    from qor.workflow.accounts.models import Organisation
    from qor.workflow.treasury.advances import AdvanceAsked, grant_advance

    user = account(args.by, "accountant", "head_office")
    provider = Organisation.objects.filter(bin=args.bin).first()
    if provider is None:
        raise BadValue(field="bin", value=args.bin)
    kind, first = AdvanceKind(args.kind), month(args.month)
    asked = AdvanceAsked(
        provider,
        args.contract,
        kind,
        tenge(args.amount),
        first,
        args.funding,
        excepted=args.excepted,
    )
    advance = grant_advance(lake, asked, by=user, at=now())
    facts = {
        "advance": advance.pk,
        "contract": advance.contract_no,
        "amount": str(advance.amount),
        "month": advance.first_month,
    }
    if voice.as_json:
        voice.json(facts)
    else:
        voice.line(voice.t("cli.advance_granted", **facts))
    return 0
