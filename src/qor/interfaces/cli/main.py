"""The command line as a whole."""

from __future__ import annotations

import argparse
import io
import os
import sys

import duckdb

from qor.interfaces.cli import (
    analysis_commands,
    audit_commands,
    backup_commands,
    checks_command,
    demo_command,
    docs_command,
    import_command,
    lake_commands,
    law_command,
    money_commands,
    portal_commands,
    proof_commands,
    show_commands,
    test_command,
    users_commands,
)
from qor.interfaces.cli.exports import watch_json
from qor.interfaces.cli.parser import Parser
from qor.interfaces.cli.paths import path_refusal
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import check_demo_clock
from qor.interfaces.disk import PRIVATE, disk_trouble
from qor.interfaces.messages import language_of, text
from qor.law.nouns.refusals import Refusal


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command: 0 done, 1 a test failed, 2 refused or not understood, 130 stopped by
    the user."""
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="replace"
            )  # a terminal that cannot show Kazakh gets question marks, not a traceback
    os.umask(PRIVATE)
    language = language_of(_asked(given))
    parser, args = _parser(language), argparse.Namespace()
    voice = Voice(language, "--json" in given)
    try:
        args = parser.parse_args(given)
        voice.as_json = getattr(args, "json", False)
        watch_json(args, voice)
        if getattr(args, "lake", None) is not None:
            check_demo_clock(args.lake)
        return int(args.run(args, voice))
    except Refusal as refusal:
        voice.refusal(refusal)
        return 2
    except (KeyboardInterrupt, duckdb.InterruptException):
        return _stopped(voice)
    except Exception as error:
        if isinstance(error, RuntimeError) and "interrupted" in str(error).lower():
            return _stopped(voice)
        trouble = path_refusal(error, args) or disk_trouble(error)
        if trouble is None:
            raise
        voice.refusal(trouble)
        return 2


def _stopped(voice: Voice) -> int:
    print(voice.t("cli.stopped"), file=sys.stderr)
    return 130


def _asked(given: list[str]) -> str | None:
    for position, argument in enumerate(given):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and position + 1 < len(given):
            return given[position + 1]
    return None


def _parser(language: str) -> Parser:
    Parser.language = language
    parser = Parser(prog="./qor", description=text("cli.about", language))
    parser.add_argument("--lang", choices=("kk", "ru", "en"), help=text("cli.language", language))
    commands = parser.add_subparsers(
        required=True,
        metavar="…",
        title=text("cli.commands", language),
        dest="command",
        parser_class=Parser,
    )
    for part in (
        demo_command,
        lake_commands,
        proof_commands,
        show_commands,
        analysis_commands,
        law_command,
        portal_commands,
        audit_commands,
        users_commands,
        backup_commands,
        money_commands,
        checks_command,
        import_command,
        docs_command,
        test_command,
    ):
        part.add(commands)
    return parser
