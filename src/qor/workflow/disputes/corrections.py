"""Findings that a changed check no longer makes fall away while their period is not paid (321/2020,
clause 13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from qor.engine.monitoring.corrections import no_longer_found
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.rules.civil_time import civil_day
from qor.workflow.accounts.models import User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.actions import FALLEN_AWAY, fall_away
from qor.workflow.disputes.models import Case, Notice


def let_fall(lake: Lake, month: Month, *, by: str, at: datetime, paid: Collection[int] = ()) -> int:
    """Let the cases of a month fall whose check was changed and finds them no more; how many. Safe
    to run again.

    `paid`: the providers to which something of the month is paid; what stands there stays. A
    confirmed case falls too, and what an act took for it flows back. Each provider is told how
    many. Sources: 321/2020:13.
    """
    gone = no_longer_found(lake, month, civil_day(at))
    if not gone:
        return 0
    with transaction.atomic():
        standing = (
            Case.objects.select_for_update(of=("self",))
            .select_related("provider")
            .exclude(state=FALLEN_AWAY)
        )
        cases = standing.filter(
            month=str(month), check_slug__in={slug for _, _, slug in gone}
        ).order_by("pk")
        fell = [
            case
            for case in cases.exclude(provider_id__in=set(paid))
            if (str(case.provider.bin), case.service_id, case.check_slug) in gone
        ]
        for case in fell:
            fall_away(case, at=at)
        _notify(month, Counter(case.provider_id for case in fell if case.route != "look"), at)
        if fell:
            facts = {"month": str(month), "cases": [case.pk for case in fell]}
            record(by=by, at=at, verb="let_fall", subject=f"month:{month}", facts=facts)
    return len(fell)


def _notify(month: Month, counts: Counter[int], at: datetime) -> None:
    people = User.objects.filter(
        role=User.Role.PROVIDER, is_active=True, organisation_id__in=counts
    )
    Notice.objects.bulk_create(
        Notice(
            user=user,
            month=str(month),
            count=counts[user.organisation_id or 0],
            at=at,
            event=FALLEN_AWAY,
        )
        for user in people
    )
