"""The lake's part of each closing: its bytes as the closing named them, its rows as lines, held
services and deductions say."""

from __future__ import annotations

from pathlib import Path

import duckdb

from qor.engine.storage.duck import Connection, literal, parquet
from qor.engine.storage.lake import Lake, sha256_of
from qor.workflow.acts.models import Closing
from qor.workflow.acts.settled import SETTLED
from qor.workflow.proof.proof import Place, Proof, proof_of

_SUMS = ("returned", "held", "disallowed", "beyond", "sanction")
_PLACE = "provider_bin, contract_no, care_form, funding, service_month"
_ACTS = "acts_act a JOIN accounts_organisation b ON b.id = a.provider_id"
_TENGE = "CAST({0} AS DECIMAL(38,2)) / 100"
_MOVED = "kind IN ('moved', 'moved_sum', 'never_served')"  # what lists loaded late changed


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
    settled, number = parquet([path]), literal(closing.pk)
    found: list[Place] = []
    for kind, (theirs, ours) in _both(settled, number).items():
        query = (
            f"SELECT * FROM (({theirs} EXCEPT ALL {ours}) UNION ALL ({ours} EXCEPT ALL "
            f"{theirs})) ORDER BY ALL"
        )
        try:
            apart = connection.execute(query).fetchall()
        except duckdb.Error:
            return [Place("settled_unreadable", {"month": closing.month})]
        keys = sorted({tuple(map(str, row[:3])) for row in apart})
        facts = (
            {"month": closing.month, "bin": k[0], "contract": k[1], "what": k[2]} for k in keys
        )
        found += [Place(f"settled_{kind}_differ", each) for each in facts]
    return found


def _below_zero(connection: Connection, paths: list[Path]) -> list[Place]:
    """Lines of which recalculations took more back than acts accepted. Sources: 291/2020:19."""
    if not paths:
        return []
    line = "contract_no, care_form, funding, service_month"
    found = connection.execute(f"""SELECT bin, contract_no, service_month FROM (
            SELECT b.bin, a.contract_no, l.care_form, l.funding, l.service_month,
                {_TENGE.format("l.accepted")} AS amount
            FROM acts_actline l JOIN {_ACTS} ON a.id = l.act_id
            UNION ALL SELECT provider_bin, {line}, accepted FROM {parquet(paths)}
                WHERE kind IN ('moved', 'moved_sum'))
        GROUP BY bin, {line} HAVING sum(amount) < 0 ORDER BY ALL""").fetchall()
    return [
        Place("recalculated_below_zero", {"bin": bin_, "contract": contract, "month": of})
        for bin_, contract, of in found
    ]


def _both(settled: str, closing: str) -> dict[str, tuple[str, str]]:
    """Queries for what the part says and what the database says: BIN, contract, what, then all that
    must agree."""
    of = f"a.closing_id = {closing}"
    held = (
        "service_id, care_form, funding, service_month, CAST(ended_on AS VARCHAR), "
        "CAST(amount AS DECIMAL(38,2))"
    )
    held_row = (
        "h.service_id, h.care_form, h.funding, h.service_month, h.ended_on, "
        f"{_TENGE.format('h.amount')}"
    )
    taken = ", ".join(f"CAST(sum({name}) AS DECIMAL(38,2))" for name in ("disallowed", "sanction"))
    taken_rows = ", ".join(_TENGE.format(f"sum(d.{name})") for name in ("disallowed", "sanction"))
    return {
        "lines": _lines(settled, of),
        "held": (
            f"SELECT provider_bin, contract_no, {held} FROM {settled} WHERE waits",
            f"SELECT b.bin, a.contract_no, {held_row} FROM acts_heldservice h JOIN "
            f"{_ACTS} ON a.id = h.held_by_id"
            f" WHERE {of} AND h.reopens_id IS NULL",
        ),
        "freed": (
            "SELECT provider_bin, contract_no, service_id, CAST(sum(amount) AS "
            f"DECIMAL(38,2)) FROM {settled}"
            " WHERE kind = 'released' GROUP BY ALL",
            f"SELECT b.bin, a.contract_no, h.service_id, {_TENGE.format('sum(h.amount)')} "
            "FROM acts_heldservice h"
            f" JOIN {_ACTS} ON a.id = h.released_by_id WHERE {of} GROUP BY ALL",
        ),
        "deductions": (
            f"SELECT provider_bin, contract_no, service_id, {taken} FROM {settled} GROUP BY ALL"
            " HAVING sum(disallowed) <> 0 OR sum(sanction) <> 0",
            f"SELECT b.bin, a.contract_no, d.service_id, {taken_rows} FROM "
            f"acts_deduction d JOIN {_ACTS} ON a.id = d.act_id"
            f" WHERE {of} AND d.reason IN ('defect', 'short_death') GROUP BY ALL",
        ),
        "recalculated": _recalculated(settled, closing),
    }


def _lines(settled: str, of: str) -> tuple[str, str]:
    """The lines of acts, but for those of which everything is accepted."""
    kind = "CASE WHEN kind = 'lump' THEN service_id WHEN unscaled THEN 'unscaled' ELSE '' END"
    lines = ", ".join(f"CAST(sum({name}) AS DECIMAL(38,2))" for name in _SUMS)
    line_sums = ", ".join(_TENGE.format(f"l.{name}") for name in _SUMS)
    nothing = " AND ".join(f"l.{name} = 0" for name in (*_SUMS, "released"))
    freed = "CAST(sum(CASE WHEN kind = 'released' THEN amount ELSE 0 END) AS DECIMAL(38,2))"
    some = " OR ".join(f"sum({name}) <> 0" for name in _SUMS)
    return (
        "SELECT provider_bin, contract_no, care_form, funding, service_month, "
        f"{kind}, {lines}, {freed} FROM {settled}"
        f" GROUP BY {_PLACE}, {kind} HAVING {some} OR {freed} <> 0",
        "SELECT b.bin, a.contract_no, l.care_form, l.funding, l.service_month, "
        f"l.kind, {line_sums}, {_TENGE.format('l.released')}"
        f" FROM acts_actline l JOIN {_ACTS} ON a.id = l.act_id WHERE {of} AND "
        f"l.care_form <> '' AND NOT ({nothing})",
    )


def _recalculated(settled: str, closing: str) -> tuple[str, str]:
    """What lists loaded late changed, by contract and funding: as the part says, and as the closing
    entered it."""
    amount = "CASE WHEN o.pays = 1 THEN o.amount ELSE -o.amount END"
    return (
        f"""SELECT provider_bin, contract_no, funding, CAST(sum(accepted) AS DECIMAL(38,2))
            FROM {settled} WHERE {_MOVED} GROUP BY ALL HAVING sum(accepted) <> 0""",
        f"""SELECT b.bin, o.contract_no, o.funding, {_TENGE.format(f"sum({amount})")}
            FROM acts_othersum o JOIN accounts_organisation b ON b.id = o.provider_id
            WHERE o.closing_id = {closing} AND o.ground = 'recalculation'
            GROUP BY ALL HAVING sum({amount}) <> 0""",
    )
