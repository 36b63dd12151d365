"""Every sentence a person sees, in Kazakh, Russian and English; money and dates as they are written
here."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from functools import cache

from qor.law.nouns.identifiers import masked
from qor.law.nouns.refusals import Refusal
from qor.law.pages import LANGUAGES, page, page_names

_PACKAGE = "qor.interfaces.messages"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All sentences: key -> language -> text with `{facts}` to fill in."""
    texts_of: dict[str, dict[str, str]] = {}
    for name in page_names(_PACKAGE):
        area = name.removesuffix(".yaml")
        texts_of.update({f"{area}.{key}": texts for key, texts in page(_PACKAGE, name).items()})
    return texts_of


def text(key: str, language: str, **facts: object) -> str:
    """The sentence of that key. KeyError if it is not in the catalogue, or a fact is missing: a
    test holds both."""
    return catalogue()[key][language].format(**facts)


def refusal_text(refusal: Refusal, language: str, **instead: object) -> str:
    """What a refusal says to a person: what is wrong, where, and what to do.

    `instead`: facts that the reader knows by another name, as a field by its label.
    """
    facts = {name: _told(value) for name, value in (refusal.facts | instead).items()}
    if "norm" in facts:
        facts["norm"] = norm_names(facts["norm"], language)
    return text(f"refusals.{refusal.key}", language, **facts)


def language_of(asked: str | None) -> str:
    """The language asked for, else that of the environment (QOR_LANG, LC_ALL, LANG), else
    English."""
    for candidate in (
        asked,
        os.environ.get("QOR_LANG"),
        os.environ.get("LC_ALL"),
        os.environ.get("LANG"),
    ):
        if candidate and candidate[:2] in LANGUAGES:
            return candidate[:2]
    return "en"


def norm_names(names: str, language: str) -> str:
    """Kinds of norms as the language's own edition of annex 1 abbreviates them: КЖН, ЖБН, БКЖН are
    КПН, ПН, БКПН in Russian."""
    if language != "ru":
        return names
    return names.replace("КЖН", "КПН").replace("ЖБН", "ПН")


def money(amount: Decimal) -> str:
    """Tenge as written here: 37 200,00 ₸."""
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",") + "\u00a0₸"


def count(number: int) -> str:
    """A count with blanks between thousands."""
    return f"{number:,}".replace(",", "\u00a0")


def day(value: date) -> str:
    """A date as written here: 31.03.2026."""
    return f"{value:%d.%m.%Y}"


def _told(value: object) -> str:
    written = str(value)
    return masked(written) if len(written) == 12 and written.isdigit() else written
