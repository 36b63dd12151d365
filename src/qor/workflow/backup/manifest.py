"""What a backup says of itself: the moment, the heads of journal and lake, every file with its size
and sha256; keyed like the journal."""

from __future__ import annotations

import hmac
import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qor.engine.storage.lake import sha256_of
from qor.law.nouns.refusals import Refusal
from qor.workflow.audit.key import journal_key

NAME = "manifest.json"
LAKE, DATABASE, ATTACHMENTS = "lake", "database", "attachments"
FORMAT = 1


class BackupPlaceUsed(Refusal):
    """The folder for a backup, or a place to restore to, holds something."""

    key = "backup_place_used"


class BackupDamaged(Refusal):
    """A file of a backup is missing, changed, or was never part of it; or the backup was never
    finished."""

    key = "backup_damaged"


class BackupNotOurs(Refusal):
    """What the backup says of itself was changed, or it was made with another key of the
    journal."""

    key = "backup_not_ours"


class BackupOfAnotherKind(Refusal):
    """The backup is of another kind of database, or of another version of this program."""

    key = "backup_of_another_kind"


class SourceChanged(Refusal):
    """What was to be copied is not what the database says of it."""

    key = "backup_source_changed"


@dataclass(slots=True)
class Manifest:
    """A backup's own words. `tables`: the rows of each table and its columns (PostgreSQL); `files`:
    path -> size and sha256."""

    at: str
    by: str
    engine: str
    key_id: str
    journal: tuple[int, str] = (0, "")
    lake: tuple[int, str] = (0, "")
    journal_whole: bool = True
    migrations: list[str] = field(default_factory=list)
    tables: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    format: int = FORMAT


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it last: a folder without it is no backup."""
    facts = json.loads(json.dumps(asdict(manifest)))
    text = json.dumps(facts | {"mac": _mac(facts)}, ensure_ascii=False, indent=1, sort_keys=True)
    draft = folder / f"{NAME}.draft"
    draft.write_text(text + "\n", "utf-8")
    draft.chmod(0o600)
    draft.replace(folder / NAME)


def read_manifest(folder: Path) -> Manifest:
    """Read it and hold it against the key. BackupDamaged, BackupNotOurs, BackupOfAnotherKind."""
    try:
        facts = json.loads((folder / NAME).read_text("utf-8"))
        mac = facts.pop("mac")
        genuine = hmac.compare_digest(str(mac), _mac(facts))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise BackupDamaged(file=NAME) from None
    if not genuine:
        raise BackupNotOurs()
    if facts.get("format") != FORMAT:
        raise BackupOfAnotherKind(what=str(facts.get("format")))
    manifest = Manifest(**facts)
    manifest.journal, manifest.lake = (
        (manifest.journal[0], manifest.journal[1]),
        (manifest.lake[0], manifest.lake[1]),
    )
    manifest.files = {
        path: (int(size), str(digest)) for path, (size, digest) in manifest.files.items()
    }
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Every file of a backup is there with its bytes, and nothing else. BackupDamaged names the
    first that is not."""
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()} - {
        NAME
    }
    for path in sorted(present ^ set(manifest.files)):
        raise BackupDamaged(file=path)
    for path, (size, digest) in sorted(manifest.files.items()):
        file = folder / path
        if file.is_symlink() or file.stat().st_size != size or sha256_of(file) != digest:
            raise BackupDamaged(file=path)


def copy_file(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file for its owner's eyes; the size and sha256 of the copy, read again from the
    disk."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open("rb") as read, target.open("xb") as written:
        os.fchmod(written.fileno(), 0o600)
        shutil.copyfileobj(read, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())
    return target.stat().st_size, sha256_of(target)


def refuse_used(path: Path, what: str) -> None:
    """A folder must be new or empty, a file must not be there. BackupPlaceUsed."""
    if path.is_symlink() or path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise BackupPlaceUsed(what=what)


def _mac(facts: dict[str, Any]) -> str:
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hmac.digest(journal_key(), b"backup" + text.encode(), "sha256").hex()
