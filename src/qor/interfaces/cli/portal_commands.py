"""`qor tick`, `audit`, `bring-in`, `serve`: what the portal needs from the command line."""

from __future__ import annotations

import argparse
from typing import Any

from qor.interfaces.cli.acting import acting
from qor.interfaces.cli.database import join, open_portal
from qor.interfaces.cli.lake_of_month import NoSuchLake, open_lake
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now
from qor.law.nouns.months import month


def add(commands: Any) -> None:
    """Add the commands."""
    for name, run in (("tick", _tick), ("serve", _serve), ("worker", _worker)):
        parser = command(commands, name, name, run, needs_json=name == "tick")
        option(parser, "--database", key="database", default="", metavar="URL")
        if name == "serve":
            in_lake(parser)
            option(parser, "--port", key="port", type=int, default=8000)
            option(parser, "--workers", key="workers", type=int, default=2)
    bringing = command(commands, "bring-in", "open_cases", _bring_in)
    option(bringing, "month", key="month")
    in_lake(bringing)
    option(bringing, "--database", key="database", default="", metavar="URL")
    option(bringing, "--by", key="by", default=None)


def _tick(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, must_exist=True)
    from qor.interfaces.web.server.jobs import every_minute, every_working_day

    done = every_minute() | {"monitored": every_working_day()}
    if voice.as_json:
        voice.json(done)
    else:
        voice.line(
            voice.t(
                "cli.ticked",
                confirmed=done["confirmed"],
                overdue=done["overdue"],
                given=done["given"],
                sent=done["sent"],
                unsent=done["unsent"],
                monitored=done["monitored"],
            )
        )
    return 0


def _worker(args: argparse.Namespace, _: Voice) -> int:
    """Let the clock tick and the e-mails go, every minute, until stopped."""
    open_portal(args.database, must_exist=True)
    from django.core.management import call_command

    from qor.interfaces.web.server.jobs import schedule_all
    from qor.interfaces.web.server.start import check_secret_key

    check_secret_key()
    schedule_all()
    call_command("qcluster")
    return 0


def _bring_in(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    open_portal(args.database)
    join(lake)
    from qor.workflow.disputes.open_cases import open_cases
    from qor.workflow.treasury.paid import paid_cases

    of = month(args.month)
    brought = open_cases(
        lake, of, by=acting(args.by, "head_office", "administrator"), at=now(), paid=paid_cases(of)
    )
    counts = {
        "findings": brought.findings,
        "new": brought.new,
        "known": brought.known,
        "fallen": brought.fallen,
    }
    if voice.as_json:
        voice.json(counts)
    else:
        voice.line(voice.t("cli.brought", **counts))
    return 0


def _serve(args: argparse.Namespace, voice: Voice) -> int:
    from qor.interfaces.web.server.start import check_role, check_secret_key

    check_secret_key()
    if not args.lake.is_dir():
        raise NoSuchLake(path=str(args.lake))
    open_portal(args.database, str(args.lake.resolve()))
    check_role()
    return serve(voice, args.port, args.workers)


def serve(voice: Voice, port: int, workers: int = 1) -> int:
    """Serve the pages on 127.0.0.1 until stopped. PortBusy, SecretKeyChanged."""
    from django.db import connections

    from qor.interfaces.web.server.server import PortalServer
    from qor.interfaces.web.server.start import check_factors, check_port

    check_factors()
    check_port(port)
    connections.close_all()  # the processes of the server open their own
    voice.line(voice.t("cli.serving", address=f"http://127.0.0.1:{port}/"))
    PortalServer(port, max(workers, 1)).run()
    return 0
