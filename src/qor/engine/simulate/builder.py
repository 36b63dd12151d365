"""How a planted case is told: a person, their services, and which check is to find which row. The
builder keeps the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from qor.engine.simulate.world import (
    DAY_SHARE,
    DISEASES,
    VISITS,
    Provider,
    coefficient,
    person_number,
    price,
)
from qor.law.nouns.money import round_tenge
from qor.law.nouns.months import Month, month_of
from qor.law.reading.calendar import add_working_days

Row = dict[str, Any]
OTHERS = ("calls", "prescriptions", "patient_answers", "complaints", "paid_services")
PALLIATIVE = 1  # the number of the one provider that gives palliative care
OPEN_ON_SUNDAYS = 7  # and of the one polyclinic that works on days off


@dataclass(slots=True)
class Person:
    """One invented person, as the population register will know them (`registered`), and since when
    they are insured."""

    iin: str
    born: date
    sex: str
    died: date | None = None
    cause: str | None = None
    registered: bool = True
    insured_to: date | None = None
    insured: bool = True
    attached: str | None = None
    attached_since: date | None = None
    consent: bool = True
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """One thing that a check must find, and why it stands there."""

    month: str
    provider_bin: str
    service_id: str
    check: str
    because: str


@dataclass(slots=True)
class Country:
    """What the cases build up: people, rows, staff lines, rows of other tables, and the truth."""

    month: Month
    providers: list[Provider]
    people: list[Person] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    staff: list[Row] = field(default_factory=list)
    others: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in OTHERS})
    truth: list[Truth] = field(default_factory=list)
    serials: dict[date, int] = field(default_factory=dict)
    decoys: dict[str, int] = field(default_factory=dict)
    planted: dict[str, int] = field(default_factory=dict)

    def of_role(self, role: str, n: int) -> Provider:
        """The n-th provider of a role, going round; the palliative one stands apart."""
        of_the_role = [
            provider
            for provider in self.providers
            if provider.role == role and provider.number != PALLIATIVE
        ]
        return of_the_role[n % len(of_the_role)]

    @property
    def hospice(self) -> Provider:
        """The provider of palliative care."""
        return self.providers[PALLIATIVE]


class Case:
    """One case, defect or look-alike, number `n` of its kind."""

    def __init__(self, country: Country, name: str, n: int) -> None:
        self.country = country
        self.name = name
        self.n = n
        self.clinic = country.of_role("polyclinic", n)
        self.hospital = country.of_role("hospital", n)
        self.other_clinic = country.of_role("polyclinic", n + 1)
        self.other_hospital = country.of_role("hospital", n + 1)
        self._rows = 0

    def day(self, number: int) -> date:
        """The n-th working day of the month."""
        return add_working_days(self.country.month.first - timedelta(days=1), number)

    def person(
        self, born: date | None = None, sex: str = "f", digit: str | None = None, **facts: Any
    ) -> Person:
        """A new person; the IIN codes birth date and sex unless told otherwise. Grown up if no
        birth date is given."""
        born = born or date(1980, 1, 1) + timedelta(days=len(self.country.people) % 1500)
        serial = self.country.serials.get(born, 5000)
        while (iin := person_number(born, sex, serial, digit)) is None:
            serial += 1
        self.country.serials[born] = serial + 1
        person = Person(iin, born, sex, **facts)
        self.country.people.append(person)
        return person

    def visit(self, person: Person | None, on: date | None = None, **facts: Any) -> Row:
        """A proper outpatient visit at the case's clinic on the day, entered the same day; `facts`
        change or add columns."""
        at: Provider = facts.pop("at", self.clinic)
        on = on or self.day(10)
        clock = facts.pop("clock", time(9, self.n % 60))
        code = facts.pop("service_code", VISITS[self.n % len(VISITS)])
        started = datetime.combine(on, clock)
        row: Row = {
            "care_form": "outpatient",
            "setting": "visit",
            "funding": "tmkkk",
            "service_code": code,
            "icd10_main": DISEASES[self.n % len(DISEASES)],
            "started_at": started,
            "ended_at": started + timedelta(minutes=20),
            "performer_id": at.doctor(self.n),
            "quantity": 1,
            "admission": "planned",
        }
        return self._add(person, at, row, facts)

    def stay(self, person: Person | None, first: date, last: date, **facts: Any) -> Row:
        """A proper round-the-clock stay at the case's hospital, paid by clinical-cost group."""
        at: Provider = facts.pop("at", self.hospital)
        group = facts.pop("group_code", f"G{self.n % 20:03d}")
        row: Row = {
            "care_form": "stay_group",
            "setting": "inpatient",
            "funding": "tmkkk",
            "group_code": group,
            "icd10_main": DISEASES[self.n % len(DISEASES)],
            "started_at": datetime.combine(first, time(10, self.n % 60)),
            "ended_at": datetime.combine(last, time(11, self.n % 60)),
            "bed_profile": "THERAPY",
            "bed_days": (last - first).days,
            "outcome": "improved",
            "performer_id": at.doctor(self.n),
            "quantity": 1,
            "admission": "planned",
        }
        return self._add(person, at, row, facts)

    def works(self, performer: str, *bins: str, **facts: Any) -> str:
        """Put a performer on the staff list of these providers; the identifier."""
        line = {
            "performer_id": performer,
            "speciality": "therapy",
            "works_from": date(2024, 1, 1),
            **facts,
        }
        self.country.staff += [{**line, "bin": bin_} for bin_ in bins]
        return performer

    def also(self, table: str, row: Row, **facts: Any) -> None:
        """A row of another table about a service."""
        key = {"provider_bin": row["provider_bin"], "service_id": row["service_id"]}
        self.country.others[table].append(
            facts if table in {"calls", "prescriptions", "paid_services"} else key | facts
        )

    def expects(self, row: Row, check: str, because: str = "planted") -> None:
        """The check is to find this row."""
        month = str(month_of(row["ended_at"].date()))
        self.country.truth.append(
            Truth(month, row["provider_bin"], row["service_id"], check, because)
        )

    def _add(self, person: Person | None, at: Provider, row: Row, facts: Row) -> Row:
        self._rows += 1
        row |= {
            "provider_bin": at.bin,
            "service_id": f"X-{self.name}-{self.n}-{self._rows}",
            "iin": person.iin if person else None,
            "identity_kind": "iin",
            "card_no": f"X{self.n}",
            "register_no": f"R-{self.country.month}",
            "contract_no": f"K-{at.number}",
        }
        row |= facts
        row.setdefault("registered_at", row["ended_at"] + timedelta(hours=3))
        row.setdefault("unit_price", price(row.get("group_code") or row["service_code"]))
        row.setdefault("coefficient", coefficient(at, row["care_form"]))
        share = DAY_SHARE if row["setting"] == "day_hospital" else Decimal(1)
        row.setdefault(
            "amount",
            round_tenge(
                Decimal(row["quantity"] or 1) * row["unit_price"] * share * row["coefficient"]
            )
            if row["unit_price"]
            else Decimal("1500.00"),
        )
        self.country.rows.append(row)
        return row


Scenario = Callable[[Case], None]


def plant(country: Country, check: str, scenarios: list[Scenario], count: int) -> None:
    """Plant `count` defects of a check, its scenarios in turn."""
    country.planted[check] = country.planted.get(check, 0) + count
    for n in range(count):
        scenario = scenarios[n % len(scenarios)]
        scenario(Case(country, f"{check}-{scenario.__name__}", n))


def plant_decoys(country: Country, check: str, scenarios: list[Scenario], count: int) -> None:
    """Plant `count` look-alikes of each scenario, which the check must pass over."""
    for scenario in scenarios:
        country.decoys[check] = country.decoys.get(check, 0) + count
        for n in range(count):
            scenario(Case(country, f"{check}-decoy-{scenario.__name__}", n))
