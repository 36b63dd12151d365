"""A tiny month with contracts: its lake, and what the workflow would tell of it."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.engine.registers import BIN, OTHER, csv_text, load

from qor.engine.settlement.act_lines import SettlementInputs, make_act_lines
from qor.engine.storage.duck import connect, literal, rows
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.rules.scales import Band

MONTH = Month(2026, 2)
CLOSED_ON = date(2026, 3, 20)
FORMS = ("outpatient", "stay_group", "primary", "mental", "pathology", "stay_economic")
KT, NORM, PEOPLE = Decimal("38450.00"), Decimal("1380.50"), 37


@dataclass
class Tiny:
    """A lake with a month, what the workflow would tell of it, and the bands of the scale."""

    lake: Lake
    told: SettlementInputs
    services: list[dict[str, Any]]
    verdicts: dict[tuple[str, str], tuple[bool, bool, Decimal]]
    returned: set[tuple[str, str]]
    plans: dict[tuple[str, str, str], Decimal | None]
    years: dict[str, Decimal]
    share: Decimal
    spans: dict[tuple[str, str], tuple[date, date]]
    bands: dict[str, tuple[Band, ...]] = field(default_factory=dict)


def make(root: Path, seed: int) -> Tiny:
    """A random month: services of two providers, some disputed, some returned, plans that may be
    too small."""
    dice = random.Random(seed)
    lake = Lake(root / "lake")
    _reference(lake, root)
    spans = _spans(random.Random(f"{seed} spans"))
    plans, years = _contracts(lake, root, dice, spans)
    share = dice.choice((Decimal("44.99"), Decimal(45)))
    _marks(lake, root, share)
    services = [_service(n, dice, spans) for n in range(dice.randrange(5, 60))]
    load(lake, root, "s.csv", csv_text(services))
    keys = [(s["provider_bin"], s["service_id"]) for s in services]
    returned = {key for key in keys if dice.random() < 0.1}
    verdicts = {key: _verdict(dice) for key in keys if dice.random() < 0.4}
    bands = _scale(lake, root) if dice.random() < 0.5 else {}
    _put_returns(lake, returned)
    return Tiny(
        lake,
        write_settlement_inputs(root, verdicts),
        services,
        verdicts,
        returned,
        plans,
        years,
        share,
        spans,
        bands,
    )


def _reference(lake: Lake, root: Path) -> None:
    """Both providers, the norms, and how many people the first one has."""
    providers = [{"bin": BIN, "region": "71"}, {"bin": OTHER, "region": "75"}]
    load(lake, root, "p.csv", csv_text(providers), "providers", None)
    general = {"bin": "*", "valid_from": "2024-01-01"}
    norms = [general | {"kind": "КТ", "value": KT}, general | {"kind": "КЖН", "value": NORM}]
    load(lake, root, "n.csv", csv_text(norms), "norms", None)
    people = {"bin": BIN, "month": str(MONTH), "sex": "f", "age_group": "all", "persons": PEOPLE}
    load(lake, root, "a.csv", csv_text([people]), "attached", None)


def _verdict(dice: random.Random) -> tuple[bool, bool, Decimal]:
    """Whether a case is open, whether the price is spared, and the sum at stake."""
    stakes = (0, 0, 100, 2500, 90000)
    return dice.random() < 0.4, dice.random() < 0.3, Decimal(dice.choice(stakes))


COVERS = {
    (BIN, "K-1"): ("outpatient", "stay_group", "primary", "mental"),
    (BIN, "K-3"): ("outpatient", "stay_group", "pathology", "stay_economic"),
    (OTHER, "K-2"): ("outpatient", "stay_group", "primary"),
    (OTHER, "K-4"): ("outpatient", "mental", "pathology"),
}
MARKED_FROM = date(2026, 2, 10)
TURN = date(
    2026,
    2,
    14,
    # in half of the months the outpatient line of one contract ends on this day, and that of the
    # next begins after it
)


Plans = dict[tuple[str, str, str], Decimal | None]


Spans = dict[tuple[str, str], tuple[date, date]]


def _spans(dice: random.Random) -> Spans:
    """The first and the last day of lines (contract, form) that do not cover the whole year."""
    if dice.random() < 0.5:
        return {}
    ends, begins = (date(2026, 1, 1), TURN), (TURN + timedelta(days=1), date(2026, 12, 31))
    return {("K-1", "outpatient"): ends, ("K-3", "outpatient"): begins, ("K-4", "mental"): ends}


def _contracts(
    lake: Lake, root: Path, dice: random.Random, spans: Spans
) -> tuple[Plans, dict[str, Decimal]]:
    """Two contracts a provider; a line may lack its sum; a sum of antenatal care may stand beside
    that of other outpatient care."""
    plans: Plans = {}
    years: dict[str, Decimal] = defaultdict(Decimal)
    lines = []
    for (bin_, number), forms in COVERS.items():
        for m, form in enumerate(forms):
            key = (number, form, "tmkkk")
            plans[key] = (
                Decimal(dice.randrange(1_000_00, 400_000_00)) / 100 if dice.random() < 0.9 else None
            )
            line = {
                "contract_no": number,
                "bin": bin_,
                "care_form": form,
                "funding": "tmkkk",
                "valid_from": spans.get((number, form), (date(2026, 1, 1),))[0],
                "valid_to": spans.get((number, form), ("", ""))[1],
            }
            month = {"month": str(MONTH), "line": m, "service_code": "*"}
            lines.append(line | month | {"amount": "" if plans[key] is None else plans[key]})
            years[number] += plans[key] or Decimal(0)
            if form == "outpatient" and plans[key] is not None and dice.random() < 0.5:
                lines.append(
                    line
                    | {"month": str(MONTH), "line": 90, "service_code": "DM1", "amount": "5000.00"}
                )
                years[number] += 5000
    load(lake, root, "c.csv", csv_text(lines), "contracts", None)
    return plans, years


def _marks(lake: Lake, root: Path, share: Decimal) -> None:
    """Antenatal care from the tenth on, a trauma point all month, dialysis, infectious beds, blood
    cancer; a hospital with a share of births."""
    marks = [
        {"basis": "", "code": "A1", "mark": "antenatal", "valid_from": str(MARKED_FROM)},
        {
            "basis": "service_code",
            "code": "DM1",
            "mark": "trauma_point",
            "valid_from": "2026-01-01",
        },
        {"basis": "group_code", "code": "D1", "mark": "dialysis", "valid_from": "2026-01-01"},
        {
            "basis": "bed_profile",
            "code": "INF",
            "mark": "infectious_beds",
            "valid_from": "2026-01-01",
        },
        {"basis": "icd10", "code": "C91", "mark": "blood_cancer", "valid_from": "2026-01-01"},
        {
            "basis": "",
            "code": "V1",
            "mark": "high_technology",
            "valid_from": "2026-01-01",
            "valid_to": "2026-01-31",
        },
    ]
    load(lake, root, "m.csv", csv_text(marks), "service_marks", None)
    mark = {"bin": OTHER, "mark": "births_share", "valid_from": "2026-01-01", "share": share}
    load(lake, root, "pm.csv", csv_text([mark]), "provider_marks", None)


def _service(n: int, dice: random.Random, spans: Spans) -> dict[str, Any]:
    form, start = (
        dice.choice(FORMS),
        datetime(2026, 2, dice.randrange(2, 25), 9, dice.randrange(60)),
    )
    end = start + (
        timedelta(days=dice.randrange(1, 5)) if form.startswith("stay") else timedelta(minutes=20)
    )
    provider = dice.choice((BIN, BIN, OTHER))
    covering = [
        number for (bin_, number), forms in COVERS.items() if bin_ == provider and form in forms
    ]
    named = dice.choice(covering) if len(covering) > 1 else dice.choice(("", "K-1", "K-9"))
    named = (
        "" if spans and form == "outpatient" and provider == BIN and dice.random() < 0.4 else named
    )
    stay = form.startswith("stay")
    return {
        "provider_bin": provider,
        "service_id": f"s{n:03d}",
        "iin": "",
        "card_no": f"C{dice.randrange(12)}",
        "identity_kind": "foreigner",
        "care_form": form,
        "setting": dice.choice(("inpatient", "inpatient", "day_hospital")) if stay else "visit",
        "funding": dice.choice(("tmkkk",) * 9 + ("osms",)),
        "contract_no": named,
        "started_at": str(start),
        "ended_at": str(end),
        "registered_at": str(end + timedelta(hours=1)),
        "outcome": dice.choice(("died", "improved")) if form == "stay_group" else "",
        "quantity": "1",
        "amount": Decimal(dice.randrange(0, 90_000_00)) / 100,
        "service_code": dice.choice(("A1", "DM1", "V1", "V1")) if form == "outpatient" else "",
        "group_code": dice.choice(("D1", "G1", "G1", "G1")) if stay else "",
        "bed_profile": dice.choice(("INF", "T1", "T1")) if stay else "",
        "icd10_main": dice.choice(("C91.0", "J18.0", "J18.0")),
    }


def _scale(lake: Lake, root: Path) -> dict[str, tuple[Band, ...]]:
    bands = (
        Band(Decimal(0), Decimal("0.10"), Decimal("0.60")),
        Band(Decimal("0.10"), None, Decimal("0.25")),
    )
    lines = [
        {
            "scale": "inpatient",
            "valid_from": "2026-01-01",
            "over_from": b.over_from,
            "over_to": "" if b.over_to is None else b.over_to,
            "paid": b.paid,
        }
        for b in bands
    ]
    load(lake, root, "scale.csv", csv_text(lines), "scales", None)
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
            f"COPY (SELECT * FROM (VALUES {values}) r(provider_bin, service_id, reason, "
            f"found_on) WHERE service_id IS NOT NULL) TO {literal(target)}"
        )
        writer.add("returns", str(MONTH), target, len(returned))
        writer.commit("run", {"month": str(MONTH)})


def write_settlement_inputs(
    root: Path, verdicts: dict[tuple[str, str], tuple[bool, bool, Decimal]]
) -> SettlementInputs:
    """What the workflow would tell: these verdicts, nothing held before, nothing accepted
    before."""
    (root / "verdicts.csv").write_text(
        "".join(
            f"{b},{s},{open_},{spared},{stake}\n"
            for (b, s), (open_, spared, stake) in verdicts.items()
        ),
        "utf-8",
    )
    for name in ("waiting", "standing", "caps"):
        (root / f"{name}.csv").write_text("", "utf-8")
    return SettlementInputs(
        *(root / f"{name}.csv" for name in ("verdicts", "waiting", "standing", "caps"))
    )


def engine(tiny: Tiny, root: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines and the settled services as the engine has them."""
    with connect() as connection:
        make_act_lines(connection, tiny.lake, MONTH, CLOSED_ON, tiny.told, root)
        return rows(connection, "SELECT * FROM act_lines ORDER BY ALL"), rows(
            connection, "SELECT * FROM settled ORDER BY ALL"
        )
