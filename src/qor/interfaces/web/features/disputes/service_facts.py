"""What the lake says of a case's service, and of the person's other services around it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from qor.engine.storage.duck import connect, literal, parquet, rows
from qor.engine.storage.lake import Lake
from qor.law.nouns.identifiers import masked
from qor.law.nouns.months import Month, month
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
    found = _find(case)
    return [
        (name, masked(found[name]) if name == "iin" else found[name])
        for name in _SHOWN
        if found.get(name) is not None
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
    paths = _lake().paths("services", [of.shift(-n) for n in range(_MONTHS_AROUND, -1, -1)])
    columns = ", ".join(("provider_bin", "service_id", "care_form", *_SHOWN[2:9]))
    with connect() as connection:
        return rows(
            connection,
            f"SELECT {columns} FROM {parquet(paths)} WHERE iin = {literal(own['iin'])} "
            "ORDER BY started_at, service_id",
        )


def _find(case: Case) -> dict[str, Any]:
    of: Month = month(case.month)
    paths = _lake().paths("services", [of]) if settings.QOR_LAKE else []
    if not paths:
        return {}
    key = f"provider_bin = {literal(case.provider.bin)} AND service_id = {literal(case.service_id)}"
    with connect() as connection:
        found = rows(connection, f"SELECT {', '.join(_SHOWN)} FROM {parquet(paths)} WHERE {key}")
    return found[0] if found else {}


def _lake() -> Lake:
    return Lake(Path(settings.QOR_LAKE))
