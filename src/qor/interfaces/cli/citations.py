"""A clause as people type it: a number, or a citation in any spelling that Qor itself prints."""

from __future__ import annotations

import re

from qor.interfaces import messages
from qor.law.nouns.refusals import Refusal
from qor.law.pages import LANGUAGES

_ACT = re.compile(r"(?P<act>\d+/\d{4})\s*[:,;]?\s*")
_SIGNS = re.compile(r"^(?:§+|clause|cl\.|пункт|п\.|тармақ|т\.)\s*", re.IGNORECASE)
_PARTS = re.compile(r"^(?P<clause>annex \d+|\d+(?:-\d*)?)(?:\s*[:,]?\s*(?P<item>\S.*))?$")


_PARAGRAPH = re.compile(r"^(?:¶|абзац|абз\.|para\.?)\s*(?P<number>\d+)$", re.IGNORECASE)


class CitationUnclear(Refusal):
    """What was typed names no clause, or an act that is not the one asked for."""

    key = "citation_unclear"


def clause_typed(typed: str, act: str | None, default: str) -> tuple[str, str, str]:
    """Act, clause and item (empty: all of the clause) of `19`, `19 1)`, `291/2020:19:1)`, `291/2020
    §19`, `321/2020 annex 1 5.1`.

    `act` is what was asked for beside it, `default` holds where neither says one. CitationUnclear.
    """
    text = " ".join(typed.split())
    named = _ACT.match(text)
    if named and act and named["act"] != act:
        raise CitationUnclear(value=typed, act=act)
    rest = _annex(_SIGNS.sub("", text[named.end() :] if named else text))
    parts = _PARTS.match(rest)
    if parts is None:
        raise CitationUnclear(value=typed, act=act or default)
    return (named["act"] if named else act or default), parts["clause"], parts["item"] or ""


def paragraph_typed(item: str) -> int | None:
    """The number of a paragraph typed after a clause, `¶9`; None for anything else."""
    paragraph = _PARAGRAPH.match(item)
    return int(paragraph["number"]) if paragraph else None


def _annex(text: str) -> str:
    """An annex by its name in any of the languages, as the data files spell it."""
    for language in LANGUAGES:
        before, _, after = messages.text("terms.annex", language, number="#").partition("#")
        match = re.match(
            rf"{re.escape(before)}(\d+){re.escape(after)}(?P<rest>.*)$", text, re.IGNORECASE
        )
        if match:
            return f"annex {match[1]}{match['rest']}"
    return text
