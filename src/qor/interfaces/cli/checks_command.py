"""`qor checks`: the catalogue on the screen, or the handbook in a folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qor.engine.checks.catalogue import ALL
from qor.engine.checks.handbook import write_handbook
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.say import Voice


def add(commands: Any) -> None:
    """Add `checks`."""
    parser = command(commands, "checks", "checks", _checks)
    option(parser, "--handbook", key="checks_handbook", type=Path, metavar="DIR")


def _checks(args: argparse.Namespace, voice: Voice) -> int:
    if args.handbook:
        write_handbook(args.handbook)
        voice.line(voice.t("cli.handbook_written", folder=args.handbook))
        return 0
    if voice.as_json:
        voice.json([_facts(check) for check in ALL])
        return 0
    headings = [voice.t(f"terms.{name}") for name in ("check", "code", "kind", "found")]
    lines = [
        (c.slug, c.code or "–", voice.t(f"terms.kind_{c.kind.value}"), c.says.in_language(voice.language)) for c in ALL
    ]
    voice.table(voice.t("cli.checks"), headings, lines)
    return 0


def _facts(check: Any) -> dict[str, Any]:
    says = {language: check.says.in_language(language) for language in ("kk", "ru", "en")}
    return {
        "check": check.slug,
        "code": check.code,
        "kind": check.kind.value,
        "says": says,
        "cites": check.cites,
        "figures": list(check.figures),
    }
