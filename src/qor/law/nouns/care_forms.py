"""Forms of care: the columns 4-18 of the unified classification (321/2020, annex 1)."""

from __future__ import annotations

from enum import StrEnum

from qor.law.nouns.refusals import UnknownCareForm
from qor.law.pages import page


class CareForm(StrEnum):
    """One column of the classification; the order is that of the columns."""

    PRIMARY = "primary"
    OUTPATIENT = "outpatient"
    RAILWAY_MOBILE = "railway_mobile"
    STAY_GROUP = "stay_group"
    STAY_ACTUAL = "stay_actual"
    STAY_BED_DAY = "stay_bed_day"
    STAY_AVERAGE = "stay_average"
    STAY_ECONOMIC = "stay_economic"
    AMBULANCE = "ambulance"
    RURAL = "rural"
    MENTAL = "mental"
    TUBERCULOSIS = "tuberculosis"
    HIV = "hiv"
    PATHOLOGY = "pathology"
    BLOOD = "blood"


def care_form(name: str) -> CareForm:
    """The form of that name. UnknownCareForm, with the names that exist, otherwise."""
    try:
        return CareForm(name)
    except ValueError:
        raise UnknownCareForm(name=name, known=", ".join(CareForm)) from None


def column(form: CareForm) -> int:
    """The number of the form's column in annex 1."""
    return list(CareForm).index(form) + 4


def title(form: CareForm, language: str) -> str:
    """What the column is called, short, in kk, ru or en."""
    return str(page("qor.law.kz.defects", "care_forms.yaml")[form.value][language])
