"""Findings that a changed check no longer makes fall away while their period is not paid (321/2020,
clause 13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from qor.engine.monitoring.corrections import Finding, corrected_findings
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.rules.civil_time import civil_day
from qor.law.rules.provider_reading import is_inside
from qor.workflow.accounts.models import User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.actions import FALLEN_AWAY, fall_away, open_found_again
from qor.workflow.disputes.models import Case, Notice


def let_fall(lake: Lake, month: Month, *, by: str, at: datetime, paid: Collection[int] = ()) -> int:
    """Let the cases of a month fall whose check was changed and finds them no more; how many. Safe
    to run again.

    `paid`: the cases whose period is paid; they stay as they stand. A confirmed case falls too, and
    what an act took for it flows back. Each provider is told how many. A case that fell and is
    found again, since the edit was corrected, begins anew.
    Sources: 321/2020:13.
    """
    corrected = corrected_findings(lake, month, civil_day(at))
    gone = corrected.gone
    if not gone and not corrected.standing:
        return 0
    with transaction.atomic():
        _open_found_again(month, corrected.standing, set(paid), by=by, at=at)
        stays = set(paid)
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
            for case in cases
            if case.pk not in stays
            and (str(case.provider.bin), case.service_id, case.check_slug) in gone
        ]
        for case in fell:
            fall_away(case, at=at)
        _notify(month, Counter(case.provider_id for case in fell if not is_inside(case.route)), at)
        if fell:
            facts = {"month": str(month), "cases": [case.pk for case in fell]}
            record(by=by, at=at, verb="let_fall", subject=f"month:{month}", facts=facts)
    return len(fell)


def _open_found_again(
    month: Month, standing: set[Finding], stays: set[int], *, by: str, at: datetime
) -> None:
    fallen = Case.objects.select_for_update(of=("self",)).select_related("provider")
    cases = fallen.filter(month=str(month), state=FALLEN_AWAY)
    back = [
        case
        for case in cases.order_by("pk")
        if case.pk not in stays
        and (str(case.provider.bin), case.service_id, case.check_slug) in standing
    ]
    for case in back:
        open_found_again(case, at=at)
    if back:
        facts = {"month": str(month), "cases": [case.pk for case in back]}
        record(by=by, at=at, verb="found_again", subject=f"month:{month}", facts=facts)


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
