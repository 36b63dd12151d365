"""Where the text is silent or unclear: named settings with a citation, so that counsel can change
them in one place."""

from __future__ import annotations

from dataclasses import dataclass

from qor.law.nouns.citations import Citation, cites
from qor.law.pages import LANGUAGES, page


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A question that the text leaves open, the choice taken, the choices possible, and the reason
    in kk, ru, en."""

    name: str
    choice: str
    choices: tuple[str, ...]
    says: dict[str, str]
    cites: tuple[Citation, ...]


def interpretation(name: str) -> Interpretation:
    """The setting of that name. KeyError if there is none: code may only ask for settings that are
    written down."""
    facts = page("qor.law.kz.settings", "interpretations.yaml")[name]
    says = {language: facts[language] for language in LANGUAGES}
    return Interpretation(
        name, facts["choice"], tuple(facts["choices"]), says, cites(facts["cites"])
    )


@dataclass(frozen=True, slots=True)
class FixedReading:
    """A reading that is built into the code: what is done, and the reason in kk, ru, en."""

    name: str
    reading: str
    says: dict[str, str]
    cites: tuple[Citation, ...]


def fixed_readings() -> list[FixedReading]:
    """The readings that no setting changes, in the order of the file."""
    return [
        FixedReading(
            name,
            facts["reading"],
            {language: facts[language] for language in LANGUAGES},
            cites(facts["cites"]),
        )
        for name, facts in page("qor.law.kz.settings", "fixed_readings.yaml").items()
    ]


def interpretation_names() -> list[str]:
    """All settings, in the order of the file."""
    return list(page("qor.law.kz.settings", "interpretations.yaml"))
