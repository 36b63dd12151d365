"""`qor demo`: a small country, its month from end to end, and how well the checks found what was
planted."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from qor.engine.intake.receive import Delivery, Receipt, receive
from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.simulate.country import AFTERWARDS, MONTH, Files, Size, make_country
from qor.engine.simulate.score import Score, accuracy_table, score
from qor.engine.storage.lake import Lake
from qor.interfaces.cli import portal_commands
from qor.interfaces.cli.database import attachments_in, open_portal
from qor.interfaces.cli.month_in_figures import month_facts, tell_month
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import DEMO_MARK, now, today
from qor.law.nouns.months import month
from qor.law.nouns.refusals import BadValue, Refusal

_LEAST = {"people": 100, "providers": 12, "services": 100, "cases": 1}
BEFORE = MONTH.shift(-1)
FOUND_ON = {BEFORE: date(2026, 2, 2), MONTH: date(2026, 3, 2), AFTERWARDS: date(2026, 4, 2)}
_SCORED = [MONTH, AFTERWARDS]  # what was planted


class FolderInUse(Refusal):
    """The folder for the demo holds something else."""

    key = "folder_in_use"


def add(commands: Any) -> None:
    """Add `demo`."""
    size = Size()
    parser = command(commands, "demo", "demo", _demo)
    option(parser, "--dir", key="demo_dir", type=Path, default=Path("demo-country"))
    option(parser, "--people", key="demo_people", type=int, default=size.people)
    option(parser, "--providers", key="demo_providers", type=int, default=size.providers)
    option(parser, "--services", key="demo_services", type=int, default=size.services)
    option(parser, "--cases", key="demo_cases", type=int, default=size.cases)
    option(parser, "--accuracy", key="accuracy", type=Path, metavar="FILE")
    option(parser, "--serve", key="demo_serve", action="store_true")
    option(parser, "--port", key="port", type=int, default=8000)


def _demo(args: argparse.Namespace, voice: Voice) -> int:
    folder: Path = args.dir
    for field, least in _LEAST.items():
        if getattr(args, field) < least:
            raise BadValue(field=field, value=getattr(args, field))
    _clear(folder)
    with voice.progress(voice.t("cli.step_registers")) as step:
        files = make_country(
            folder, Size(args.people, args.providers, args.services, args.cases), step
        )
    lake = Lake(folder / "lake")
    with _tables_meanwhile(lake, folder.resolve(), wait=args.serve):
        with voice.progress(voice.t("cli.step_intake")) as step:
            receipts = receive_all(lake, files, step)
        with voice.progress(voice.t("cli.step_checks")) as step:
            for of, found_on in FOUND_ON.items():
                run_month(lake, RunRequest(of, found_on, "demo", now()), step)
    scores = score(lake, _SCORED, files.truth)
    if args.accuracy:
        args.accuracy.write_text(accuracy_table(scores, files.decoys), "utf-8")
    if args.serve:
        _stand_still(folder.resolve() / "clock")
    logins = _portal(lake, folder.resolve())
    played = [] if args.serve else _play(voice, lake)
    if voice.as_json:
        voice.json(_facts(lake, files, receipts, scores, folder) | {"money": played})
    else:
        _tell(voice, lake, files, scores, folder)
        _tell_money(voice, played)
    return _open_portal(voice, lake, logins, args.port) if args.serve else 0


def _stand_still(clock: Path) -> None:
    """The demo's clock, at the day on which the month's findings are shown; before Django reads its
    settings."""
    days_back = (today() - FOUND_ON[MONTH]).days
    clock.write_text(str(-days_back), "utf-8")
    os.environ["QOR_DEMO_CLOCK"] = str(clock)


@contextmanager
def _tables_meanwhile(lake: Lake, folder: Path, *, wait: bool) -> Iterator[None]:
    """Make the database's tables in a thread of their own while DuckDB works.

    Not with `wait` (the demo's clock is not set yet), nor where Django is ready and has its
    database already.
    """
    from django.conf import settings

    def make() -> None:
        from django.db import connections

        _open_tables(lake, folder)
        connections.close_all()

    if wait or settings.configured:
        yield
        return
    with ThreadPoolExecutor(1) as beside:
        tables = beside.submit(make)
        yield
        tables.result()


def _open_tables(lake: Lake, folder: Path) -> None:
    attachments_in(folder / "attachments")
    database = f"sqlite:///{quote(str(folder / 'portal.sqlite3'))}"
    open_portal(database, str(lake.root.resolve()))


def _portal(lake: Lake, folder: Path) -> dict[str, str]:
    """The database beside the lake, with an organisation for each provider and a login for each
    role."""
    _open_tables(lake, folder)
    from qor.demo.people import populate

    return populate(lake)


def _play(voice: Voice, lake: Lake, months: int = len(FOUND_ON)) -> list[dict[str, Any]]:
    """Months with disputes in between, closed, signed and paid."""
    from qor.demo.months import grant_demo_advance, play_month

    grant_demo_advance(lake, BEFORE)
    played = []
    with voice.progress(voice.t("cli.step_money")) as step:
        for done, (of, found_on) in enumerate(list(FOUND_ON.items())[:months]):
            step(str(of), done, months)
            came = play_month(lake, of, found_on)
            played.append(
                asdict(came.closed)
                | {"disputes": came.disputed, "orders": came.orders, "paid": came.paid}
            )
    return played


def _tell_money(voice: Voice, played: list[dict[str, Any]]) -> None:
    if played:
        names = ("month", "acts", "rows", "held", "disputes", "orders", "paid")
        lines = [
            [
                row["month"],
                row["acts"],
                row["lines"],
                row["held"],
                row["disputes"],
                row["orders"],
                row["paid"],
            ]
            for row in played
        ]
        voice.table(voice.t("cli.demo_money"), [voice.t(f"terms.{n}") for n in names], lines)


def _open_portal(voice: Voice, lake: Lake, logins: dict[str, str], port: int) -> int:
    """The portal over the demo: a month paid, the next one's findings as cases, a login for each
    role, a clock that can be moved."""
    from qor.demo.people import PASSWORD
    from qor.workflow.disputes.open_cases import open_cases

    _play(voice, lake, months=1)
    open_cases(lake, MONTH, by="demo", at=now())
    lines = [(voice.t(f"portal.role_{role}"), login) for role, login in logins.items()]
    voice.table(voice.t("cli.demo_logins", password=PASSWORD), ("", ""), lines)
    return portal_commands.serve(voice, port)


def _clear(folder: Path) -> None:
    """Make the folder anew; only a demo's own folder is ever removed."""
    if folder.exists() and not folder.is_dir():
        raise FolderInUse(path=str(folder))
    if folder.exists() and any(folder.iterdir()):
        if not (folder / DEMO_MARK).exists():
            raise FolderInUse(path=str(folder))
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DEMO_MARK).touch()


