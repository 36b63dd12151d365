"""The lake's part of each closing: its bytes as the closing named them, its rows as lines, held
services and deductions say."""

from __future__ import annotations

from pathlib import Path

import duckdb

from qor.engine.storage.duck import Connection, literal, parquet
from qor.engine.storage.lake import Lake, sha256_of
from qor.engine.storage.steps import make_view, step_rows
from qor.workflow.acts.models import Closing
from qor.workflow.acts.settled import SETTLED
from qor.workflow.proof.declared import proof_steps
from qor.workflow.proof.proof import Place, Proof, proof_of

_KINDS = ("lines", "held", "freed", "deductions", "recalculated")


def settled_as_closed(lake: Lake, connection: Connection) -> list[Proof]:
    """Prove the parts `settled` against the closings: sha256, then row by row, in a copy of the
    money."""
    bytes_differ: list[Place] = []
    rows_differ: list[Place] = []
    whole: list[Path] = []
    for closing in Closing.objects.order_by("month"):
        path = _path_of(lake, closing.settled)
        if path is None or not path.is_file() or sha256_of(path) != closing.settled:
            bytes_differ.append(Place("settled_differs", {"month": closing.month}))
        elif path is not None:
            whole.append(path)
        if path is not None and path.is_file():
            rows_differ += _compare(connection, path, closing)
    return [
        proof_of("the_lake_holds_what_was_closed", bytes_differ),
        proof_of("settled_services_are_those_of_the_acts", rows_differ),
        proof_of("nothing_is_recalculated_below_zero", _below_zero(connection, whole)),
    ]


def _path_of(lake: Lake, digest: str) -> Path | None:
    """The file of the part that has this digest in the lake's log."""
    return next(
        (lake.root / part.path for part in lake.parts(SETTLED) if part.sha256 == digest), None
    )


def _compare(connection: Connection, path: Path, closing: Closing) -> list[Place]:
    """Lines, held services, services set free and deductions of one closing that its part gives
    otherwise."""
    places: list[Place] = []
    for kind in _KINDS:
        try:
            make_view(connection, SETTLED, f"FROM {parquet([path])}")
            step, of = proof_steps()[f"{kind}_differ"], literal(closing.pk)
            apart = step_rows(connection, step, closing=of)
        except duckdb.Error:
            return [Place("settled_unreadable", {"month": closing.month})]
        keys = sorted({tuple(map(str, row)) for row in apart})
        facts = (
            {"month": closing.month, "bin": k[0], "contract": k[1], "what": k[2]} for k in keys
        )
        places += [Place(f"settled_{kind}_differ", each) for each in facts]
    return places


def _below_zero(connection: Connection, paths: list[Path]) -> list[Place]:
    """Lines of which recalculations took more back than acts accepted. Sources: 291/2020:19."""
    if not paths:
        return []
    make_view(connection, SETTLED, f"FROM {parquet(paths)}")
    lines = step_rows(connection, proof_steps()["recalculated_below_zero"])
    return [
        Place("recalculated_below_zero", {"bin": bin_, "contract": contract, "month": of})
        for bin_, contract, of in lines
    ]
