"""A random world as plain facts: services, cases and what becomes of them, other sums, advances,
who is paid when. Sums are whole tiyn."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

DECEMBER = 12
FORMS = ("outpatient", "pathology")  # of every world; those below of some
OTHER_FORMS = ("stay_group", "mental", "primary")
FUNDINGS = ("tmkkk", "osms")
WHOLE_YEAR = (date(2026, 1, 1), date(2026, 12, 31))
OPEN, CONFIRMED, REJECTED = "", "confirmed", "rejected"


@dataclass
class Service:
    """A service as it is billed; `named` is the contract that it names, `patient` a letter of a
    person of the register or the number of a card."""

    provider: int
    sid: str
    month: int
    form: str
    funding: str
    named: str
    amount: int
    ended: tuple[int, int]
    patient: str = ""
    code: str = ""
    group: str = ""
    setting: str = "visit"
    bed: str = ""

    @property
    def ended_on(self) -> date:
        """The day on which it ended."""
        return date(2026, self.month, self.ended[0])


@dataclass
class Finding:
    """A case: on which service, what is at stake, when it was found, and its outcome at each
    closing (index from 0); not there before `born`."""

    sid: str
    provider: int
    slug: str
    stake: int
    found_on: date
    born: int
    outcomes: list[str]


@dataclass
class Other:
    """Another payment or deduction: entered after closing `after`; `corrects` takes it into that
    closing's act of its contract."""

    after: int
    provider: int
    contract: str
    funding: str
    pays: bool
    amount: int
    found_on: date | None
    corrects: bool


@dataclass
class Agreement:
    """A supplementary agreement: from a day on, new sums of some lines (form, funding, month)."""

    contract: str
    since: date
    sums: dict[tuple[str, str, int], int]


@dataclass
class Person:
    """A person of the register, attached to a provider from a day on, insured in an interval or
    not at all."""

    letter: str
    provider: int
    since: date
    insured: tuple[date, date] | None

    def is_insured(self, on: date) -> bool:
        """Whether contributions are paid for the person on a day."""
        return self.insured is not None and self.insured[0] <= on <= self.insured[1]


@dataclass
class Mark:
    """What a code, a diagnosis or a bed is marked as, in an interval; of a provider: `code` is its
    number."""

    mark: str
    basis: str
    code: str
    since: date
    until: date | None = None
    share: str = ""


@dataclass
class Plan:
    """Everything that happens in a world; `covers`: (provider, contract) -> lines (form, funding);
    `plans`: month's sums by line.

    `months`: those that are closed. `spans`: the first and the last day of a line (contract, form,
    funding) that does not cover the whole year. `bands` of a linear scale: from and to in tenths of
    a per cent above the sum, paid in per cent. `norms`: tiyn of one, by provider and kind;
    `factors`: per cent of the norm of primary care. `groups`: pupils and computed people by
    provider, month and kind; `reported`: tiyn by provider, month and kind.
    """

    seed: int
    months: tuple[int, ...] = (1, 2, 3)
    forms: tuple[str, ...] = FORMS
    agreements: list[Agreement] = field(default_factory=list)
    bands: dict[str, list[tuple[int, int | None, int]]] = field(default_factory=dict)
    service_marks: list[Mark] = field(default_factory=list)
    provider_marks: list[Mark] = field(default_factory=list)
    norms: dict[tuple[int, str], int] = field(default_factory=dict)
    factors: dict[int, int] = field(default_factory=dict)
    persons: list[Person] = field(default_factory=list)
    groups: dict[tuple[int, int, str], int] = field(default_factory=dict)
    reported: dict[tuple[int, int, str], int] = field(default_factory=dict)
    covers: dict[tuple[int, str], list[tuple[str, str]]] = field(default_factory=dict)
    plans: dict[tuple[str, str, str, int], int] = field(default_factory=dict)
    spans: dict[tuple[str, str, str], tuple[date, date]] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    advances: list[tuple[int, str, str, int]] = field(default_factory=list)

    def is_paid(self, provider: int, contract: str, closing: int) -> bool:
        """Whether the act is signed and paid before the next closing."""
        return random.Random(f"{self.seed} paid {provider} {contract} {closing}").random() < 0.85

    def closed_on(self, closing: int) -> date:
        """The day on which a month is closed: the 20th of the next."""
        return next_month(self.months[closing]).replace(day=20)

    def line_sum(self, line: tuple[str, str, str, int], on: date) -> int:
        """The month's sum of a line (contract, form, funding, month), as the latest agreement in
        force on a day has it."""
        contract, *key = line
        amount, latest = self.plans[line], date.min
        for agreement in self.agreements:
            sums = agreement.sums if agreement.contract == contract else {}
            if latest < agreement.since <= on and tuple(key) in sums:
                amount, latest = sums[key[0], key[1], key[2]], agreement.since
        return amount

    def year_sum(self, contract: str, on: date) -> int:
        """The year's sum of a contract, as agreements in force on a day have it."""
        return sum(self.line_sum(line, on) for line in self.plans if line[0] == contract)

    def returned(self, provider: int, closing: int) -> int:
        """So many tenths of each debt that a provider must return are paid after a closing."""
        return random.Random(f"{self.seed} back {provider} {closing}").choice((0, 0, 0, 4, 10))


def next_month(month: int) -> date:
    """The first day of the month after one of 2026."""
    return date(2026, month + 1, 1) if month < DECEMBER else date(2027, 1, 1)


def last_day(month: int) -> date:
    """The last day of a month of 2026."""
    return next_month(month) - timedelta(days=1)
