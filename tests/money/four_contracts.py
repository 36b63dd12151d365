"""A fund of two providers with two contracts each, whose months are closed one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.engine.receive_once import receive_once
from tests.engine.registers import BIN, OTHER, csv_text
from tests.money.unchecked import run_unchecked
from tests.workflow.people import World, at

from qor.engine.intake.receive import Delivery
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, month
from qor.law.pages import page
from qor.workflow.acts.closing import Closed, close_acts
from qor.workflow.acts.models import Act, ActLine
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.open_cases import open_cases
from qor.workflow.proof import verify

_HANDED_IN = datetime(2027, 2, 1, 9, 0)  # after every service of these tests
HOLDERS = {"K-1": BIN, "K-2": BIN, "K-3": OTHER, "K-4": OTHER}


def choose(monkeypatch: Any, name: str, choice: str) -> None:
    """Let counsel choose otherwise, for one test."""
    facts = page("qor.law.kz.settings", "interpretations.yaml")[name]
    assert choice in facts["choices"]
    monkeypatch.setitem(facts, "choice", choice)


@dataclass
class Two:
    """Contracts K-1 and K-2 of one provider, K-3 and K-4 of another; every table is loaded by the
    test that needs it."""

    lake: Lake
    root: Path
    world: World
    files: int = 0
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def load(self, table: str, *rows: dict[str, Any], of: str | None = None) -> None:
        """Rows of a table, as a file of their own."""
        self.files += 1
        columns = list(dict.fromkeys(name for row in rows for name in row))
        text = csv_text([{name: row.get(name, "") for name in columns} for row in rows])
        path = self.root / f"f{self.files}.csv"
        path.write_text(text, "utf-8")
        receive_once(
            self.lake, Delivery(path, table, month(of) if of else None, "test", _HANDED_IN)
        )

    def contract(
        self,
        number: str,
        form: str,
        amount: str | None,
        months: range = range(1, 13),
        line: int = 0,
        **facts: Any,
    ) -> None:
        """A line of a contract for each month; no sum where `amount` is None."""
        same = {
            "contract_no": number,
            "bin": HOLDERS[number],
            "care_form": form,
            "funding": "tmkkk",
            "service_code": "*",
            "valid_from": "2026-01-01",
        }
        self.load(
            "contracts",
            *(
                same | {"line": line + n, "month": f"2026-{n:02d}", "amount": amount or ""} | facts
                for n in months
            ),
        )

    def services(
        self,
        month: Month,
        count: int,
        number: str = "K-1",
        form: str = "outpatient",
        start: int = 1,
        **facts: Any,
    ) -> None:
        """Services of a thousand tenge, one a day."""
        days = [month.first.replace(day=n) for n in range(start, start + count)]
        same = {
            "provider_bin": HOLDERS[number],
            "contract_no": number,
            "identity_kind": "foreigner",
            "care_form": form,
            "setting": "visit",
            "unit_price": "1000.00",
            "amount": "1000.00",
            "icd10_main": "J18.0",
            "funding": "tmkkk",
            "performer_id": "D1",
            "service_code": "V1",
            "quantity": "1",
            "register_no": "R1",
        }
        rows = [
            same
            | {
                "service_id": f"{number}-{form}-{month}-{day.day}",
                "started_at": f"{day} 09:00:00",
                "ended_at": f"{day} 09:20:00",
                "registered_at": f"{day} 10:00:00",
                "card_no": f"{number}{day.day}",
            }
            | facts
            for day in days
        ]
        self.load("services", *rows, of=str(month))

    def run(self, month: Month) -> None:
        """Run the month; whatever the checks say of these services is not what is asked here."""
        run_unchecked(self.lake, month)
        open_cases(self.lake, month, by="test", at=at(month.shift(1).first.replace(day=2)))
        Case.objects.filter(outcome="").update(outcome="rejected", assigned_to=None)

    def close(self, month: Month, on: date | None = None) -> Closed:
        """Close, and hold every invariant, the lake's parts too."""
        closed = close_acts(
            self.lake, month, by="test", at=at(on or month.shift(1).first.replace(day=20))
        )
        assert [proof.name for proof in verify(self.lake) if proof.broken] == []
        return closed

    def act(self, month: Month, number: str) -> Act:
        """The act of a contract."""
        return Act.objects.get(closing__month=str(month), contract_no=number)

    def lines(self, month: Month, number: str) -> dict[tuple[str, str, str], Decimal]:
        """What is accepted of each line of an act: (month of service, care form, kind)."""
        lines = ActLine.objects.filter(act=self.act(month, number))
        return {
            (line.service_month, line.care_form, line.kind): Decimal(line.accepted)
            for line in lines
        }


def make_two(root: Path, world: World) -> Two:
    """Two providers, a performer each, accounts."""
    two = Two(Lake(root / "lake"), root, world)
    two.load("providers", {"bin": BIN, "region": "71"}, {"bin": OTHER, "region": "75"})
    two.load(
        "staff",
        *({"performer_id": "D1", "bin": bin_, "works_from": "2020-01-01"} for bin_ in (BIN, OTHER)),
    )
    return two


def accounts(two: Two, *bins: str) -> None:
    """Bank accounts of these providers."""
    same = {"iban": "KZ86125KZT5004100100", "bic": "KCJBKZKX", "valid_from": "2020-01-01"}
    two.load("bank_accounts", *(same | {"bin": bin_} for bin_ in bins))
