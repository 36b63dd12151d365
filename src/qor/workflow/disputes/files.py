"""Files beside a step: limited in number, size and kind (by their content), kept outside the web
root under random names."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import User
from qor.workflow.disputes.file_kinds import kind_of
from qor.workflow.disputes.models import Attachment, Step
from qor.workflow.disputes.nameless import without_author

MOST_BYTES = 10 << 20
MOST_FILES = 10
_FUND = {User.Role.EXPERT, User.Role.HEAD_OFFICE}


class FileNotTaken(Refusal):
    """A file is too large, or one too many."""

    key = "file_not_taken"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was looked at and may be kept."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """A file written under a random name, not yet beside a step."""

    file: Received
    stored_as: str


def look_at(files: list[Any], *, by: User) -> list[Received]:
    """Read uploaded files and say their kinds, before anything is done; each refusal names the
    file.

    A provider's evidence keeps its bytes, signatures included. A reviewer's file loses its name and
    what it says of its author (321/2020:33). FileNotTaken, KindNotTaken, NameAndContentDiffer,
    FileCanRun, AuthorNotRemovable.
    """
    if len(files) > MOST_FILES:
        raise FileNotTaken(file=files[MOST_FILES].name, most=MOST_FILES)
    looked_at = [_look_at(file) for file in files]
    return (
        [_nameless(n, file) for n, file in enumerate(looked_at, 1)]
        if by.role in _FUND
        else looked_at
    )


@contextmanager
def kept(files: Sequence[Received]) -> Iterator[list[Stored]]:
    """Write files under random names, each whole on the disk before its row is; if the work with
    them fails, they are removed again.

    A process that dies leaves at most a file that no row names: nobody sees it.
    """
    folder, written = Path(settings.QOR_ATTACHMENTS), []
    try:
        for file in files:
            folder.mkdir(parents=True, exist_ok=True)
            name = secrets.token_hex(32)
            written.append(Stored(file, name))
            _write(folder / name, file.content)
        yield written
    except BaseException:
        for each in written:
            (folder / each.stored_as).unlink(missing_ok=True)
        raise


def attach(step: Step, files: Sequence[Stored]) -> list[Attachment]:
    """Enter stored files beside a step, in the caller's transaction."""
    return [
        Attachment.objects.create(
            step=step,
            name=stored.file.name,
            kind=stored.file.kind,
            size=len(stored.file.content),
            sha256=hashlib.sha256(stored.file.content).hexdigest(),
            stored_as=stored.stored_as,
        )
        for stored in files
    ]


def place_of(attachment: Attachment) -> Path:
    """Where a file lies."""
    return Path(settings.QOR_ATTACHMENTS) / attachment.stored_as


def _look_at(file: Any) -> Received:
    content, name = file.read(MOST_BYTES + 1), Path(file.name).name[:200]
    if len(content) > MOST_BYTES:
        raise FileNotTaken(file=name, most=MOST_FILES)
    return Received(name, kind_of(name, content), content)


def _nameless(number: int, file: Received) -> Received:
    content = without_author(file.name, file.kind, file.content)
    return Received(f"{number}{Path(file.name).suffix.lower()}", file.kind, content)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
