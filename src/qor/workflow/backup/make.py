"""Making a backup: for a moment nobody closes or commits, then everything of that moment is copied
and read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from qor.engine.storage.lake import Entry, Lake, PartChanged, entry_path, problems_of, sha256_of
from qor.engine.storage.lake.log import Head, write_head
from qor.workflow.audit.journal import proving_key, record_apart
from qor.workflow.audit.key import key_id
from qor.workflow.audit.lake_commits import enter_commits
from qor.workflow.audit.proof import prove
from qor.workflow.backup.database import Snapshot, known_migrations, snapshot
from qor.workflow.backup.manifest import (
    ATTACHMENTS,
    DATABASE,
    LAKE,
    Manifest,
    SourceChanged,
    check_files,
    copy_file,
    refuse_used,
    write_manifest,
)
from qor.workflow.ledger.entries import lock_ledger


@dataclass(frozen=True, slots=True)
class Backup:
    """What was copied: files, bytes, the last entry of the journal and the last commit of the lake;
    whether the journal was proved whole."""

    files: int
    bytes: int
    journal: int
    commits: int
    whole: bool


def make_backup(folder: Path, lake: Lake, *, by: str, at: datetime) -> Backup:
    """Copy lake, database and attachments of one moment into an empty folder, and verify the copy
    byte by byte.

    BackupPlaceUsed, PartChanged, PartMissing, SourceChanged. The journal's key is not in the
    backup: keep it elsewhere.
    """
    refuse_used(folder, "DIR")
    key = proving_key()
    enter_commits(lake, by=by, at=at)
    record_apart(by=by, at=at, verb="backup", subject="fund", facts={"commits": len(lake.entries)})
    whole = not prove().problems
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    manifest = Manifest(at.isoformat(), by, connection.vendor, key_id(key), journal_whole=whole)
    manifest.migrations = known_migrations()
    entries = _copy_moment(folder, lake, manifest)
    _copy_lake(folder / LAKE, lake, entries, manifest)
    write_manifest(folder, manifest)
    check_files(folder, manifest)
    for problem in problems_of(Lake(folder / LAKE)):
        raise problem
    size = sum(size for size, _ in manifest.files.values())
    return Backup(len(manifest.files), size, manifest.journal[0], len(entries), whole)


def _copy_moment(folder: Path, lake: Lake, manifest: Manifest) -> list[Entry]:
    """Hold the ledger and the lake, in the order in which a closing takes them, until the moment is
    fixed; then copy database and attachments."""
    with _held(folder / DATABASE, lake) as (snapshot, entries):
        manifest.tables = snapshot.write(folder / DATABASE)
        ((number, digest),) = snapshot.rows("SELECT number, hash FROM audit_head")
        manifest.journal = (int(number), str(digest))
        for path in sorted((folder / DATABASE).iterdir()):
            manifest.files[f"{DATABASE}/{path.name}"] = (path.stat().st_size, sha256_of(path))
        source = Path(settings.QOR_ATTACHMENTS)
        for stored_as, sha256 in snapshot.rows(
            "SELECT stored_as, sha256 FROM disputes_attachment ORDER BY id"
        ):
            _copy_attachment(source / stored_as, folder / ATTACHMENTS / stored_as, sha256, manifest)
    return entries


class _held:  # noqa: N801 - named as what it does
    """The snapshot and the lake's entries of one moment; the locks are let go once both are
    fixed."""

    def __init__(self, folder: Path, lake: Lake) -> None:
        self.lake, self.snapshot = lake, snapshot(folder)

    def __enter__(self) -> tuple[Snapshot, list[Entry]]:
        with transaction.atomic():
            lock_ledger()
            with self.lake.locked():
                return self.snapshot.__enter__(), list(self.lake.entries)

    def __exit__(self, *error: object) -> None:
        self.snapshot.__exit__(None, None, None)


def _copy_attachment(source: Path, target: Path, sha256: str, manifest: Manifest) -> None:
    if not source.is_file():
        raise SourceChanged(file=source.name[:12])
    copied = copy_file(source, target)
    if copied[1] != sha256:
        raise SourceChanged(file=source.name[:12])
    manifest.files[f"{ATTACHMENTS}/{target.name}"] = copied


def _copy_lake(target: Path, lake: Lake, entries: list[Entry], manifest: Manifest) -> None:
    """The log up to the moment, its head, and every file that it names, each of the sha256 that it
    had."""
    (target / "log").mkdir(parents=True, mode=0o700)
    for entry in entries:
        name = str(entry_path(Path(), entry.number))
        manifest.files[f"{LAKE}/{name}"] = copy_file(lake.root / name, target / name)
        for part in entry.adds:
            place = f"{LAKE}/{part.path}"
            if place not in manifest.files:
                (source,) = lake.files_of([part])
                manifest.files[place] = copy_file(source, target / part.path)
                if manifest.files[place][1] != part.sha256:
                    raise PartChanged(file=part.path, table=part.table)
    if entries:
        last = entries[-1]
        write_head(target, target / "log", Head(last.number, last.sha256))
        head = target / "head.json"
        head.chmod(0o600)
        manifest.files[f"{LAKE}/head.json"] = (head.stat().st_size, sha256_of(head))
        manifest.lake = (last.number, last.sha256)
