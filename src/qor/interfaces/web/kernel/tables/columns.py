"""Columns that many lists have: the provider, the contract, the funding, the care form."""

from __future__ import annotations

from typing import Any

from qor.interfaces import messages
from qor.interfaces.web.kernel.tables.declared import Column, Kind, Words
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.care_forms import title as care_form_title


def words_of(family: str) -> Words:
    """What gives the sentence of a value: the sentences of the catalogue whose keys begin so."""

    def words(value: Any, language: str) -> str:
        return messages.text(f"{family}{value}", language)

    return words


def care_form_name(value: Any, language: str) -> str:
    """What a care form is called."""
    return care_form_title(CareForm(value), language)


PROVIDER = Column("provider", "terms.provider", field="provider__name_{language}")
CONTRACT_NO = Column("contract_no", "terms.contract_no")
FUNDING = Column("funding", "terms.funding", Kind.ENUMERATION, says=words_of("terms.funding_"))
CARE_FORM = Column(
    "form", "terms.care_form", Kind.ENUMERATION, field="care_form", says=care_form_name
)


def money(name: str, title: str = "", *, field: str = "", summed: bool = False) -> Column:
    """A column of tenge; its title is the term of its name, if none is given."""
    return Column(name, title or f"terms.{name}", Kind.MONEY, field=field, summed=summed)
