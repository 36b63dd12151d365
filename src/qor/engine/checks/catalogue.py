"""The catalogue: every check, in the order of the classification."""

from __future__ import annotations

import hashlib

from qor.engine.checks import (
    additional,
    data_quality,
    dearer_care,
    deaths_and_contract,
    identity,
    overstated,
    permits_and_referrals,
    returns,
    standards,
    unconfirmed,
    unjustified,
    unneeded_stays,
)
from qor.engine.checks.check import Check

ALL: tuple[Check, ...] = (
    *identity.CHECKS,
    *data_quality.CHECKS,
    *unneeded_stays.CHECKS,
    *unjustified.CHECKS,
    *permits_and_referrals.CHECKS,
    *overstated.CHECKS,
    *dearer_care.CHECKS,
    *unconfirmed.CHECKS,
    *standards.CHECKS,
    *deaths_and_contract.CHECKS,
    *additional.CHECKS,
    *returns.CHECKS,
)


def check_named(slug: str) -> Check:
    """The check of that slug. KeyError if there is none."""
    return {check.slug: check for check in ALL}[slug]


def version(checks: tuple[Check, ...] = ALL) -> str:
    """A fingerprint of checks: changes when any text, code, parameter or value of any of them
    does."""
    told = repr(
        [
            (
                c.slug,
                c.code,
                c.kind,
                c.sql,
                c.figures,
                c.code_by_form,
                c.code_by_order,
                c.since,
                c.set_to,
            )
            for c in checks
        ]
    )
    return hashlib.sha256(told.encode()).hexdigest()[:12]
