"""A world's facts as the tables of a lake, written in one commit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.engine.registers import BIN, OTHER
from tests.money.unchecked import run_unchecked
from tests.money.worlds.plan import WHOLE_YEAR, Mark, Plan, Service, last_day
from tests.tiny import PEOPLE, make_lake

from qor.engine.storage.lake import Lake
from qor.law.nouns.identifiers import check_iban
from qor.law.nouns.months import Month

BINS, REGIONS = (BIN, OTHER), ("71", "75")
Row = dict[str, Any]


def tenge(tiyn: int) -> Decimal:
    """Whole tiyn as tenge."""
    return Decimal(tiyn) / 100


def load(plan: Plan, root: Path) -> Lake:
    """The lake of a world, its months run: the checks found nothing."""
    tables: dict[str, list[Row]] = {
        "providers": [{"bin": b, "region": r} for b, r in zip(BINS, REGIONS, strict=True)],
        "bank_accounts": [_account(n) for n in (0, 1)],
        "contracts": [*_contracts(plan), *_agreements(plan), *map(_ended, (0, 1))],
        "scales": _scales(plan),
        "service_marks": [_mark(mark) | {"code": mark.code} for mark in plan.service_marks],
        "provider_marks": [
            _mark(mark) | {"bin": BINS[int(mark.code)], "share": mark.share}
            for mark in plan.provider_marks
        ],
        "norms": [
            {"bin": BINS[n], "kind": kind, "valid_from": "2024-01-01", "value": tenge(amount)}
            for (n, kind), amount in plan.norms.items()
        ],
        "coefficients": _coefficients(plan),
        "people": _people(plan),
        "insured": _insured(plan),
        "attached": _attached(plan),
        "reported_sums": _reported(plan),
        "services": [_service(service) for service in plan.services],
    }
    lake = make_lake(root / "lake", {table: _texts(rows) for table, rows in tables.items() if rows})
    for month in plan.months:
        run_unchecked(lake, Month(2026, month))
    return lake


def _texts(rows: list[Row]) -> list[dict[str, str]]:
    return [{key: str(cell) for key, cell in row.items() if cell is not None} for row in rows]


def _account(n: int) -> Row:
    iban = check_iban("KZ", f"999000000000000{n}")
    return {"bin": BINS[n], "iban": iban, "bic": "DEMOKZKA", "valid_from": "2024-01-01"}


def _line(number: int, contract: str, form: str, funding: str, month: int, amount: int) -> Row:
    return {
        "contract_no": contract,
        "line": number,
        "bin": BINS[int(contract[1])],
        "care_form": form,
        "funding": funding,
        "service_code": "*",
        "month": f"2026-{month:02d}",
        "amount": tenge(amount),
    }


def _contracts(plan: Plan) -> list[Row]:
    rows = []
    for n, ((contract, form, funding, month), amount) in enumerate(plan.plans.items()):
        first, last = plan.spans.get((contract, form, funding), WHOLE_YEAR)
        line = _line(n, contract, form, funding, month, amount)
        rows.append(line | {"valid_from": first, "valid_to": last})
    return rows


def _agreements(plan: Plan) -> list[Row]:
    rows: list[Row] = []
    for agreement in plan.agreements:
        for (form, funding, month), amount in agreement.sums.items():
            line = _line(5000 + len(rows), agreement.contract, form, funding, month, amount)
            dates = {"valid_from": agreement.since, "valid_to": WHOLE_YEAR[1]}
            rows.append(line | dates | {"agreement_no": "2"})
    return rows


def _ended(n: int) -> Row:
    """The third contract of a provider, which ended before the year."""
    line = _line(1, f"K{n}-C", "outpatient", "tmkkk", 1, 100)
    return line | {"month": "2025-01", "valid_from": "2025-01-01", "valid_to": "2025-12-31"}


def _scales(plan: Plan) -> list[Row]:
    return [
        {
            "scale": scale,
            "valid_from": WHOLE_YEAR[0],
            "over_from": Decimal(low) / 1000,
            "over_to": None if high is None else Decimal(high) / 1000,
            "paid": Decimal(paid) / 100,
        }
        for scale, bands in plan.bands.items()
        for low, high, paid in bands
    ]


def _mark(mark: Mark) -> Row:
    row = {"mark": mark.mark, "valid_from": mark.since, "valid_to": mark.until}
    return row if not mark.basis else row | {"basis": mark.basis}


def _coefficients(plan: Plan) -> list[Row]:
    same = {"care_form": "primary", "kind": "rural", "valid_from": "2024-01-01"}
    return [
        same | {"bin": BINS[n], "value": Decimal(percent) / 100}
        for n, percent in plan.factors.items()
    ]


def _people(plan: Plan) -> list[Row]:
    return [
        {
            "iin": PEOPLE[person.letter],
            "birth_date": "1980-03-14",
            "sex": "f",
            "iin_agrees": "true",
            "attached_bin": BINS[person.provider],
            "attached_since": person.since,
            "attachment_consent": "true",
        }
        for person in plan.persons
    ]


def _insured(plan: Plan) -> list[Row]:
    return [
        {"iin": PEOPLE[p.letter], "valid_from": p.insured[0], "valid_to": p.insured[1]}
        for p in plan.persons
        if p.insured
    ]


def _attached(plan: Plan) -> list[Row]:
    """Everybody attached by the end of a month, and for how many no contributions were paid."""
    rows = []
    for month in plan.months if plan.persons else ():
        for n in (0, 1):
            day = last_day(month)
            people = [p for p in plan.persons if p.provider == n and p.since <= day]
            same = {"bin": BINS[n], "month": f"2026-{month:02d}", "sex": "f"}
            unpaid = sum(not person.is_insured(day) for person in people)
            counts = {"persons": len(people), "without_contributions": unpaid}
            rows.append(same | {"age_group": "all"} | counts)
            rows += [
                same | {"age_group": kind, "persons": persons}
                for (provider, of, kind), persons in plan.groups.items()
                if (provider, of) == (n, month)
            ]
    return rows


def _reported(plan: Plan) -> list[Row]:
    return [
        {
            "bin": BINS[n],
            "month": f"2026-{month:02d}",
            "care_form": "primary",
            "kind": kind,
            "amount": tenge(amount),
        }
        for (n, month, kind), amount in plan.reported.items()
    ]


def _service(s: Service) -> Row:
    day = date(2026, s.month, s.ended[0])
    letter = s.patient in PEOPLE
    return {
        "provider_bin": BINS[s.provider],
        "service_id": s.sid,
        "iin": PEOPLE[s.patient] if letter else None,
        "identity_kind": "iin" if letter else "foreigner",
        "care_form": s.form,
        "setting": s.setting,
        "funding": s.funding,
        "contract_no": s.named or None,
        "service_code": s.code or None,
        "group_code": s.group or None,
        "bed_profile": s.bed or None,
        "started_at": f"{day} 09:00:00",
        "ended_at": f"{day} 10:{s.ended[1]:02d}:00",
        "registered_at": f"{day} 12:00:00",
        "quantity": "1",
        "amount": tenge(s.amount),
        "card_no": f"C{s.sid}" if letter or not s.patient else s.patient,
        "register_no": "R1",
    }
