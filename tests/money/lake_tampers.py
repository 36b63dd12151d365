"""What somebody may do to the lake's part of a closing: each way is one tamper of its file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from tests.money.two_contracts import TwoContracts

from qor.engine.storage.duck import connect, literal
from qor.engine.storage.lake import sha256_of
from qor.workflow.acts.models import Closing


@dataclass(frozen=True, slots=True)
class InLake:
    """A change to the lake's part of the first closing: its file, that of the second, the lake's
    folder."""

    first: Path
    second: Path


def parts(fund: TwoContracts) -> InLake:
    """The files that the two closings name."""
    named = [closing.settled for closing in Closing.objects.order_by("month")]
    paths = [
        fund.lake.root / part.path
        for digest in named
        for part in fund.lake.parts("settled")
        if part.sha256 == digest
    ]
    return InLake(*paths)


def _edit(change: str) -> Callable[[InLake], None]:
    """Write the first part anew with what a query gives over it."""

    def do(lake: InLake) -> None:
        draft = lake.first.with_suffix(".draft")
        with connect() as duck:
            duck.execute(
                f"COPY ({change.format(part=f'read_parquet({literal(lake.first)})')}) TO "
                f"{literal(draft)} (FORMAT parquet)"
            )
        lake.first.chmod(0o600)
        draft.replace(lake.first)

    return do


def _swap(lake: InLake) -> None:
    draft = lake.first.with_suffix(".draft")
    shutil.copy(lake.first, draft)
    lake.second.replace(lake.first)
    draft.replace(lake.second)


def _cut(lake: InLake) -> None:
    lake.first.chmod(0o600)
    lake.first.write_bytes(lake.first.read_bytes()[:-200])


def _with_its_digest(lake: InLake) -> None:
    """Edited, and the closing's row made to fit."""
    old = sha256_of(lake.first)
    _edit("SELECT * REPLACE (accepted + 1 AS accepted) FROM {part}")(lake)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE acts_closing SET settled = %s WHERE settled = %s", [sha256_of(lake.first), old]
        )


FILES: dict[str, Callable[[InLake], None]] = {
    "lake: a service's amount": _edit(
        "SELECT * REPLACE (CASE WHEN waits THEN amount + 1 ELSE amount END AS amount) FROM {part}"
    ),
    "lake: a service left out": _edit(
        "SELECT * FROM {part} LIMIT (SELECT count(*) - 1 FROM {part})"
    ),
    "lake: another provider": _edit(
        "SELECT * REPLACE ('990140000000' AS provider_bin) FROM {part}"
    ),
    "lake: two months' files swapped": _swap,
    "lake: cut": _cut,
    "lake: gone": lambda lake: lake.first.unlink(),
    "lake: edited, with the closing's digest": _with_its_digest,
}
