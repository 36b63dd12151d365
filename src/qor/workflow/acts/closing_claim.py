"""Claiming a month for its closing: what must hold before anything is written."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from qor.engine.monitoring.month import NothingToRun
from qor.engine.results.findings import finding_keys
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import Refusal
from qor.workflow.acts.decisions import HOLDING
from qor.workflow.acts.models import Closing
from qor.workflow.acts.unready import due_without_services
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.models import Case
from qor.workflow.ledger.sealing import open_ledger


class AlreadyClosed(Refusal):
    """The month was closed; its acts stand, and later decisions go into the next."""

    key = "acts_already_closed"


class LaterMonthClosed(Refusal):
    """A later month was closed already: months are closed in their order."""

    key = "later_month_closed"


class EarlierMonthOpen(Refusal):
    """An earlier month was run and is not closed: its services would never be paid."""

    key = "earlier_month_open"


class NotBroughtIn(Refusal):
    """Findings of the month are not yet cases: who may object has not been asked."""

    key = "findings_not_brought_in"


def claim_month(lake: Lake, month: Month, by: str, at: datetime) -> Closing:
    """Claim the month: the database lets one closing have it, another waits and is refused."""
    open_ledger()
    if Closing.objects.filter(month=str(month)).exists():
        raise AlreadyClosed(month=str(month))
    if later := Closing.objects.filter(month__gt=str(month)).order_by("month").first():
        raise LaterMonthClosed(month=str(month), later=later.month)
    first = Closing.objects.order_by("month").values_list("month", flat=True).first()
    waiting = {
        name for name in lake.months("findings") if first is not None and first < name < str(month)
    }
    waiting -= set(Closing.objects.values_list("month", flat=True))
    if waiting:
        raise EarlierMonthOpen(month=str(month), earlier=min(waiting))
    try:
        with transaction.atomic():
            return Closing.objects.create(
                month=str(month), closed_on=civil_day(at), at=at, by=by, settled=""
            )
    except IntegrityError:
        raise AlreadyClosed(month=str(month)) from None


def refuse_unready(lake: Lake, month: Month, closed_on: date) -> None:
    """The month must have been run, and every finding that can hold or take money must be a case;
    one without services needs other sums due."""
    if (
        str(month) not in lake.months("services")
        and closed_on > month.last
        and due_without_services(lake, month)
    ):
        return
    if str(month) not in lake.months("services") or not lake.paths("findings", [month]):
        raise NothingToRun(month=str(month))
    missing = finding_keys(lake, month, HOLDING)
    cases = Case.objects.filter(kind__in=HOLDING).values_list(
        "provider__bin", "service_id", "check_slug"
    )
    missing -= set(cases.filter(month=str(month)).iterator())
    missing -= {
        key
        for key in missing
        if cases.filter(provider__bin=key[0], service_id=key[1], check_slug=key[2]).exists()
    }
    if missing:
        raise NotBroughtIn(month=str(month), missing=len(missing))
