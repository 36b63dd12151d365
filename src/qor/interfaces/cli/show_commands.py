"""`qor act`, `findings`, `unconfirmed`: what a run found, on the screen or in a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qor.engine.checks.catalogue import ALL, check_named
from qor.engine.checks.check import Kind
from qor.engine.results.months import list_rows
from qor.engine.settlement.unconfirmed_register import list_unconfirmed_cases
from qor.engine.storage.duck import connect, literal
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import run_step
from qor.interfaces.cli.exports import add_export
from qor.interfaces.cli.lake_of_month import open_lake, refuse_not_run
from qor.interfaces.cli.listing import Listing, form_title, give, provider_asked
from qor.interfaces.cli.month_in_figures import MONEY
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.law.nouns.months import Month, month
from qor.law.nouns.refusals import Refusal
from qor.law.nouns.regions import region_title

_ACT = ("provider_bin", "care_form", "funding", "rows_received", *MONEY)
_FINDING = (
    "provider_bin",
    "service_id",
    "check",
    "code",
    "kind",
    "care_form",
    "amount",
    "proposed_deduction",
    "seen",
    "expected",
)
_RETURN = ("provider_bin", "service_id", "check", "care_form", "amount", "seen", "expected")
_UNCONFIRMED = (
    "number",
    "region",
    "provider_bin",
    "name",
    "card_no",
    "iin",
    "service_date",
    "amount",
    "service_id",
    "found_on",
)


class UnknownCheck(Refusal):
    """No check of that name."""

    key = "unknown_check"


def add(commands: Any) -> None:
    """Add the commands that show a month."""
    for name, run in (("act", _act), ("findings", _findings), ("unconfirmed", _unconfirmed)):
        parser = command(commands, name, name, run)
        option(parser, "month", key="month")
        in_lake(parser)
        option(parser, "--provider", key="provider", metavar="BIN")
        option(parser, "--out", key="out", type=Path, metavar="FILE")
        add_export(parser)
        if name == "findings":
            option(parser, "--check", key="findings_check", metavar="NAME")
        if name == "unconfirmed":
            option(parser, "--show-iin", key="show_iin", action="store_true")


def _act(args: argparse.Namespace, voice: Voice) -> int:
    lake, of = open_lake(args.lake), month(args.month)
    refuse_not_run(lake, of, "acts")
    provider = provider_asked(args, lake)
    shown_as = {
        "care_form": form_title(voice),
        "funding": lambda funding: voice.t(f"terms.funding_{funding}"),
    }
    with connect() as connection:
        list_rows(connection, "listed_acts", lake, of, provider=provider)
        return give(args, voice, Listing(connection, "listed_acts", _ACT, shown_as))


def _findings(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    if args.check and args.check not in {check.slug for check in ALL}:
        raise UnknownCheck(check=args.check, known=", ".join(check.slug for check in ALL))
    if args.check and check_named(args.check).kind is Kind.RETURN:
        return _returns(args, voice, lake)
    of = month(args.month)
    refuse_not_run(lake, of)
    provider, slug = provider_asked(args, lake), args.check or ""
    shown_as = {"care_form": form_title(voice), "kind": lambda kind: voice.t(f"terms.kind_{kind}")}
    with connect() as connection:
        list_rows(connection, "listed_findings", lake, of, provider=provider, slug=slug)
        return give(args, voice, Listing(connection, "listed_findings", _FINDING, shown_as))


def _returns(args: argparse.Namespace, voice: Voice, lake: Lake) -> int:
    """The rows that go back to their providers for one reason: no findings, but found by a check
    all the same."""
    of = month(args.month)
    refuse_not_run(lake, of, "returns")
    provider, shown_as = provider_asked(args, lake), {"care_form": form_title(voice)}
    with connect() as connection:
        list_rows(connection, "listed_returns", lake, of, provider=provider, slug=args.check)
        return give(args, voice, Listing(connection, "listed_returns", _RETURN, shown_as))


def _unconfirmed(args: argparse.Namespace, voice: Voice) -> int:
    lake, of = open_lake(args.lake), month(args.month)
    rejected = _rejected(args, voice, of)
    refuse_not_run(lake, of)
    with connect() as connection:
        list_unconfirmed_cases(connection, lake, of, rejected)
        run_step(
            connection,
            "listed_unconfirmed",
            language=literal(voice.language),
            with_iin=literal(bool(args.show_iin)),
            provider=literal(provider_asked(args, lake)),
        )
        shown_as = {"region": lambda code: region_title(code, voice.language)}
        listing = Listing(connection, "listed_unconfirmed", _UNCONFIRMED, shown_as)
        return give(args, voice, listing)


def _rejected(args: argparse.Namespace, voice: Voice, of: Month) -> list[tuple[str, str, str]]:
    """The findings of a month that people rejected, from the portal's database; where none is
    named, that is said."""
    if not args.database:
        voice.warning(voice.t("cli.without_decisions"))
        return []
    from qor.interfaces.cli.database import open_portal

    open_portal(args.database, must_exist=True)
    from qor.workflow.disputes.rejected import rejected_findings

    return rejected_findings(of)
