"""A fund with one contract, whose months are closed one after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.engine.registers import BIN, OTHER, csv_text, load
from tests.money.unchecked import run_unchecked
from tests.workflow.people import World, at

from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now
from qor.law.nouns.months import Month
from qor.workflow.acts.closing import Closed, close_acts
from qor.workflow.acts.models import Act
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.open_cases import open_cases
from qor.workflow.proof import verify

ONE = {
    "unit_price": "1000.00",
    "amount": "1000.00",
    "icd10_main": "J18.0",
    "funding": "tmkkk",
    "performer_id": "D1",
    "service_code": "V1",
}


@dataclass
class Fund:
    """A lake with one contract of outpatient care, and its people."""

    lake: Lake
    root: Path
    world: World

    def month(self, month: Month, count: int, start: int = 1, *, checked: bool = False) -> None:
        """A month of visits of a thousand tenge each, run (with the checks, or as if they found
        nothing); not brought in."""
        first = month.first
        rows = [
            ONE
            | {
                "provider_bin": BIN,
                "service_id": f"{month}-{n}",
                "identity_kind": "foreigner",
                "care_form": "outpatient",
                "setting": "visit",
                "started_at": f"{first.replace(day=n)} 09:00:00",
                "ended_at": f"{first.replace(day=n)} 09:20:00",
                "quantity": "1",
                "registered_at": f"{first.replace(day=n)} 10:00:00",
                "card_no": f"C{n}",
                "register_no": "R1",
                "contract_no": "K-1",
            }
            for n in range(start, start + count)
        ]
        load(self.lake, self.root, f"{month}.csv", csv_text(rows), "services", str(month))
        if checked:
            run_month(self.lake, RunRequest(month, month.last, "test", now()))
        else:
            run_unchecked(self.lake, month)

    def case(self, month: Month, n: int, **facts: Any) -> Case:
        """A case on the n-th service of a month."""
        usual = {
            "month": str(month),
            "service_id": f"{month}-{n}",
            "amount": Decimal("1000.00"),
            "proposed_deduction": Decimal("3000.00"),
        }
        case = self.world.case(**(usual | facts))
        case.provider = self.world.providers["71"].organisation
        case.save()
        return case

    def close(self, month: Month, on: date) -> Closed:
        """Bring in and close, and hold every invariant."""
        open_cases(self.lake, month, by="test", at=at(on))
        closed = close_acts(self.lake, month, by="test", at=at(on))
        wrong = [proof.name for proof in verify() if proof.broken]
        assert wrong == [], wrong
        return closed

    def act(self, month: Month) -> Act:
        """The act of a month."""
        return Act.objects.get(closing__month=str(month), contract_no="K-1")


def make_fund(tmp_path: Path, world: World) -> Fund:
    """Plans of twelve thousand a month."""
    lake = Lake(tmp_path / "lake")
    load(
        lake,
        tmp_path,
        "p.csv",
        csv_text([{"bin": BIN, "region": "71"}, {"bin": OTHER, "region": "75"}]),
        "providers",
        None,
    )
    load(
        lake,
        tmp_path,
        "s.csv",
        csv_text([{"performer_id": "D1", "bin": BIN, "works_from": "2020-01-01"}]),
        "staff",
        None,
    )
    line = {
        "contract_no": "K-1",
        "bin": BIN,
        "care_form": "outpatient",
        "funding": "tmkkk",
        "service_code": "*",
        "valid_from": "2026-01-01",
    }
    plans = [
        line | {"line": n, "month": f"2026-{n:02d}", "amount": "12000.00"} for n in range(1, 13)
    ]
    load(lake, tmp_path, "c.csv", csv_text(plans), "contracts", None)
    return Fund(lake, tmp_path, world)


def close_case(case: Case, outcome: str, **facts: Any) -> None:
    """Give a case its final word."""
    Case.objects.filter(pk=case.pk).update(outcome=outcome, assigned_to=None, **facts)
