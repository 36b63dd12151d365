"""What a service should cost: units x tariff x coefficients that the provider is entitled to (291/2020:6, 291/2020:70)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qor.law.care_forms import CareForm
from qor.law.citations import Citation, cites
from qor.law.money import round_tenge
from qor.law.pages import page


@dataclass(frozen=True, slots=True)
class Pricing:
    """How a form of care is priced: the kind of tariff, the column with its code, the column counted as units, and the clause.

    `settings` narrows it to rows of those settings (rural care is priced by group for stays only); empty means all.
    """

    care_form: CareForm
    tariff_kind: str
    code_column: str
    units_column: str
    settings: tuple[str, ...]
    cites: tuple[Citation, ...]


def pricings() -> list[Pricing]:
    """The forms of care that have a price per service; the others are paid per capita, by complex tariff or at actual cost."""
    return [
        Pricing(
            CareForm(form),
            facts["tariff"],
            facts["code"],
            facts["units"],
            tuple(facts.get("settings", ())),
            cites(facts["cites"]),
        )
        for form, facts in page("qor.law", "expected_amounts.yaml").items()
    ]


def expected_amount(units: Decimal, price: Decimal, coefficient: Decimal = Decimal(1)) -> Decimal:
    """Units x price x coefficient in tenge, half-up to 0.01, rounded once (291/2020:6). The plain product; its corrections come later."""
    return round_tenge(units * price * coefficient)
