"""What a clerk with a pencil comes to for a tiny month: the same acts, one service at a time."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.engine.registers import BIN, OTHER
from tests.money.tiny_month import COVERS, KT, MARKED_FROM, NORM, PEOPLE, Tiny

from qor.law.nouns.money import round_tenge
from qor.law.rules.scales import payable

SCALES = {"outpatient": "outpatient", "stay_group": "inpatient", "stay_economic": "excepted"}


def pencil(tiny: Tiny) -> dict[tuple[str, str, str, str, str], dict[str, Decimal]]:
    """The lines as a clerk reckons them, service by service: (bin, contract, form, funding, kind)
    -> sums."""
    sums: dict[Any, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    left: dict[Any, list[tuple[Any, Decimal]]] = defaultdict(list)
    carrying = _patients(tiny)
    for s in tiny.services:
        kind = "unscaled" if _unscaled(tiny, s) else ""
        key = (s["provider_bin"], _contract(tiny, s), s["care_form"], s["funding"], kind)
        amount = _worth(s, carrying)
        open_, spared, stake = tiny.verdicts.get(
            (s["provider_bin"], s["service_id"]), (False, False, Decimal(0))
        )
        line = sums[key]
        line["claimed"] += amount
        if (s["provider_bin"], s["service_id"]) in tiny.returned:
            line["returned"] += amount
            continue
        if open_ or tiny.plans.get((key[1], key[2], key[3]), Decimal(0)) is None:
            line["held"] += amount
            continue
        half = amount - round_tenge(amount / 2) if spared and _short_death(s) else Decimal(0)
        disallowed = min(half + stake, amount)
        line["disallowed"] += disallowed
        line["sanction"] += half + stake - disallowed
        left[key].append(
            ((datetime.fromisoformat(s["ended_at"]), key[0], s["service_id"]), amount - disallowed)
        )
    if tiny.plans["K-1", "primary", "tmkkk"] is not None:
        key = (BIN, "K-1", "primary", "tmkkk", "per_capita")
        sums[key]["claimed"] += round_tenge(NORM * PEOPLE)
        left[key].append(((datetime(1900, 1, 1), BIN, ""), round_tenge(NORM * PEOPLE)))
    _cut(tiny, sums, left)
    return dict(sums)


def _cut(
    tiny: Tiny, sums: dict[Any, dict[str, Decimal]], left: dict[Any, list[tuple[Any, Decimal]]]
) -> None:
    """What the month's sums leave, in the order of the services' ends; then what the year's sum
    leaves of that (27)."""
    rooms = dict(tiny.years)
    passed = [
        (when, key, amount, paid)
        for key, passing in left.items()
        for when, amount, paid in _by_month(tiny, key, sorted(passing))
    ]
    for _, key, amount, paid in sorted(passed, key=lambda row: row[0]):
        room = rooms.get(key[1], Decimal(0))
        accepted = min(paid, max(room, Decimal(0)))
        rooms[key[1]] = room - accepted
        sums[key]["beyond"] += amount - accepted


def _by_month(
    tiny: Tiny, key: Any, services: list[tuple[Any, Decimal]]
) -> list[tuple[Any, Decimal, Decimal]]:
    """Each service of a line with what its month's sum lets through."""
    rows, before, upto = [], Decimal(0), Decimal(0)
    for when, amount in services:
        upto += amount
        paid = _paid(tiny, key, upto)
        rows.append((when, amount, paid - before))
        before = paid
    return rows


def _unscaled(tiny: Tiny, s: dict[str, Any]) -> bool:
    """Clauses 61 and 78, read by a person: what is marked on the day, in the forms of the scale."""
    on = datetime.fromisoformat(s["ended_at"]).date()
    if s["care_form"] == "outpatient":
        return s["service_code"] == "DM1" or (s["service_code"] == "A1" and on >= MARKED_FROM)
    if s["care_form"] != "stay_group":
        return False
    hospital = s["provider_bin"] == OTHER and tiny.share >= 45
    infectious = s["bed_profile"] == "INF" and s["setting"] == "inpatient"
    return hospital or infectious or s["group_code"] == "D1" or s["icd10_main"] == "C91.0"


def _paid(tiny: Tiny, key: tuple[str, str, str, str, str], total: Decimal) -> Decimal:
    scale = SCALES.get(key[2], "")
    if not key[1]:
        return Decimal(0)
    plan = (
        None
        if scale == "excepted" or key[4] == "unscaled"
        else tiny.plans.get((key[1], key[2], key[3]))
    )
    return round_tenge(payable(plan, tiny.bands.get(scale, ()), total))


def _patients(tiny: Tiny) -> set[tuple[str, str]]:
    """Of each patient the service that carries the tariff: one that went back, or that no contract
    covers, only where there is no other (291/2020:3, 21)."""
    first: dict[Any, Any] = {}
    for s in tiny.services:
        if s["care_form"] == "mental":
            key = (s["provider_bin"], s["service_id"])
            rank = (
                key in tiny.returned or not _contract(tiny, s),
                tiny.verdicts.get(key, (False,))[0],
                s["ended_at"],
                s["service_id"],
            )
            person = (s["provider_bin"], s["card_no"])
            first[person] = min(first.get(person, (rank, key)), (rank, key))
    return {key for _, key in first.values()}


def _worth(s: dict[str, Any], carrying: set[tuple[str, str]]) -> Decimal:
    if s["care_form"] == "primary":
        return Decimal(0)
    if s["care_form"] == "mental":
        return KT if (s["provider_bin"], s["service_id"]) in carrying else Decimal(0)
    return Decimal(s["amount"])


def _contract(tiny: Tiny, s: dict[str, Any]) -> str:
    covering = [
        number
        for (bin_, number), forms in COVERS.items()
        if bin_ == s["provider_bin"]
        and s["care_form"] in forms
        and (number, s["care_form"], s["funding"]) in tiny.plans
        and _in_force(tiny, number, s)
    ]
    return s["contract_no"] if s["contract_no"] in covering else min(covering, default="")


def _in_force(tiny: Tiny, number: str, s: dict[str, Any]) -> bool:
    on = datetime.fromisoformat(s["ended_at"]).date()
    first, last = tiny.spans.get((number, s["care_form"]), (on, on))
    return first <= on <= last


def _short_death(s: dict[str, Any]) -> bool:
    stayed = datetime.fromisoformat(s["ended_at"]) - datetime.fromisoformat(s["started_at"])
    return s["care_form"] == "stay_group" and s["outcome"] == "died" and stayed <= timedelta(days=3)
