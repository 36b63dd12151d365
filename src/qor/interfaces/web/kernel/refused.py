"""A refusal as a person reads it on a page: its sentence and the clauses behind it."""

from __future__ import annotations

from qor.interfaces.messages import refusal_text
from qor.law.nouns.citations import Citation
from qor.law.nouns.refusals import Refusal


def cited(cite: Citation) -> str:
    """A citation behind a small §."""
    return f"§ {cite.act} {cite.clause} {cite.item}".strip()


def sentence(refusal: Refusal, language: str, **instead: object) -> str:
    """The refusal's sentence with its clauses; `instead`: facts said in the page's own words."""
    said = refusal_text(refusal, language, **instead)
    return " ".join([said, "; ".join(cited(cite) for cite in refusal.cites)]).strip()
