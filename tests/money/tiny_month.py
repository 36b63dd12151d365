"""A tiny month with contracts, and what a clerk with a pencil would come to: the same acts, one service at a time."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.engine.registers import BIN, OTHER, csv_text, take

from qor.engine.duck import connect, literal, rows
from qor.engine.lake import Lake
from qor.engine.settlement.act_lines import Told, make_act_lines
from qor.law.money import round_tenge
from qor.law.months import Month
from qor.law.scales import Band, payable

MONTH = Month(2026, 2)
CLOSED_ON = date(2026, 3, 20)
FORMS = ("outpatient", "stay_group", "primary", "mental", "pathology", "stay_economic")
KT, NORM, PEOPLE = Decimal("38450.00"), Decimal("1380.50"), 37
SCALES = {"outpatient": "outpatient", "stay_group": "inpatient", "stay_economic": "excepted"}


@dataclass
class Tiny:
    """A lake with a month, what the workflow would tell of it, and the bands of the scale."""

    lake: Lake
    told: Told
    services: list[dict[str, Any]]
    verdicts: dict[tuple[str, str], tuple[bool, bool, Decimal]]
    returned: set[tuple[str, str]]
    plans: dict[tuple[str, str, str], Decimal]
    bands: dict[str, tuple[Band, ...]] = field(default_factory=dict)


def make(root: Path, seed: int) -> Tiny:
    """A random month: services of two providers, some disputed, some returned, plans that may be too small."""
    dice = random.Random(seed)
    lake = Lake(root / "lake")
    take(
        lake, root, "p.csv", csv_text([{"bin": BIN, "region": "71"}, {"bin": OTHER, "region": "75"}]), "providers", None
    )
    general = {"bin": "*", "valid_from": "2024-01-01"}
    take(
        lake,
        root,
        "n.csv",
        csv_text([general | {"kind": "КТ", "value": KT}, general | {"kind": "КЖН", "value": NORM}]),
        "norms",
        None,
    )
    take(
        lake,
        root,
        "a.csv",
        csv_text([{"bin": BIN, "month": str(MONTH), "sex": "f", "age_group": "all", "persons": PEOPLE}]),
        "attached",
        None,
    )
    plans = _contracts(lake, root, dice)
    services = [_service(n, dice) for n in range(dice.randrange(5, 60))]
    take(lake, root, "s.csv", csv_text(services))
    keys = [(s["provider_bin"], s["service_id"]) for s in services]
    returned = {key for key in keys if dice.random() < 0.1}
    verdicts = {
        key: (dice.random() < 0.4, dice.random() < 0.3, Decimal(dice.choice((0, 0, 100, 2500, 90000))))
        for key in keys
        if dice.random() < 0.4
    }
    bands = _scale(lake, root) if dice.random() < 0.5 else {}
    _put_returns(lake, returned)
    return Tiny(lake, tell(root, verdicts), services, verdicts, returned, plans, bands)


def _contracts(lake: Lake, root: Path, dice: random.Random) -> dict[tuple[str, str, str], Decimal]:
    plans, lines = {}, []
    for n, (bin_, number) in enumerate(((BIN, "K-1"), (OTHER, "K-2"))):
        for m, form in enumerate(FORMS[: 6 - n]):
            plans[number, form, "tmkkk"] = Decimal(dice.randrange(1_000_00, 400_000_00)) / 100
            line = {
                "contract_no": number,
                "line": m,
                "bin": bin_,
                "care_form": form,
                "funding": "tmkkk",
                "service_code": "*",
            }
            lines.append(
                line | {"month": str(MONTH), "amount": plans[number, form, "tmkkk"], "valid_from": "2026-01-01"}
            )
    take(lake, root, "c.csv", csv_text(lines), "contracts", None)
    return plans


def _service(n: int, dice: random.Random) -> dict[str, Any]:
    form, start = dice.choice(FORMS), datetime(2026, 2, dice.randrange(2, 25), 9, dice.randrange(60))
    end = start + (timedelta(days=dice.randrange(1, 5)) if form.startswith("stay") else timedelta(minutes=20))
    return {
        "provider_bin": dice.choice((BIN, BIN, OTHER)), "service_id": f"s{n:03d}", "iin": "", "card_no": f"C{dice.randrange(12)}", "identity_kind": "foreigner",
        "care_form": form, "setting": "inpatient" if form.startswith("stay") else "visit", "funding": dice.choice(("tmkkk",) * 9 + ("osms",)),
        "contract_no": dice.choice(("", "K-1", "K-9")), "started_at": str(start), "ended_at": str(end), "registered_at": str(end + timedelta(hours=1)),
        "outcome": dice.choice(("died", "improved")) if form == "stay_group" else "", "quantity": "1", "amount": Decimal(dice.randrange(0, 90_000_00)) / 100,
    }  # fmt: skip


def _scale(lake: Lake, root: Path) -> dict[str, tuple[Band, ...]]:
    bands = (Band(Decimal(0), Decimal("0.10"), Decimal("0.60")), Band(Decimal("0.10"), None, Decimal("0.25")))
    lines = [
        {"scale": "inpatient", "valid_from": "2026-01-01", "over_from": b.over_from, "over_to": "" if b.over_to is None else b.over_to, "paid": b.paid}
        for b in bands
    ]  # fmt: skip
    take(lake, root, "scale.csv", csv_text(lines), "scales", None)
    return {"inpatient": bands}


def _put_returns(lake: Lake, returned: set[tuple[str, str]]) -> None:
    with lake.writing() as writer, connect() as connection:
        target = writer.staging / "returns.parquet"
        values = (
            ", ".join(
                f"({literal(bin_)}, {literal(service)}, 'overpriced', DATE '2026-03-02')"
                for bin_, service in sorted(returned)
            )
            or "(NULL, NULL, NULL, NULL)"
        )
        connection.execute(
            f"COPY (SELECT * FROM (VALUES {values}) r(provider_bin, service_id, reason, found_on) WHERE service_id IS NOT NULL) TO {literal(target)}"
        )
        writer.add("returns", str(MONTH), target, len(returned))
        writer.commit("run", {"month": str(MONTH)})


def tell(root: Path, verdicts: dict[tuple[str, str], tuple[bool, bool, Decimal]]) -> Told:
    """What the workflow would tell: these verdicts, nothing held before, nothing accepted before."""
    (root / "verdicts.csv").write_text(
        "".join(f"{b},{s},{open_},{spared},{stake}\n" for (b, s), (open_, spared, stake) in verdicts.items()), "utf-8"
    )
    for name in ("waiting", "standing", "caps"):
        (root / f"{name}.csv").write_text("", "utf-8")
    return Told(*(root / f"{name}.csv" for name in ("verdicts", "waiting", "standing", "caps")))


def engine(tiny: Tiny, root: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines and the settled services as the engine has them."""
    with connect() as connection:
        make_act_lines(connection, tiny.lake, MONTH, CLOSED_ON, tiny.told, root)
        return rows(connection, "SELECT * FROM act_lines ORDER BY ALL"), rows(
            connection, "SELECT * FROM settled ORDER BY ALL"
        )


