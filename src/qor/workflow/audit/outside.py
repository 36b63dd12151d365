"""The journal's head, written where whoever changes the database cannot change it: a file, an
e-mail, a second database.

QOR_JOURNAL_HEADS names the places, apart by commas: a path or file:///path, mailto:address,
postgresql://… or sqlite:///…. On SQLite, where nothing is set, a file beside the database. Each
line is keyed, so that nobody else writes one.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.mail import EmailMessage

from qor.law.nouns.refusals import Refusal
from qor.workflow.audit.key import database_file, journal_key, key_id
from qor.workflow.audit.models import Head

# What is followed at once by writing the head elsewhere: closings, signatures, bank files.
PUBLISHED = frozenset(
    {"close_acts", "sign", "countersign", "make_orders", "repeat_order", "send_orders", "bank_file"}
)
_TABLE = "qor_journal_heads"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OutsideHead:
    """A head as it was written elsewhere; `genuine` where it was written with the journal's key."""

    number: int
    hash: str
    at: datetime
    reason: str
    genuine: bool
    place: str


class HeadsUnreadable(Refusal):
    """A place where heads are kept cannot be read now: nothing can be said of the journal's end."""

    key = "heads_unreadable"


def places() -> list[str]:
    """Where heads are written."""
    named = [place.strip() for place in str(settings.QOR_JOURNAL_HEADS).split(",") if place.strip()]
    beside = database_file()
    if not named and beside is not None:
        return [str(beside.with_name(beside.name + ".journal-heads"))]
    return named


def publish(reason: str, at: datetime) -> list[str]:
    """Write the head to every place; the places that took it. One that fails is logged, and seen by
    its age in `audit verify`."""
    head = Head.objects.get(id=1)
    if not head.number:
        return []
    facts = {
        "number": head.number,
        "hash": head.hash,
        "at": at.astimezone(UTC).isoformat(),
        "reason": reason,
    }
    line = json.dumps(facts | {"mac": _mac(journal_key(), facts)}, sort_keys=True)
    reached = []
    for place in places():
        try:
            _writer(place)(place, line)
            reached.append(place)
        except (OSError, psycopg.Error, sqlite3.Error) as error:
            _LOG.error(
                "the journal's head could not be written to %s: %s",
                named(place),
                type(error).__name__,
            )
    return reached


def publish_daily(today: date, at: datetime) -> bool:
    """Write the head once a day; whether it was this call's to do."""
    claimed = (
        Head.objects.filter(id=1, number__gt=0)
        .exclude(published_on=today)
        .update(published_on=today)
    )
    if claimed:
        publish("day", at)
    return bool(claimed)


def outside_heads() -> list[OutsideHead]:
    """Every head in the places, in the order in which they were written there. Letters are read by
    people. HeadsUnreadable."""
    key, heads = journal_key(), []
    for place in places():
        try:
            heads += [_read(line, place, key) for line in _lines(place)]
        except (OSError, UnicodeDecodeError, psycopg.Error, sqlite3.Error) as error:
            raise HeadsUnreadable(place=named(place), detail=type(error).__name__) from None
    return heads


def typed_head(typed: str) -> tuple[int, str]:
    """A head typed from a letter: NUMBER:HASH. ValueError for what is not one."""
    number, _, digest = typed.partition(":")
    return int(number), digest.strip().lower()


def named(place: str) -> str:
    """A place without its password."""
    parts = urlsplit(place)
    return f"{parts.scheme}://{parts.hostname}{parts.path}" if parts.hostname else place


def _mac(key: bytes, facts: dict[str, object]) -> str:
    text = json.dumps([facts["number"], facts["hash"], facts["at"], facts["reason"], key_id(key)])
    return hmac.digest(key, b"head" + text.encode(), "sha256").hex()


def _read(line: str, place: str, key: bytes) -> OutsideHead:
    try:
        facts = json.loads(line)
        genuine = hmac.compare_digest(str(facts["mac"]), _mac(key, facts))
        at = datetime.fromisoformat(facts["at"])
        return OutsideHead(
            int(facts["number"]),
            str(facts["hash"]),
            at,
            str(facts["reason"]),
            genuine,
            named(place),
        )
    except (ValueError, KeyError, TypeError):
        return OutsideHead(0, "", datetime.min.replace(tzinfo=UTC), "", False, named(place))


def _writer(place: str) -> Callable[[str, str], None]:
    scheme = urlsplit(place).scheme
    return {"mailto": _to_mail, "postgresql": _to_postgresql, "sqlite": _to_sqlite}.get(
        scheme, _to_file
    )


def _path(place: str) -> Path:
    return Path(place.removeprefix("sqlite:///").removeprefix("file://"))


def _to_file(place: str, line: str) -> None:
    handle = os.open(_path(place), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def _to_mail(place: str, line: str) -> None:
    facts = json.loads(line)
    subject = f"Qor: {facts['number']}:{facts['hash']}"
    EmailMessage(subject, line, to=[place.removeprefix("mailto:")]).send()


def _to_postgresql(place: str, line: str) -> None:
    with psycopg.connect(place) as connection:
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {_TABLE} (id BIGSERIAL PRIMARY KEY, line TEXT NOT NULL)"
        )
        connection.execute(f"INSERT INTO {_TABLE} (line) VALUES (%s)", [line])


def _to_sqlite(place: str, line: str) -> None:
    connection = sqlite3.connect(_path(place))
    try:
        with connection:
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {_TABLE} (id INTEGER PRIMARY KEY, line TEXT NOT NULL)"
            )
            connection.execute(f"INSERT INTO {_TABLE} (line) VALUES (?)", [line])
    finally:
        connection.close()


def _lines(place: str) -> Iterator[str]:
    scheme = urlsplit(place).scheme
    if scheme == "mailto":
        return
    if scheme == "postgresql":
        with psycopg.connect(place) as server:
            if server.execute(f"SELECT to_regclass('{_TABLE}')").fetchall()[0][0] is not None:
                yield from (
                    row[0] for row in server.execute(f"SELECT line FROM {_TABLE} ORDER BY id")
                )
    elif scheme == "sqlite" and _path(place).exists():
        connection = sqlite3.connect(_path(place))
        try:
            yield from (
                row[0]
                for row in connection.execute(f"SELECT line FROM {_TABLE} ORDER BY id").fetchall()
            )
        finally:
            connection.close()
    elif scheme != "sqlite" and _path(place).exists():
        yield from (line for line in _path(place).read_text("utf-8").splitlines() if line)
