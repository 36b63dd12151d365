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
from qor.engine.settlement.values import complex_forms, make_norms, priced
from qor.engine.storage.duck import Connection, connect, literal, parquet
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import fill, make_view, rows_of_files, step_facts, step_rows
from qor.law.nouns.months import month

Key = tuple[str, str]
_NOTHING = Decimal(0)
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
    parts: dict[Key, ServiceParts] = {}
    if not wanted:
        return parts
    with connect() as connection:
        fill(connection, "wanted", wanted)
        make_view(connection, "settled", rows_of_files(settled, "settled"))
        if settled:
            parts.update(_settled(connection))
        for of in sorted({name for _, _, name in wanted}):
            missing = [
                (bin_, service)
                for bin_, service, name in wanted
                if name == of and (bin_, service) not in parts
            ]
            if missing:
                parts.update(_paid_in_full(connection, lake, of, missing))
        for key, (moved, worth) in _moved(connection).items():
            if key in parts:
                parts[key] = replace(parts[key], moved=moved, worth=worth)
    return parts


def _moved(connection: Connection) -> dict[Key, tuple[Decimal, Decimal]]:
    """What lists loaded late changed of services, all closings together, and what each is worth
    since the last of them."""
    listed = step_rows(connection, "moved_of_wanted", moved=literal(MOVED))
    return {(bin_, service): (Decimal(moved), worth) for bin_, service, moved, worth in listed}


def _settled(connection: Connection) -> dict[Key, ServiceParts]:
    """Services with rows of their own; a piece that was set free later is a row beside the
    first."""
    of_service: dict[Key, list[dict[str, Any]]] = {}
    for row in step_facts(connection, "settled_of_wanted"):
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
    connection: Connection, lake: Lake, of: str, keys: list[Key]
) -> dict[Key, ServiceParts]:
    """Services of a month without rows of their own, as they were billed; the month was frozen, so
    they are what its closing saw."""
    if of not in lake.months("services"):
        return {}
    make_view(connection, "services", source(lake, "services", [month(of)]))
    rows = step_facts(connection, "billed_of_wanted", month=literal(of), price=priced("s"))
    asked, parts = set(keys), dict[Key, ServiceParts]()
    billed = [row for row in rows if (row["provider_bin"], row["service_id"]) in asked]
    carried = _carried(connection, lake, of, billed)
    for row in billed:
        key = (row["provider_bin"], row["service_id"])
        price = carried.get(key, row["price"])
        facts = {
            name: row[name]
            for name in ("provider_bin", "service_id", "named", "care_form", "funding", "ended_on")
        }
        parts[key] = ServiceParts(
            **facts, service_month=of, contract_no=None, price=price, accepted={of: price}
        )
    return parts


def _carried(
    connection: Connection, lake: Lake, of: str, billed: list[dict[str, Any]]
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
    make_view(connection, "paid_tariffs", _tariffs(connection, lake, of))
    fill(connection, "asked_patients", sorted(persons))
    carried = step_rows(connection, "carried_tariffs")
    return {(bin_, service): Decimal(value) for bin_, service, value in carried}


def _tariffs(connection: Connection, lake: Lake, of: str) -> str:
    """SQL: the complex tariffs (bin, care_form, value) that the month's closing paid by; the norms
    in force where it kept none."""
    if paths := lake.paths(COMPLEX_TARIFFS, [month(of)]):
        return f"FROM {parquet(paths)}"
    make_norms(connection, lake, month(of))
    return "FROM tariffs_of"
