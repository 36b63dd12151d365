"""What a service should cost: units x tariff x coefficients that the provider is entitled to
(291/2020:6, 291/2020:70)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.citations import Citation, cites
from qor.law.nouns.money import round_tenge
from qor.law.nouns.refusals import NormMissing
from qor.law.pages import page
from qor.law.reading.figures import figure
from qor.law.rules.day_hospital import day_hospital_price, day_shares


@dataclass(frozen=True, slots=True)
class Pricing:
    """How a form of care is priced: the kind of tariff, the column with its code, the column
    counted as units, and the clause.

    `settings` narrows it to rows of those settings (rural care is priced by group for stays only);
    empty means all.
    """

    care_form: CareForm
    tariff_kind: str
    code_column: str
    units_column: str
    settings: tuple[str, ...]
    cites: tuple[Citation, ...]


def pricings() -> list[Pricing]:
    """The forms of care that have a price per service; the others are paid per capita, by complex
    tariff or at actual cost (291/2020:70)."""
    return [
        Pricing(
            CareForm(form),
            facts["tariff"],
            facts["code"],
            facts["units"],
            tuple(facts.get("settings", ())),
            cites(facts["cites"]),
        )
        for form, facts in page("qor.law.kz.payment", "expected_amounts.yaml").items()
    ]


def expected_amount(units: Decimal, price: Decimal, coefficient: Decimal = Decimal(1)) -> Decimal:
    """Units x price x coefficient in tenge, half-up to 0.01, rounded once (291/2020:6). The plain
    product; see `corrected_amount`."""
    return round_tenge(units * price * coefficient)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What corrections ask of a service: its form, setting and outcome, the patient's age, days
    stayed and usual days, operations, and flags.

    Flags: checkup, dialysis, coronarography, home_hospital, foreigner, infectious_left,
    justified_early.
    """

    care_form: CareForm
    setting: str
    outcome: str = ""
    age: int | None = None
    days: int | None = None
    usual_days: int | None = None
    operations: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction that holds: its name, what the price is multiplied by, and the clauses."""

    name: str
    factor: Fraction
    cites: tuple[Citation, ...]


def corrections(service: Rendered, on: date) -> list[Correction]:
    """The corrections of a service's price on a day, at most one of each group. NormMissing where
    usual days are needed and not known.

    Sources: 291/2020:66, 291/2020:67, 291/2020:68, 291/2020:71, 291/2020:72, 291/2020:73,
    291/2020:81, 291/2020:85, 291/2020:86, 291/2020:88, 291/2020:89, 291/2020:90.
    """
    by_group: dict[str, Correction] = {}
    for facts in page("qor.law.kz.payment", "price_corrections.yaml"):
        if (
            facts["group"] not in by_group
            and facts["from"] <= on
            and _fits(facts["when"], service, on)
        ):
            by_group[facts["group"]] = Correction(
                facts["name"], _factor(facts, service, on), cites(facts["cites"])
            )
    return list(by_group.values())


def corrected_amount(
    service: Rendered,
    on: date,
    *,
    units: Decimal,
    price: Decimal,
    coefficient: Decimal = Decimal(1),
    weight: Decimal | None = None,
) -> Decimal:
    """What a service should cost with its corrections: units x price x coefficient x each factor,
    half-up to 0.01, rounded once.

    A day hospital's share of a tariff that has a `weight` is taken as the setting
    `day_hospital_price` says.
    Sources: 291/2020:6, 291/2020:70 and those of `corrections`.
    """
    exact = Fraction(units) * Fraction(coefficient)
    by_day = {share.name for share in day_shares()}
    for correction in corrections(service, on):
        if correction.name in by_day:
            price = day_hospital_price(price, weight, correction.factor).expected
        else:
            exact *= correction.factor
    exact *= Fraction(price)
    return round_tenge(Decimal(exact.numerator) / Decimal(exact.denominator))


def _fits(when: dict[str, Any], service: Rendered, on: date) -> bool:
    words = {
        "care_form": service.care_form.value,
        "setting": service.setting,
        "outcome": service.outcome,
    }
    if any(words[name] not in when[name] for name in words if name in when):
        return False
    if not service.flags >= set(when.get("flag", ())) or service.flags & set(
        when.get("without", ())
    ):
        return False
    if "under" in when and (service.age is None or service.age >= figure(when["under"], on).whole):
        return False
    if "days_upto" in when and (
        service.days is None or service.days > figure(when["days_upto"], on).whole
    ):
        return False
    return "operation" not in when or bool(set(service.operations) & set(when["operation"]))


def _factor(facts: dict[str, Any], service: Rendered, on: date) -> Fraction:
    takes = facts["takes"]
    if takes == "nothing":
        return Fraction(0)
    if takes == "days":
        if not service.usual_days or service.days is None:
            raise NormMissing(
                code=facts["name"],
                care_form=service.care_form,
                norm="usual_days",
                cites=cites(facts["cites"]),
            )
        return Fraction(min(service.days, service.usual_days), service.usual_days)
    if "parts" in takes:
        return Fraction(1, figure(takes["parts"], on).whole)
    return Fraction(figure(takes["share"], on).value) / 100
