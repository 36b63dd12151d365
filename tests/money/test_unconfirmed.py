"""Thresholds of unconfirmed cases (321/2020:19, 321/2020:20): two contracts of a provider, two
providers, two months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from tests.engine.registers import BIN, OTHER, csv_text, load
from tests.law.test_outages import choose
from tests.money.small_fund import ONE
from tests.workflow.people import World

from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.unconfirmed import ContractAlarms, contract_alarms
from qor.workflow.disputes.models import Case

MCI = Decimal(4325)  # of 2026
REGIONS = {BIN: "71", OTHER: "75"}


class Unconfirmed:
    """A lake with contracts K-1 (tmkkk) and K-2 (osms) of one provider and M-1 of another, and the
    cases of a test."""

    def __init__(self, root: Path, world: World) -> None:
        self.lake, self.root, self.world, self.count = Lake(root / "lake"), root, world, 0
        self._take(
            "providers", [{"bin": bin_, "region": region} for bin_, region in REGIONS.items()]
        )
        self._take(
            "staff",
            [{"performer_id": "D1", "bin": bin_, "works_from": "2020-01-01"} for bin_ in REGIONS],
        )
        lines = [("K-1", BIN, "tmkkk"), ("K-2", BIN, "osms"), ("M-1", OTHER, "tmkkk")]
        line = {
            "care_form": "outpatient",
            "service_code": "*",
            "valid_from": "2025-01-01",
            "line": 1,
        }
        self._take(
            "contracts",
            [line | {"contract_no": no, "bin": bin_, "funding": f} for no, bin_, f in lines],
        )

    def _take(self, table: str, rows: list[dict[str, object]]) -> None:
        load(self.lake, self.root, f"{table}.csv", csv_text(rows), table, None)

    def service(
        self, month: int, contract: str, *, bin_: str = BIN, names: bool = True, year: int = 2026
    ) -> str:
        """A service of a contract, by name or by its funding alone."""
        self.count += 1
        day = f"{year}-{month:02d}-05"
        row = ONE | {
            "provider_bin": bin_,
            "service_id": f"S{self.count}",
            "identity_kind": "foreigner",
            "care_form": "outpatient",
            "setting": "visit",
            "started_at": f"{day} 09:00:00",
            "ended_at": f"{day} 09:20:00",
            "quantity": "1",
            "registered_at": f"{day} 10:00:00",
            "card_no": "C",
            "funding": "osms" if contract == "K-2" else "tmkkk",
            "contract_no": contract if names else "",
        }
        load(
            self.lake,
            self.root,
            f"s{self.count}.csv",
            csv_text([row]),
            "services",
            f"{year}-{month:02d}",
        )
        return f"S{self.count}"

    def case(
        self,
        month: int,
        service: str,
        cost: Decimal,
        *,
        bin_: str = BIN,
        year: int = 2026,
        **facts: object,
    ) -> Case:
        """A confirmed case of code 5.1 on a service, which became final on the tenth of the next
        month."""
        columns = {
            "code": "5.1",
            "check_slug": f"check-{Case.objects.count()}",
            "proposed_deduction": cost * 3,
        } | facts
        case = self.world.case(
            region=REGIONS[bin_],
            month=f"{year}-{month:02d}",
            service_id=service,
            amount=cost,
            **columns,
        )
        case.outcome, case.assigned_to, case.entered_on = (
            str(facts.get("outcome", "confirmed")),
            None,
            Month(year, month).shift(1).first.replace(day=10),
        )
        case.save()
        return case

    def alarms(self, sole: set[str] = frozenset()) -> dict[str, list[tuple[str, Decimal]]]:  # type: ignore[assignment]
        """What is passed, by contract."""
        contracts: list[ContractAlarms] = contract_alarms(
            self.lake, Organisation.objects.filter(kind="provider"), sole
        )
        return {
            each.contract_no: [(alarm.what, alarm.total) for alarm in each.alarms]
            for each in contracts
        }


@pytest.fixture
def fund(tmp_path: Path, world: World) -> Unconfirmed:
    """No case yet."""
    return Unconfirmed(tmp_path, world)


def test_each_contract_is_counted_by_itself(fund: Unconfirmed) -> None:
    """321/2020:19 ¶2: 150 MCI under each of two contracts, 201 under another provider's: only that
    one is told; named or not."""
    for contract, bin_, multiple, names in (
        ("K-1", BIN, 150, True),
        ("K-2", BIN, 150, False),
        ("M-1", OTHER, 201, False),
    ):
        fund.case(1, fund.service(1, contract, bin_=bin_, names=names), multiple * MCI, bin_=bin_)
    assert fund.alarms() == {"M-1": [("month", 201 * MCI)]}
    fund.case(1, fund.service(1, "K-2"), 51 * MCI)
    assert fund.alarms() == {"K-2": [("month", 201 * MCI)], "M-1": [("month", 201 * MCI)]}


def test_what_was_taken_does_not_matter(fund: Unconfirmed) -> None:
    """321/2020:19 ¶2: another defect took more, or the case took nothing at all: the cost of the
    service counts, once, and exactly 200 is not above."""
    first, second = fund.service(1, "K-1"), fund.service(1, "K-1")
    fund.case(1, first, 120 * MCI)
    fund.case(
        1, first, 120 * MCI, code="4.0", proposed_deduction=900 * MCI
    )  # the larger defect is none of an unconfirmed service
    fund.case(1, first, 120 * MCI, code="5.0")  # the same service again
    fund.case(1, second, 80 * MCI, proposed_deduction=None)
    assert fund.alarms() == {}
    fund.case(1, fund.service(1, "K-1"), Decimal("0.01"), proposed_deduction=Decimal(0))
    assert fund.alarms() == {"K-1": [("month", 200 * MCI + Decimal("0.01"))]}


def test_only_confirmed_cases_count(fund: Unconfirmed) -> None:
    """321/2020:18, 321/2020:19 ¶2: neither open nor rejected ones."""
    for outcome in ("rejected", "", "none"):
        fund.case(1, fund.service(1, "K-1"), 500 * MCI, outcome=outcome)
    assert fund.alarms() == {}


def test_the_whole_contract_and_the_second_month(fund: Unconfirmed) -> None:
    """321/2020:20 ¶1, 321/2020:20 ¶2, 321/2020:20 ¶3: 800 over the contract, also after its end;
    two months above 200, unless the provider is the only one."""
    mci = Decimal(3932)  # of 2025
    for month, multiple in ((8, 201), (9, 199), (10, 202), (12, 199)):
        fund.case(month, fund.service(month, "K-1", year=2025), multiple * mci, year=2025)
    months = [("month", 201 * mci), ("month", 202 * mci)]
    assert fund.alarms() == {"K-1": [*months, ("contract", 801 * mci), ("termination", 202 * mci)]}
    assert fund.alarms({BIN}) == {"K-1": [*months, ("contract", 801 * mci)]}


def test_law_enforcement_is_told_ten_working_days_after_the_last_case(fund: Unconfirmed) -> None:
    """321/2020:19 ¶2: from 10 February 2026, and 24 February is the tenth day."""
    fund.case(1, fund.service(1, "K-1"), 201 * MCI)
    (contract,) = contract_alarms(fund.lake, Organisation.objects.filter(kind="provider"), set())
    assert contract.alarms[0].due_on == date(2026, 2, 24)


def test_the_deductions_may_count_instead(
    fund: Unconfirmed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """321/2020:19 ¶2, the other choice of unconfirmed_total: three times 67 MCI are above 200."""
    fund.case(1, fund.service(1, "K-1"), 67 * MCI)
    assert fund.alarms() == {}
    choose(monkeypatch, "unconfirmed_total", "deductions")
    assert fund.alarms() == {"K-1": [("month", 201 * MCI)]}


PROVIDERS_PAGES = ("/", "/contracts/", "/acts/", "/cases/", "/notices/", "/debts/", "/registers/")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_providers_pages_do_not_show_that_law_enforcement_is_to_be_told(
    language: str, fund: Unconfirmed, settings: object
) -> None:
    """321/2020:15, 321/2020:19 ¶2: the Fund's people see it, those of another region and the
    provider do not."""
    settings.QOR_LAKE = str(fund.root / "lake")  # type: ignore[attr-defined]
    settings.QOR_SECOND_FACTOR = False  # type: ignore[attr-defined]
    fund.case(1, fund.service(1, "K-1"), 900 * MCI)
    User.objects.update(language=language)
    sign = {"kk": "құқық қорғау", "ru": "правоохранительн", "en": "law enforcement"}[language]
    seen = {
        user.username: sign in _signed_in(user).get("/contracts/").content.decode()
        for user in (
            fund.world.office,
            fund.world.accountants["71"],
            fund.world.accountants["75"],
            fund.world.providers["71"],
        )
    }
    assert seen == {
        "office": True,
        "accountant71": True,
        "accountant75": False,
        "provider71": False,
    }
    provider = _signed_in(fund.world.providers["71"])
    for address in PROVIDERS_PAGES:
        page = provider.get(address, follow=True)
        assert page.status_code == 200 and sign not in page.content.decode(), address


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
