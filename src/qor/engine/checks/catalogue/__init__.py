"""The catalogue: every check, in the order of the classification.

A check is one SELECT in `<family>/<check>.sql` and one entry of `<family>.yaml`: its code, kind and
clauses, the sentence that people see, and the legal look-alikes that it leaves alone. Nothing else
of the product names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from qor.engine.checks.check import Check, Kind, Reach, Says
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.citations import cites
from qor.law.pages import LANGUAGES, page

FAMILIES = (
    "identity",
    "data_quality",
    "unneeded_stays",
    "unjustified",
    "permits_and_referrals",
    "overstated",
    "dearer_care",
    "unconfirmed",
    "standards",
    "deaths_and_contract",
    "additional",
    "returns",
)
_PACKAGE = "qor.engine.checks.catalogue"
_FACTS = frozenset(
    (
        "code",
        "kind",
        "reach",
        "cites",
        "since",
        "needs",
        "figures",
        "diagnoses",
        "all_forms",
        "lethal",
        "code_by_form",
        "code_by_order",
        "sql",
        "says",
        "stays_silent",
    )
)


class BadCheck(ValueError):
    """An entry of the catalogue that is not a check: which one, and what is wrong with it."""


def read_check(family: str, slug: str, entry: Mapping[str, Any]) -> Check:
    """A check from its entry; `sql` names the check whose SELECT it shares. BadCheck."""
    if strange := sorted(set(entry) - _FACTS):
        raise BadCheck(f"{family}.yaml, {slug}: unknown {', '.join(strange)}")
    if lacking := sorted({"code", "kind", "cites", "says"} - set(entry)):
        raise BadCheck(f"{family}.yaml, {slug}: no {', '.join(lacking)}")
    return Check(
        slug=slug,
        code=entry["code"],
        kind=Kind(entry["kind"]),
        cites=cites(entry["cites"]),
        says=_says(family, slug, entry["says"]),
        sql=_select(family, entry.get("sql", slug)),
        needs=tuple(entry.get("needs", ())),
        figures=tuple(entry.get("figures", ())),
        diagnoses=tuple(entry.get("diagnoses", ())),
        code_by_form=tuple(
            (CareForm(form), code) for form, code in entry.get("code_by_form", {}).items()
        ),
        code_by_order=tuple(entry.get("code_by_order", {}).items()),
        all_forms=entry.get("all_forms", False),
        lethal=entry.get("lethal", False),
        since=entry.get("since", ""),
        reach=Reach(entry.get("reach", Reach.SERVICE)),
        stays_silent=tuple(_says(family, slug, said) for said in entry.get("stays_silent", ())),
    )


def _says(family: str, slug: str, entry: Mapping[str, str]) -> Says:
    if set(entry) != set(LANGUAGES):
        raise BadCheck(f"{family}.yaml, {slug}: a sentence is said in {', '.join(LANGUAGES)}")
    return Says(**entry)


@cache
def _select(family: str, name: str) -> str:
    """The SELECT of a check, of its own family or of another."""
    for each in (family, *FAMILIES):
        file = files(_PACKAGE).joinpath(each, f"{name}.sql")
        if file.is_file():
            return file.read_text("utf-8").rstrip("\n")
    raise BadCheck(f"{family}.yaml, {name}: no {name}.sql")


ALL: tuple[Check, ...] = tuple(
    read_check(family, slug, entry)
    for family in FAMILIES
    for slug, entry in page(_PACKAGE, f"{family}.yaml").items()
)


def check_named(slug: str) -> Check:
    """The check of that slug. KeyError if there is none."""
    return {check.slug: check for check in ALL}[slug]


def lethal_checks() -> list[str]:
    """The checks whose finding makes every case of its service lethal (321/2020:40,
    321/2020:41)."""
    return [check.slug for check in ALL if check.lethal]


def version(checks: tuple[Check, ...] = ALL) -> str:
    """A fingerprint of checks: changes when any text, code, parameter or value of any of them
    does."""
    described = repr(
        [
            (
                c.slug,
                c.code,
                c.kind,
                c.sql,
                c.figures,
                c.diagnoses,
                c.lethal,
                c.code_by_form,
                c.code_by_order,
                c.since,
                c.set_to,
            )
            for c in checks
        ]
    )
    return hashlib.sha256(described.encode()).hexdigest()[:12]
