"""Giving a backup back: into places that hold nothing, verified before and after."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from qor.engine.storage.lake import Lake, problems_of, rebuild_checkpoint
from qor.workflow.audit.journal import record_apart
from qor.workflow.audit.lake_commits import check_lake, enter_commits
from qor.workflow.audit.models import Head
from qor.workflow.audit.outside import outside_heads
from qor.workflow.audit.proof import RESTORED, Problem, prove
from qor.workflow.backup.database import (
    check_administrator,
    known_migrations,
    load,
    refuse_used_database,
)
from qor.workflow.backup.manifest import (
    ATTACHMENTS,
    DATABASE,
    LAKE,
    BackupDamaged,
    BackupOfAnotherKind,
    Manifest,
    check_files,
    copy_file,
    read_manifest,
    refuse_used,
)


def restore_backup(
    folder: Path, lake_root: Path, *, by: str, at: datetime, is_account: bool = False
) -> tuple[Manifest, list[Problem]]:
    """Give lake, database and attachments back from a folder that `make_backup` wrote; what the
    journal then finds wrong (nothing, if it was whole).

    Nothing is written unless every file is what it was and every place is unused: BackupNotOurs,
    BackupDamaged, BackupOfAnotherKind, BackupPlaceUsed, and (`is_account`) NotAnAccount for a `by`
    who is no active administrator in the backup. Heads that were written outside after the
    backup are named in an entry: they are lost with what was done since.
    """
    manifest = read_manifest(folder)
    if manifest.engine != connection.vendor:
        raise BackupOfAnotherKind(what=manifest.engine)
    if manifest.migrations != known_migrations():
        raise BackupOfAnotherKind(
            what=", ".join(sorted(set(manifest.migrations) ^ set(known_migrations())))
        )
    check_files(folder, manifest)
    if is_account:
        check_administrator(folder / DATABASE, manifest.tables, by)
    attachments = Path(settings.QOR_ATTACHMENTS)
    refuse_used(lake_root, LAKE)
    refuse_used(attachments, ATTACHMENTS)
    refuse_used_database()
    _copy(folder / LAKE, lake_root)
    _copy(folder / ATTACHMENTS, attachments)
    load(folder / DATABASE, manifest.tables)
    return manifest, _verified(lake_root, manifest, by, at)


def _copy(source: Path, target: Path) -> None:
    """Copy a folder beside its place, then put it there at once."""
    draft = target.with_name(target.name + ".restoring")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy_file(path, draft / path.relative_to(source))
    if target.is_dir():
        target.rmdir()
    draft.replace(target)


def _verified(lake_root: Path, manifest: Manifest, by: str, at: datetime) -> list[Problem]:
    lake = Lake(lake_root)
    for problem in problems_of(lake):
        raise problem
    head = Head.objects.get(id=1)
    last = lake.entries[-1] if lake.entries else None
    if (head.number, head.hash) != manifest.journal or (
        last and (last.number, last.sha256) != manifest.lake
    ):
        raise BackupDamaged(file=DATABASE)
    rebuild_checkpoint(lake)
    check_lake(lake)
    later = sorted(
        {each.hash for each in outside_heads() if each.genuine and each.number > head.number}
    )
    facts = {
        "backup": manifest.at,
        "entry": head.number,
        "commits": manifest.lake[0],
        "lost_heads": later,
    }
    record_apart(by=by, at=at, verb=RESTORED, subject="fund", facts=facts)
    enter_commits(lake, by=by, at=at)
    return prove().problems
