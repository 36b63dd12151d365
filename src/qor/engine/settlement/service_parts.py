"""What closings made of single services: read from the parts `settled` that closings name and, for
a service paid in full, from the month's rows.

A service paid in full has no row of its own (20 million a month are so): its price, form and
funding are those of the row that was billed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.values import FUNDING, NAMED, complex_forms, make_norms, priced
from qor.engine.storage.duck import Connection, connect, literal, literals, parquet, rows
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import month

Key = tuple[str, str]
_NOTHING = Decimal(0)
_CHUNK = 5000
COMPLEX_TARIFFS = "complex_tariffs"  # the lake's table of what closings paid by
MOVED = "moved"  # the kind of a settled row: what a list loaded late changed of a service
MOVED_SUM = "moved_sum"  # the same of a sum that hangs on no service
NEVER_SERVED = "never_served"  # the same of December's recalculation of a contract


@dataclass(frozen=True, slots=True)
class ServiceParts:
    """What closings made of a service, in tenge: its price, what of it was returned, spared (a
    short death's half) and beyond, and what each act accepted.

    `went_back`: it was returned, also where it had no price of its own. Lists loaded after the
    closing changed what was accepted by `moved`, since it is `worth` another sum now (None: as it
    was closed).
    `contract_no` is None where the service has no row: it was paid in full under the contract that
    its row names (`named`), if that covered it.
    """

    provider_bin: str
    service_id: str
    service_month: str
    named: str
    contract_no: str | None
    care_form: str
    funding: str
    ended_on: date
    price: Decimal
    went_back: bool = False
    returned: Decimal = _NOTHING
    spared: Decimal = _NOTHING
    beyond: Decimal = _NOTHING
    accepted: dict[str, Decimal] = field(default_factory=dict)
    moved: Decimal = _NOTHING
    worth: Decimal | None = None


def service_parts(
    lake: Lake, settled: Sequence[Path], keys: Iterable[tuple[str, str, str]]
) -> dict[Key, ServiceParts]:
    """The parts of services of closed months: by (BIN, service), for each key (BIN, service, month)
    that a closing knew.

    `settled` are the parts of the closings. The services of a month are read once, in one narrow
    pass, and only if a key of it has no settled row.
    Sources: 291/2020:13, 291/2020:23.
    """
    wanted = sorted(set(keys))
    found: dict[Key, ServiceParts] = {}
    if not wanted:
        return found
    with connect() as connection:
        _keep_wanted(connection, wanted)
        if settled:
            found.update(_settled(connection, settled))
        for of in sorted({name for _, _, name in wanted}):
            missing = [
                (bin_, service)
                for bin_, service, name in wanted
                if name == of and (bin_, service) not in found
            ]
            if missing:
                found.update(_paid_in_full(connection, lake, of, missing, settled))
        for key, (moved, worth) in _moved(connection, settled).items():
            if key in found:
                found[key] = replace(found[key], moved=moved, worth=worth)
    return found


def _moved(connection: Connection, settled: Sequence[Path]) -> dict[Key, tuple[Decimal, Decimal]]:
    """What lists loaded late changed of services, all closings together, and what each is worth
    since the last of them."""
    if not settled:
        return {}
    found = connection.execute(f"""SELECT s.provider_bin, s.service_id, sum(s.accepted),
        arg_max(s.amount, s.act_month) FROM {parquet(settled)} s JOIN (SELECT DISTINCT bin, service
            FROM wanted) k ON k.bin = s.provider_bin AND k.service = s.service_id
        WHERE s.kind = {literal(MOVED)} GROUP BY ALL""").fetchall()
    return {(bin_, service): (Decimal(moved), worth) for bin_, service, moved, worth in found}


def _keep_wanted(connection: Connection, keys: Sequence[tuple[str, str, str]]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE wanted (bin VARCHAR, service VARCHAR, month VARCHAR)"
    )
    for start in range(0, len(keys), _CHUNK):
        listed = ", ".join(f"({literals(key)})" for key in keys[start : start + _CHUNK])
        connection.execute(f"INSERT INTO wanted VALUES {listed}")


def _settled(connection: Connection, settled: Sequence[Path]) -> dict[Key, ServiceParts]:
    """Services with rows of their own; a piece that was set free later is a row beside the
    first."""
    query = f"""SELECT s.* FROM {parquet(settled)} s JOIN (SELECT DISTINCT bin, service
        FROM wanted) k
        ON k.bin = s.provider_bin AND k.service = s.service_id
            WHERE s.kind IN ('service', 'released') ORDER BY s.act_month, s.kind DESC"""
    of_service: dict[Key, list[dict[str, Any]]] = {}
    for row in rows(connection, query):
        of_service.setdefault((row["provider_bin"], row["service_id"]), []).append(row)
    return {key: _parts(lines) for key, lines in of_service.items()}


def _parts(lines: list[dict[str, Any]]) -> ServiceParts:
    """One service from its rows: the first is that of its own month, with the whole price. One
    without a price of its own was paid with its act."""
    first, accepted = lines[0], dict[str, Decimal]()
    back = _went_back(first)
    for row in lines:
        if row["accepted"] or not (row["amount"] or row["waits"] or back):
            accepted[row["act_month"]] = accepted.get(row["act_month"], _NOTHING) + row["accepted"]
    return ServiceParts(
        provider_bin=first["provider_bin"],
        service_id=first["service_id"],
        service_month=first["service_month"],
        named="",
        contract_no=first["contract_no"],
        care_form=first["care_form"],
        funding=first["funding"],
        ended_on=first["ended_on"],
        price=first["amount"],
        went_back=back,
        returned=_sum(lines, "returned"),
        spared=_sum(lines, "spared_half"),
        beyond=_sum(lines, "beyond"),
        accepted=accepted,
    )


def _went_back(first: dict[str, Any]) -> bool:
    """Whether a service was returned; without a price it names a reason though nothing waits and
    nothing was decided on it."""
    if first["amount"]:
        return bool(first["returned"])
    return bool(first["reason"]) and not (first["waits"] or first["stake"])


def _sum(lines: list[dict[str, Any]], column: str) -> Decimal:
    return sum((row[column] for row in lines), _NOTHING)


def _paid_in_full(
    connection: Connection, lake: Lake, of: str, keys: list[Key], settled: Sequence[Path]
) -> dict[Key, ServiceParts]:
    """Services of a month without rows of their own, as they were billed; the month was frozen, so
    they are what its closing saw."""
    if of not in lake.months("services"):
        return {}
    month_rows = source(lake, "services", [month(of)])
    query = f"""SELECT s.provider_bin, s.service_id, {NAMED} AS named, s.care_form,
        {FUNDING} AS funding, CAST(s.ended_at AS DATE) AS ended_on,
            {priced("s")} AS price, coalesce(s.iin, s.card_no, s.service_id) AS person
        FROM ({month_rows}) s SEMI JOIN (SELECT * FROM wanted WHERE month = {literal(of)}) k
            ON k.bin = s.provider_bin AND k.service = s.service_id"""
    asked, found = set(keys), dict[Key, ServiceParts]()
    billed = [
        row for row in rows(connection, query) if (row["provider_bin"], row["service_id"]) in asked
    ]
    carried = _carried(connection, lake, of, billed, settled)
    for row in billed:
        key = (row["provider_bin"], row["service_id"])
        price = carried.get(key, row["price"])
        facts = {
            name: row[name]
            for name in ("provider_bin", "service_id", "named", "care_form", "funding", "ended_on")
        }
        found[key] = ServiceParts(
            **facts, service_month=of, contract_no=None, price=price, accepted={of: price}
        )
    return found


def _carried(
    connection: Connection,
    lake: Lake,
    of: str,
    billed: list[dict[str, Any]],
    settled: Sequence[Path],
) -> dict[Key, Decimal]:
    """The complex tariffs that services without rows carry: of each patient the earliest, unless
    one with a row carries it (291/2020:47, 291/2020:63)."""
    persons = {
        (row["provider_bin"], row["care_form"], row["person"])
        for row in billed
        if row["care_form"] in complex_forms()
    }
    if not persons:
        return {}
    tariffs = _tariffs(connection, lake, of)
    listed = ", ".join(f"({literals(person)})" for person in sorted(persons))
    rows_of = (
        f"SELECT provider_bin, service_id, amount FROM {parquet(settled)} WHERE kind = 'service'"
        if settled
        else _NO_ROWS
    )
    query = f"""WITH theirs AS (
            SELECT s.provider_bin, s.service_id, s.care_form, s.ended_at, coalesce(s.iin, s.card_no,
                s.service_id) AS person, r.amount
            FROM ({source(lake, "services", [month(of)])}) s
            JOIN (VALUES {listed}) p(bin, form, person) ON p.bin = s.provider_bin
                AND p.form = s.care_form
             AND p.person = coalesce(s.iin, s.card_no, s.service_id)
            LEFT JOIN ({rows_of}) r ON r.provider_bin = s.provider_bin
                AND r.service_id = s.service_id),
        firsts AS (SELECT *, row_number() OVER (PARTITION BY provider_bin, care_form, person
            ORDER BY amount IS NOT NULL, ended_at, service_id) AS nth,
                          coalesce(max(amount) OVER (PARTITION BY provider_bin, care_form, person),
                              0) > 0 AS carried FROM theirs)
        SELECT f.provider_bin, f.service_id, n.value FROM firsts f JOIN ({tariffs}) n
            ON n.bin = f.provider_bin AND n.care_form = f.care_form
        WHERE f.nth = 1 AND f.amount IS NULL AND NOT f.carried"""
    return {
        (bin_, service): Decimal(value)
        for bin_, service, value in connection.execute(query).fetchall()
    }


def _tariffs(connection: Connection, lake: Lake, of: str) -> str:
    """SQL: the complex tariffs (bin, care_form, value) that the month's closing paid by; the norms
    in force where it kept none."""
    if kept := lake.paths(COMPLEX_TARIFFS, [month(of)]):
        return f"SELECT bin, care_form, value FROM {parquet(kept)}"
    make_norms(connection, lake, month(of))
    return "SELECT bin, care_form, value FROM tariffs_of"


_NO_ROWS = "SELECT NULL AS provider_bin, NULL AS service_id, NULL AS amount WHERE FALSE"
