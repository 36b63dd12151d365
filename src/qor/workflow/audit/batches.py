"""Seals of many rows: lists kept beside the journal, whose sha256 an entry holds."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from qor.workflow.audit.models import SealedBatch
from qor.workflow.audit.sealed_rows import digest_of, row_name

_LINES = 5000
Seals = dict[str, list[str | None]]


class Batch:
    """A list in the making: rows are added, then `facts` go into the entry. Lives and dies with the
    caller's transaction."""

    def __init__(self) -> None:
        self.name, self.count, self.position = secrets.token_hex(16), 0, 0
        self._sum = hashlib.sha256()

    def add(self, rows: Iterable[models.Model]) -> None:
        """Seal rows about to be inserted, or inserted just now, whose numbers are known."""
        self.add_lines([f"{row_name(type(row), row.pk)} {digest_of(row)}" for row in rows])

    def add_seals(self, seals: Seals) -> None:
        """Seal rows that a transaction changed: the sha256 now, and before where it is known."""
        self.add_lines(
            [f"{row} {now} {was or ''}".rstrip(" ") for row, (was, now) in seals.items()]
        )

    def add_lines(self, lines: list[str]) -> None:
        """Write lines into the list."""
        for start in range(0, len(lines), _LINES):
            body = "\n".join(lines[start : start + _LINES])
            SealedBatch.objects.create(batch=self.name, position=self.position, body=body)
            self.position += 1
            self._sum.update(body.encode())
        self.count += len(lines)

    def facts(self) -> dict[str, Any]:
        """What the entry says of the list."""
        return {"batch": self.name, "count": self.count, "sha256": self._sum.hexdigest()}


def read_batch(named: dict[str, Any]) -> Seals | None:
    """The seals of the list that an entry names; None where the list is not the one it named."""
    digest, seals = hashlib.sha256(), Seals()
    bodies = SealedBatch.objects.filter(batch=str(named.get("batch"))).order_by("position")
    for body in bodies.values_list("body", flat=True):
        digest.update(body.encode())
        seals.update(_lines(body))
    whole = digest.hexdigest() == named.get("sha256") and len(seals) == named.get("count")
    return seals if whole else None


def _lines(body: str) -> Iterator[tuple[str, list[str | None]]]:
    for line in body.split("\n"):
        row, now, *was = line.split(" ")
        yield row, [was[0] if was else None, now]
