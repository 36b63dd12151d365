"""Files beside a step: limited in number, size and kind (by their content), kept outside the web
root under random names."""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import User
from qor.workflow.disputes.file_kinds import check_end, kind_of
from qor.workflow.disputes.models import Attachment, Step
from qor.workflow.disputes.nameless import without_author

MOST_BYTES = 10 << 20
MOST_FILES = 10
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_BLANK_LETTERS = set("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d") | {
    chr(each) for each in range(0xFE00, 0xFE10)
}
_FUND = {User.Role.EXPERT, User.Role.HEAD_OFFICE}


class FileNotTaken(Refusal):
    """A file is too large, or one too many."""

    key = "file_not_taken"


class FileNameUnclear(Refusal):
    """A file's name has signs that nobody sees, or that turn the direction of writing."""

    key = "file_name_unclear"


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
    what it says of its author (321/2020:33). FileNotTaken, FileNameUnclear, KindNotTaken,
    NameAndContentDiffer, FileCanRun, FileCallsOut, FileUnpacksTooMuch, BytesAfterPicture,
    AuthorNotRemovable.
    """
    if len(files) > MOST_FILES:
        raise FileNotTaken(file=files[MOST_FILES].name, most=MOST_FILES)
    for number, file in enumerate(files, 1):
        if not _readable(file.name):
            raise FileNameUnclear(number=number)
    looked_at = [_look_at(file) for file in files]
    if by.role in _FUND:
        return [_nameless(n, file) for n, file in enumerate(looked_at, 1)]
    for file in looked_at:
        check_end(file.name, file.kind, file.content)
    return looked_at


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


def _readable(name: str) -> bool:
    """Whether a name looks like what it is: no controls, no turning or invisible signs (Unicode's
    Cc, Cf, Cs, Co, Zl, Zp and blanks that look like letters' places)."""
    signs = unicodedata.normalize("NFC", name)
    return not any(unicodedata.category(s) in _UNSEEN or s in _BLANK_LETTERS for s in signs)


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
