"""What a check is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.citations import Citation


class Kind(StrEnum):
    """How a finding comes about and what it may do (321/2020:11, 321/2020:12, 321/2020:13,
    321/2020:14).

    general: shown, never deducted; potential: open to objection, deducted if confirmed; additional:
    proposed for unscheduled monitoring, never deducted by itself; review: a person must look first;
    return: not a defect, the row goes back to the provider (291/2020:15).
    """

    GENERAL = "general"
    POTENTIAL = "potential"
    ADDITIONAL = "additional"
    REVIEW = "review"
    RETURN = "return"


class Reach(StrEnum):
    """What beside a service itself can change what a check says of it: nothing, other services of
    the same person, other services of the performer's day, or the passing of days.
    """

    SERVICE = "service"
    PERSON = "person"
    PERFORMER = "performer"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Says:
    """One sentence in Kazakh, Russian and English: what is found. It is the message people see and
    the handbook entry."""

    kk: str
    ru: str
    en: str

    def in_language(self, language: str) -> str:
        """The sentence in kk, ru or en."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}[language]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: a SELECT over the features (see features.py) that yields the services it finds.

    The SELECT yields provider_bin, service_id and, where there is evidence, seen, expected,
    other_provider_bin, other_service_id. `$forms` stands for the care forms in which the code
    applies on the day, `$name` for the figure of that name or for the categories of the group of
    diagnoses of that name, `$found_on` for the day of the run.
    `code` is empty for a finding without one; `code_by_form` names the forms that carry another
    code (rural: 5.0 for 5.1), `code_by_order` the editions that give another. `needs` are the lake
    tables without which the check cannot speak; it is then not run, and the run says so. `since` is
    the order whose edition brought the rule: before it the check finds nothing. `stays_silent`
    lists the legal look-alikes. A finding of a `lethal` check makes every case of its service
    lethal (321/2020:40, 321/2020:41). `reach` says which other services it looks at. `set_to` are
    values that an edit gives its figures (see edits.py).
    """

    slug: str
    code: str
    kind: Kind
    cites: tuple[Citation, ...]
    says: Says
    sql: str
    needs: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    code_by_form: tuple[tuple[CareForm, str], ...] = ()
    code_by_order: tuple[tuple[str, str], ...] = ()
    all_forms: bool = False
    lethal: bool = False
    since: str = ""
    reach: Reach = Reach.SERVICE
    stays_silent: tuple[Says, ...] = ()
    set_to: tuple[tuple[str, Decimal], ...] = ()

    def code_in(self, form: CareForm, order: str) -> str:
        """The code that a finding in this form of care carries in the edition that an order
        made."""
        return dict(self.code_by_form).get(form, dict(self.code_by_order).get(order, self.code))
