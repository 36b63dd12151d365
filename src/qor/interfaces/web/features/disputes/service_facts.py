"""What the lake says of a case's service, and of the person's other services around it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from qor.engine.results.services import service_of, services_of_person
from qor.engine.storage.lake import Lake
from qor.law.nouns.identifiers import masked
from qor.law.nouns.months import month
from qor.workflow.accounts.models import User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.actions import StatementMissing
from qor.workflow.disputes.models import Case

_SHOWN = (
    "iin",
    "card_no",
    "setting",
    "service_code",
    "group_code",
    "icd10_main",
    "started_at",
    "ended_at",
    "outcome",
    "quantity",
    "unit_price",
    "amount",
    "performer_id",
    "referral_no",
    "referral_date",
    "registered_at",
)
_MONTHS_AROUND = 2


def service(case: Case) -> list[tuple[str, Any]]:
    """The facts of the service as the provider sent them, the IIN masked; empty where no lake is at
    hand."""
    facts = _find(case)
    return [
        (name, masked(facts[name]) if name == "iin" else facts[name])
        for name in _SHOWN
        if facts.get(name) is not None
    ]


def around(case: Case, *, by: User, at: datetime, why: str) -> list[dict[str, Any]]:
    """The person's other services in the month and the two before it. Needs a reason
    (StatementMissing); the opening is recorded first."""
    if not why:
        raise StatementMissing()
    own = _find(case)
    with transaction.atomic():
        record(
            by=by.username, at=at, verb="open_person", subject=f"case:{case.pk}", facts={"why": why}
        )
    if not own.get("iin"):
        return []
    of = month(case.month)
    months = [of.shift(-n) for n in range(_MONTHS_AROUND, -1, -1)]
    return services_of_person(_lake(), months, own["iin"])


def _find(case: Case) -> dict[str, Any]:
    if not settings.QOR_LAKE:
        return {}
    return service_of(_lake(), month(case.month), str(case.provider.bin), case.service_id)


def _lake() -> Lake:
    return Lake(Path(settings.QOR_LAKE))