def pencil(tiny: Tiny) -> dict[tuple[str, str, str, str], dict[str, Decimal]]:
    """The lines as a clerk reckons them, service by service: (bin, contract, form, funding) -> sums."""
    sums: dict[Any, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    left: dict[Any, list[tuple[Any, Decimal]]] = defaultdict(list)
    carrying = _patients(tiny)
    for s in tiny.services:
        key = (s["provider_bin"], _contract(tiny, s), s["care_form"], s["funding"])
        amount = _worth(s, carrying)
        open_, spared, stake = tiny.verdicts.get((s["provider_bin"], s["service_id"]), (False, False, Decimal(0)))
        line = sums[key]
        line["claimed"] += amount
        if (s["provider_bin"], s["service_id"]) in tiny.returned:
            line["returned"] += amount
            continue
        if open_:
            line["held"] += amount
            continue
        half = amount - round_tenge(amount / 2) if spared and _short_death(s) else Decimal(0)
        taken = min(half + stake, amount)
        line["disallowed"] += taken
        line["sanction"] += half + stake - taken
        left[key].append(((datetime.fromisoformat(s["ended_at"]), s["service_id"]), amount - taken))
    key = (BIN, "K-1", "primary", "tmkkk")
    sums[key]["claimed"] += round_tenge(NORM * PEOPLE)
    left[key].append(((datetime(1900, 1, 1), ""), round_tenge(NORM * PEOPLE)))
    for key, found in left.items():
        sums[key]["beyond"] = _beyond(tiny, key, [money for _, money in sorted(found)])
    return dict(sums)


def _beyond(tiny: Tiny, key: tuple[str, str, str, str], payables: list[Decimal]) -> Decimal:
    total, scale = sum(payables, Decimal(0)), SCALES.get(key[2], "")
    if not key[1]:
        return total
    plan = None if scale == "excepted" else tiny.plans.get(key[1:])  # type: ignore[arg-type]
    paid = round_tenge(payable(plan, tiny.bands.get(scale, ()), total))
    return total - paid


def _patients(tiny: Tiny) -> set[tuple[str, str]]:
    first: dict[Any, Any] = {}
    for s in tiny.services:
        if s["care_form"] == "mental":
            key = (s["provider_bin"], s["service_id"])
            rank = (key in tiny.returned, tiny.verdicts.get(key, (False,))[0], s["ended_at"], s["service_id"])
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
    own = "K-1" if s["provider_bin"] == BIN else "K-2"
    return own if (own, s["care_form"], s["funding"]) in tiny.plans else ""


def _short_death(s: dict[str, Any]) -> bool:
    stayed = datetime.fromisoformat(s["ended_at"]) - datetime.fromisoformat(s["started_at"])
    return s["care_form"] == "stay_group" and s["outcome"] == "died" and stayed <= timedelta(days=3)


def dump(path: Path, lines: list[list[Any]]) -> None:
    """Write lines as CSV without a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
