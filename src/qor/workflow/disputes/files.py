"""Files beside a step: limited in number, size and kind (by their content), kept outside the web root under random names."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from qor.law.refusals import Refusal
from qor.workflow.accounts.models import User
from qor.workflow.disputes.models import Attachment, Case, Step

MOST_BYTES = 10 << 20
MOST_FILES = 10
_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument"),
)


class FileNotTaken(Refusal):
    """A file is too large, one too many, or not of a kind that is taken (PDF, PNG, JPEG, DOCX, XLSX)."""

    key = "file_not_taken"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was looked at and may be kept."""

    name: str
    kind: str
    content: bytes


def look_at(files: list[Any]) -> list[Received]:
    """Read uploaded files and say their kinds by their content, before anything is done. FileNotTaken names the file."""
    if len(files) > MOST_FILES:
        raise FileNotTaken(file=files[MOST_FILES].name, most=MOST_FILES)
    return [_look_at(file) for file in files]


def keep(case: Case, files: list[Received], *, by: User) -> list[Attachment]:
    """Keep files beside the user's last step in a case."""
    step = case.steps.filter(by=by).last()
    return [_keep_one(step, file) for file in files] if step is not None else []


def place_of(attachment: Attachment) -> Path:
    """Where a file lies."""
    return Path(settings.QOR_ATTACHMENTS) / attachment.stored_as


def _look_at(file: Any) -> Received:
    content = file.read(MOST_BYTES + 1)
    kind = next((kind for magic, kind in _KINDS if content.startswith(magic)), "")
    if len(content) > MOST_BYTES or not kind:
        raise FileNotTaken(file=file.name, most=MOST_FILES)
    return Received(Path(file.name).name[:200], kind, content)


def _keep_one(step: Step, file: Received) -> Attachment:
    folder = Path(settings.QOR_ATTACHMENTS)
    folder.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(32)
    (folder / name).write_bytes(file.content)
    digest = hashlib.sha256(file.content).hexdigest()
    return Attachment.objects.create(
        step=step, name=file.name, kind=file.kind, size=len(file.content), sha256=digest, stored_as=name
    )
