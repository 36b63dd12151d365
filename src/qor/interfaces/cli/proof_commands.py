"""`qor lake verify` and `qor lake take-over`: proving a lake to its last byte, and chaining the log
of an old one once."""

from __future__ import annotations

import argparse
from typing import Any

from qor.engine.storage.lake import (
    TAKEN_OVER,
    CheckpointWrong,
    problems_of,
    rebuild_checkpoint,
    take_over,
)
from qor.interfaces.cli.acting import acting_in_lake
from qor.interfaces.cli.lake_of_month import open_lake
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now
from qor.interfaces.messages import refusal_text


def add(commands: Any) -> None:
    """Add the commands."""
    group = command(commands, "lake", "lake_group", None, needs_json=False)
    inside = group.add_subparsers(required=True, metavar="…", dest="what")
    verifying = command(inside, "verify", "lake_verify", _verify)
    in_lake(verifying)
    taking = command(inside, "take-over", "lake_take_over", _take_over, needs_json=False)
    in_lake(taking)
    option(taking, "--by", key="by", default=None)
    option(taking, "--database", key="database", default="", metavar="URL")


def _verify(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake, from_log=True)
    problems = problems_of(lake)
    if any(isinstance(each, CheckpointWrong) for each in problems):
        rebuild_checkpoint(lake)
    parts = {part.path: part.bytes for entry in lake.entries for part in entry.adds}
    counts = {"entries": len(lake.entries), "files": len(parts), "bytes": sum(parts.values())}
    if voice.as_json:
        errors = [
            {"key": each.key, "error": refusal_text(each, voice.language)} for each in problems
        ]
        head = lake.entries[-1].sha256 if lake.entries else ""
        voice.json({"whole": not problems, **counts, "head": head, "problems": errors})
        return 1 if problems else 0
    for each in problems:
        voice.refusal(each)
    voice.line(
        voice.t(
            "cli.lake_broken" if problems else "cli.lake_whole", problems=len(problems), **counts
        )
    )
    return 1 if problems else 0


def _take_over(args: argparse.Namespace, voice: Voice) -> int:
    by = acting_in_lake(args.by, args.database, "administrator")
    entry = take_over(args.lake, by, now())
    if entry.kind != TAKEN_OVER:
        voice.line(voice.t("cli.lake_log_in_folders", entries=entry.number))
        return 0
    voice.line(
        voice.t("cli.lake_taken_over", entries=entry.number - 1, files=len(entry.facts["bytes"]))
    )
    return 0
