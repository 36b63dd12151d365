"""`qor day`, `profiles`, `spark`: the working day's monitoring, who stands apart, and the checks on
a cluster."""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qor.engine.analysis.profiles import Profile, profiles
from qor.engine.monitoring.day import monitor_day
from qor.engine.monitoring.loop import Skipped
from qor.engine.monitoring.month import DEFAULT_MEMORY, RunRequest
from qor.engine.storage.duck import connect
from qor.interfaces.cli import lake_commands
from qor.interfaces.cli.acting import acting_in_lake
from qor.interfaces.cli.exports import add_export, export_folder
from qor.interfaces.cli.lake_of_month import month_of_lake, open_lake
from qor.interfaces.cli.parser import a_memory, command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now, today
from qor.interfaces.typed_days import a_day
from qor.law.nouns.care_forms import CareForm, title
from qor.law.nouns.months import month
from qor.law.nouns.refusals import Refusal
from qor.law.nouns.regions import region_title

_SHOWN = 30


class NoSpark(Refusal):
    """Spark is an extra that was not installed."""

    key = "no_spark"


def add(commands: Any) -> None:
    """Add the commands."""
    for name, run in (("day", _day), ("profiles", _profiles), ("spark", _spark)):
        parser = command(commands, name, name, run)
        option(parser, "month", key="month")
        in_lake(parser)
        if name == "profiles":
            option(parser, "--performers", key="profiles_performers", action="store_true")
            add_export(parser)
            continue
        option(parser, "--found-on", key="found_on", metavar="DATE")
        if name == "day":
            option(parser, "--memory", key="memory")
            add_export(parser)
        else:
            option(parser, "--master", key="spark_master", default="local[*]")
            option(parser, "--data", key="spark_data", default="")
            option(parser, "--out", key="spark_out", required=True, metavar="DIR")
            add_export(parser)
            option(
                parser, "--set", key="spark_set", action="append", default=[], metavar="NAME=VALUE"
            )


def _day(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    found_on = a_day(args.found_on) if args.found_on else today()
    who = acting_in_lake(args.by, args.database, "head_office", "administrator")
    outcome = monitor_day(
        lake,
        RunRequest(month(args.month), found_on, who, now(), a_memory(args.memory, DEFAULT_MEMORY)),
    )
    counts = {
        "new_rows": outcome.new.rows,
        "persons": outcome.new.persons,
        "findings": outcome.findings,
        "returns": outcome.returns,
        "differences": outcome.differences,
    }
    if voice.as_json:
        voice.json({"month": args.month, **counts})
        return 0
    heading = voice.t("cli.day_heading", month=args.month)
    voice.table(heading, [voice.t(f"terms.{name}") for name in counts], [list(counts.values())])
    return 0


def _profiles(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    of = month_of_lake(lake, args.month)
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        all_profiles = profiles(connection, lake, of, Path(folder), args.performers)
    if voice.as_json:
        voice.json([asdict(profile) for profile in all_profiles])
        return 0
    names = (
        "provider_bin",
        *(("performer_id",) if args.performers else ()),
        "region",
        "care_form",
        "score",
        "reasons",
    )
    lines = [_line(voice, profile, args.performers) for profile in all_profiles]
    heading = voice.t("cli.profiles_heading", month=args.month)
    voice.table(heading, [voice.t(f"terms.{name}") for name in names], lines[:_SHOWN])
    if len(lines) > _SHOWN:
        voice.line(voice.t("cli.more_rows", count=len(lines) - _SHOWN))
    return 0


def _line(voice: Voice, profile: Profile, by_performer: bool) -> tuple[object, ...]:
    reasons = "; ".join(
        voice.t(
            "cli.profiles_reason",
            measure=voice.t(f"terms.measure_{reason.measure}"),
            value=reason.value,
            usual=reason.usual,
            deviations=reason.deviations,
        )
        for reason in profile.reasons
    )
    performer = (profile.performer_id,) if by_performer else ()
    region = region_title(profile.region, voice.language)
    form = title(CareForm(profile.kind), voice.language)
    return (profile.provider_bin, *performer, region, form, str(profile.score), reasons)


def _spark(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    of = month_of_lake(lake, args.month)
    if importlib.util.find_spec("pyspark") is None:
        raise NoSpark()
    from qor.engine.spark.run import run_on_spark

    found_on = a_day(args.found_on) if args.found_on else today()
    settings = dict(given.split("=", 1) for given in args.set)
    with voice.progress(voice.t("cli.step_checks")) as step:

        def write() -> list[Skipped]:
            return run_on_spark(
                lake, of, found_on, args.out, args.master, args.data, settings, progress=step
            )

        skipped = export_folder(args, voice, write)
    if voice.as_json:
        voice.json(
            {
                "month": args.month,
                "out": args.out,
                "skipped": {skip.check: list(skip.lacks) for skip in skipped},
            }
        )
        return 0
    lake_commands.tell_skipped(voice, skipped)
    voice.line(voice.t("cli.spark_done", out=args.out))
    return 0
