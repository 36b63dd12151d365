"""Reading the command line: argparse, with every word of it in the user's language."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from qor.interfaces.cli.paths import KINDS
from qor.interfaces.home import installation_home
from qor.interfaces.messages import text
from qor.law.nouns.refusals import BadValue

_COMPLAINTS = (
    (re.compile(r"the following arguments are required: (?P<names>.+)"), "cli.argument_required"),
    (re.compile(r"unrecognized arguments: (?P<names>.+)"), "cli.argument_unknown"),
    (
        re.compile(r"argument [^:]+: invalid \w+(?: value)?: (?P<name>'[^']*')"),
        "cli.argument_wrong",
    ),
    (re.compile(r"argument (?P<name>[^:]+):"), "cli.argument_wrong"),
)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the language it was made with."""

    language = "en"

    def __init__(self, **facts: Any) -> None:
        super().__init__(**(facts | {"add_help": False, "formatter_class": _Formatter}))
        self._positionals.title = text("cli.arguments", self.language)
        self._optionals.title = text("cli.options", self.language)
        self.add_argument("-h", "--help", action="help", help=text("cli.help", self.language))

    def error(self, message: str) -> NoReturn:
        """Say in the user's language what is wrong with the command; exit code 2."""
        for shape, key in _COMPLAINTS:
            if complaint := shape.match(message):
                message = text(key, self.language, **complaint.groupdict())
                break
        print(text("cli.bad_command", self.language, what=message), file=sys.stderr)
        sys.exit(2)


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(
            usage, actions, groups, text("cli.usage", Parser.language) if prefix is None else prefix
        )


def option(parser: argparse.ArgumentParser, *names: str, key: str, **facts: Any) -> None:
    """Add an argument whose help is the sentence `cli.<key>`; a path is looked at as the kind of
    that key says, where its own is not given."""
    if facts.get("type") is Path or (key in KINDS and "type" not in facts):
        facts["type"] = KINDS[key]
        if isinstance(facts.get("default"), Path):
            facts["default"] = str(facts["default"])  # looked at as what is typed
    parser.add_argument(*names, help=text(f"cli.{key}", Parser.language), **facts)


def command(
    commands: Any,
    name: str,
    key: str,
    run: Callable[..., int] | None = None,
    needs_json: bool = True,
) -> argparse.ArgumentParser:
    """Add a command with `--json` (where it has a machine's form) and the function that carries it
    out."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text(f"cli.{key}", Parser.language)
    )
    option(parser, "--lang", key="language", choices=("kk", "ru", "en"))
    if needs_json:
        option(parser, "--json", key="json", action="store_true")
    if run is not None:
        parser.set_defaults(run=run)
    return parser


def in_lake(parser: argparse.ArgumentParser) -> None:
    """Add `--lake DIR`; without it the lake of the installation's home (QOR_HOME), where there is
    one."""
    home = installation_home()
    default = home / "lake" if home is not None else None
    option(
        parser,
        "--lake",
        key="lake",
        type=Path,
        required=home is None,
        default=default,
        metavar="DIR",
    )


def a_memory(value: str | None, otherwise: str) -> str:
    """Read a limit of memory such as 1GB or 700MB; `otherwise` where none was given. BadValue if it
    is not one."""
    if value is None:
        return otherwise
    if not re.fullmatch(r"[1-9]\d*(\.\d+)? ?[KMGT]i?B", value, re.ASCII):
        raise BadValue(field="memory", value=value)
    return value
