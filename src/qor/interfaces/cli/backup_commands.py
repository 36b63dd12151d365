"""`qor backup`, `qor restore` and `qor database roles`: what keeps an installation."""

from __future__ import annotations

import argparse
import getpass
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qor.interfaces.cli.acting import acting
from qor.interfaces.cli.audit_commands import sentence
from qor.interfaces.cli.database import SETTINGS, attachments_in, open_portal
from qor.interfaces.cli.lake_of_month import open_lake
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now


def add(commands: Any) -> None:
    """Add the commands."""
    for name, run in (("backup", _backup), ("restore", _restore)):
        parser = command(commands, name, name, run)
        option(parser, "dir", key="backup_dir", type=Path, metavar="DIR")
        in_lake(parser)
        option(parser, "--database", key="database", default="", metavar="URL")
        option(parser, "--attachments", key="attachments", type=Path, default=None, metavar="DIR")
        option(parser, "--by", key="by", default=None)
    group = command(commands, "database", "database_group", None, needs_json=False)
    inside = group.add_subparsers(required=True, metavar="…", dest="what")
    roles = command(inside, "roles", "database_roles", _roles, needs_json=False)
    option(roles, "--database", key="database", default="", metavar="URL")
    option(roles, "--owner", key="database_owner", default="qor_owner", metavar="ROLE")
    option(roles, "--app", key="database_app", default="qor_app", metavar="ROLE")
    option(roles, "--apply", key="database_apply", action="store_true")
    mending = command(inside, "guards", "database_guards", _guards, needs_json=False)
    option(mending, "--database", key="database", default="", metavar="URL")
    option(mending, "--by", key="by", required=True)


def _guards(args: argparse.Namespace, voice: Voice) -> int:
    """Make the guards anew that are gone or changed, in an administrator's name."""
    open_portal(args.database, must_exist=True)
    from qor.workflow.ledger.guarded import mend_guards

    names = mend_guards(by=acting(args.by, "administrator"), at=now())
    voice.line(voice.t("cli.guards_mended", count=len(names), guards=", ".join(names) or "–"))
    return 0


def _backup(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    if args.attachments:
        attachments_in(args.attachments)
    open_portal(args.database, must_exist=True)
    from qor.workflow.backup import make_backup

    backup = make_backup(args.dir, lake, by=acting(args.by, "administrator"), at=now())
    if voice.as_json:
        voice.json(asdict(backup))
        return 0 if backup.whole else 1
    voice.line(voice.t("cli.backup_made", **asdict(backup)))
    if not backup.whole:
        voice.line(voice.t("cli.backup_not_whole"))
    return 0 if backup.whole else 1


def _restore(args: argparse.Namespace, voice: Voice) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if args.database:
        os.environ["QOR_DATABASE_URL"] = args.database
    if args.attachments:
        attachments_in(args.attachments)
    import django

    django.setup()
    from qor.workflow.backup import restore_backup

    manifest, problems = restore_backup(
        args.dir, args.lake, by=args.by or getpass.getuser(), at=now(), is_account=bool(args.by)
    )
    facts = {"at": manifest.at, "journal": manifest.journal[0], "commits": manifest.lake[0]}
    if voice.as_json:
        voice.json(
            facts
            | {"whole": not problems, "problems": [sentence(voice, each) for each in problems]}
        )
        return 1 if problems else 0
    voice.line(voice.t("cli.restored", **facts))
    for problem in problems:
        voice.line(sentence(voice, problem))
    return 1 if problems else 0


def _roles(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, any_key=True)
    from qor.workflow.database_roles import grant, grant_statements

    if args.apply:
        voice.line(voice.t("cli.database_granted", count=grant(args.owner, args.app)))
        return 0
    for statement in grant_statements(args.owner, args.app):
        voice.line(f"{statement};")
    return 0
