"""The journal's key: outside the database, in the environment or in a file that its owner alone may
read."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

from django.conf import settings

from qor.law.nouns.refusals import Refusal

_SHORTEST = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OF_THIS_PROCESS = secrets.token_hex(32)


class JournalKeyMissing(Refusal):
    """There is no key to write or to prove the journal with."""

    key = "journal_key_missing"


class JournalKeyOpen(Refusal):
    """Others than its owner may read or write the file of the key."""

    key = "journal_key_open"


class WrongJournalKey(Refusal):
    """The journal was made with another key."""

    key = "wrong_journal_key"


def journal_key(*, make: bool = False) -> bytes:
    """The key: QOR_JOURNAL_KEY, else the file QOR_JOURNAL_KEY_FILE, else (on SQLite) a file beside
    the database.

    `make` writes that file where it does not exist: only for a journal without entries.
    JournalKeyMissing, JournalKeyOpen.
    """
    given = str(settings.QOR_JOURNAL_KEY or os.environ.get("QOR_JOURNAL_KEY", ""))
    if given:
        return _long_enough(given)
    if str(settings.QOR_JOURNAL_KEY_FILE):
        return _from_file(Path(settings.QOR_JOURNAL_KEY_FILE), make)
    place = database_file()
    if place is None:
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            return _OF_THIS_PROCESS.encode()  # a database in memory dies with the process
        raise JournalKeyMissing()
    return _from_file(place.with_name(place.name + ".journal-key"), make)


def key_id(key: bytes) -> str:
    """What the database may know of a key: enough to tell another one apart, nothing to make it
    from."""
    return hashlib.sha256(b"qor journal key" + key).hexdigest()


def database_file() -> Path | None:
    """The file of the database; None on a server and in memory."""
    database = settings.DATABASES["default"]
    name = str(database["NAME"])
    on_disk = (
        database["ENGINE"].endswith("sqlite3")
        and ":memory:" not in name
        and "mode=memory" not in name
    )
    return Path(name) if on_disk else None


def _from_file(path: Path, make: bool) -> bytes:
    if make and not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
    try:
        if path.stat().st_mode & _OTHERS:
            raise JournalKeyOpen(file=path.name)
        return _long_enough(path.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError):
        raise JournalKeyMissing() from None


def _long_enough(typed: str) -> bytes:
    if len(typed) < _SHORTEST:
        raise JournalKeyMissing()
    return typed.encode()