def receive_all(lake: Lake, files: Files, step: Any) -> list[Receipt]:
    """Bring everything in: the tables first, then the registers; the receipts of the demo's own
    month."""
    total = len(files.tables) + sum(map(len, files.registers.values()))
    done = 0
    for table, path in files.tables.items():
        step(table, done, total)
        receive(lake, Delivery(path, table, None, "demo", now()))
        done += 1
    receipts = []
    for of, paths in files.registers.items():
        for path in paths:
            step(path.name, done, total)
            receipt = receive(lake, Delivery(path, "services", month(of), "demo", now()))
            receipts += [receipt] if of == str(MONTH) else []
            done += 1
    step("", total, total)
    return receipts


def _facts(
    lake: Lake, files: Files, receipts: list[Receipt], scores: list[Score], folder: Path
) -> dict[str, Any]:
    facts = month_facts(lake, MONTH)
    checks = [
        {
            **asdict(score),
            "recall": score.recall,
            "precision": score.precision,
            "decoys": files.decoys.get(score.check, 0),
        }
        for score in scores
    ]
    rows = {
        name: sum(getattr(receipt, name) for receipt in receipts)
        for name in ("received", "accepted", "rejected")
    }
    return {
        "month": str(MONTH),
        "rows": rows,
        "checks": checks,
        "acts": facts["acts"],
        "findings": facts["findings"],
        "files": {
            "lake": str(lake.root),
            "inbox": str(folder / "inbox"),
            "truth": str(files.truth),
        },
    }


def _tell(voice: Voice, lake: Lake, files: Files, scores: list[Score], folder: Path) -> None:
    voice.line(voice.t("cli.demo_note"))
    tell_month(voice, lake, MONTH)
    names = ("check", "code", "planted", "found", "recall", "precision")
    lines = [(s.check, s.code or "–", s.planted, s.found, s.recall, s.precision) for s in scores]
    voice.table(
        voice.t("cli.accuracy_heading"), [voice.t(f"terms.{name}") for name in names], lines
    )
    voice.table(
        voice.t("cli.files_heading"),
        ("", ""),
        [("lake", str(lake.root)), ("inbox", str(folder / "inbox")), ("truth", str(files.truth))],
    )
