"""Rows of a month on the screen, as JSON or in a file: what `act`, `findings` and `unconfirmed`
share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field

from qor.engine.results.months import is_provider
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import first_rows
from qor.interfaces.cli.exports import export_rows
from qor.interfaces.cli.voice import Voice
from qor.interfaces.messages import catalogue
from qor.law.nouns.care_forms import CareForm, title
from qor.law.nouns.refusals import Refusal

_SHOWN = 50
ShownAs = Callable[[str], str]


class UnknownProvider(Refusal):
    """The lake knows no provider with that BIN."""

    key = "unknown_provider"


@dataclass(frozen=True, slots=True)
class Listing:
    """A step's view of a connection, the columns that the screen has room for, and how it shows
    some of them."""

    connection: Connection
    step: str
    show: tuple[str, ...]
    shown_as: dict[str, ShownAs] = field(default_factory=dict)


def give(args: argparse.Namespace, voice: Voice, listing: Listing) -> int:
    """Write the rows to the file asked for, or print the first of them."""
    if args.out:
        _write(args, voice, listing)
        return 0
    if voice.as_json:
        voice.json(first_rows(listing.connection, listing.step).rows)
        return 0
    first = first_rows(listing.connection, listing.step, _SHOWN)
    lines = [
        [
            listing.shown_as[c](row[c]) if c in listing.shown_as and row[c] else row[c]
            for c in listing.show
        ]
        for row in first.rows
    ]
    voice.table(f"{args.month}", [_heading(voice, column) for column in listing.show], lines)
    if first.more:
        voice.line(voice.t("cli.more_rows", count=first.more))
    return 0


def provider_asked(args: argparse.Namespace, lake: Lake) -> str:
    """The provider that a command asks about; empty where it asks about all. UnknownProvider."""
    if args.provider and not is_provider(lake, args.provider):
        raise UnknownProvider(bin=args.provider)
    return str(args.provider or "")


def form_title(voice: Voice) -> ShownAs:
    """What a care form is called in the language of the command."""
    return lambda form: title(CareForm(form), voice.language)


def _write(args: argparse.Namespace, voice: Voice, listing: Listing) -> None:
    rows = f"FROM {listing.step}"
    heading: ShownAs = lambda name: _heading(voice, name)  # noqa: E731
    written = export_rows(args, voice, listing.connection, rows, heading)
    if voice.as_json:
        voice.json({"file": str(args.out), "rows": written})
    else:
        voice.line(voice.t("cli.written", file=args.out, count=written))


def _heading(voice: Voice, column: str) -> str:
    key = f"terms.{column}"
    return voice.t(key) if key in catalogue() else column
