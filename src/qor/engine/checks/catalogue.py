"""The catalogue: every check, in the order of the classification."""

from __future__ import annotations

import hashlib

from qor.engine.checks import data_quality, deaths_and_contract, identity, overstated, returns, unconfirmed, unjustified
from qor.engine.checks.check import Check

ALL: tuple[Check, ...] = (
    *identity.CHECKS,
    *data_quality.CHECKS,
    *unjustified.CHECKS,
    *overstated.CHECKS,
    *unconfirmed.CHECKS,
    *deaths_and_contract.CHECKS,
    *returns.CHECKS,
)


def check_named(slug: str) -> Check:
    """The check of that slug. KeyError if there is none."""
    return {check.slug: check for check in ALL}[slug]


def version() -> str:
    """A fingerprint of all checks: changes when any text, code or parameter name of any check does."""
    told = repr([(check.slug, check.code, check.kind, check.sql, check.figures, check.code_by_form) for check in ALL])
    return hashlib.sha256(told.encode()).hexdigest()[:12]
