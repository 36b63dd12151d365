"""Telling people what came to them and by when: in the portal at once, by e-mail by a job
(321/2020:23)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db.models import QuerySet

from qor.law.nouns.months import Month
from qor.law.reading.machines import Owner, state
from qor.law.rules.provider_reading import is_inside
from qor.workflow.accounts.models import User
from qor.workflow.disputes.assignment import BY_EXPERTS, reviewed_by_another
from qor.workflow.disputes.models import Case, Notice

ANOTHER_REVIEWS = "another_reviews"


def notify_of_month(
    month: Month, counts: Counter[tuple[str, int]], due_on: date | None, at: datetime
) -> None:
    """Tell each provider, each expert and head office how many cases of a month came to them: one
    word, not one a case.

    `counts` by ("provider", organisation), ("expert", user), ("head_office", 0: cases without
    an expert). Source: 321/2020:23.
    """
    notices = []
    for (whose, pk), count in counts.items():
        users = User.objects.filter(is_active=True)
        if whose == "provider":
            users = users.filter(role=User.Role.PROVIDER, organisation_id=pk)
        elif whose == "expert":
            users = users.filter(pk=pk)
        else:
            users = users.filter(role=User.Role.HEAD_OFFICE)
        until = due_on if whose == "provider" else None
        notices += [
            Notice(user=user, month=str(month), count=count, at=at, due_on=until) for user in users
        ]
    Notice.objects.bulk_create(notices)


def notify(case: Case, at_state: str, at: datetime) -> int:
    """Tell those whose turn it is, head office of a case without an expert or with another reviewer
    than clause 45 names, and the provider of a final word; how many were told.

    Sources: 321/2020:15, 321/2020:23, 321/2020:33, 321/2020:45.
    """
    owner = state(case.route, case.state).owner
    if owner is Owner.HEAD_OFFICE or (owner in BY_EXPERTS and case.assigned_to_id is None):
        users = head_office()
    elif case.assigned_to_id:
        users = User.objects.filter(pk=case.assigned_to_id)
    else:
        users = people_of(case)
    notices = [
        Notice(user=user, case=case, at=at, state=at_state, due_on=case.due_on) for user in users
    ]
    if reviewed_by_another(case):
        notices += [
            Notice(user=user, case=case, at=at, state=at_state, event=ANOTHER_REVIEWS)
            for user in head_office()
        ]
    return len(Notice.objects.bulk_create(notices))


def head_office() -> QuerySet[User]:
    """Head office's people."""
    return User.objects.filter(role=User.Role.HEAD_OFFICE, is_active=True)


def people_of(case: Case) -> QuerySet[User]:
    """The provider's people who may see a case: nobody of what the Fund looks at by itself
    (321/2020:15)."""
    users = User.objects.filter(
        organisation_id=case.provider_id, role=User.Role.PROVIDER, is_active=True
    )
    return users.none() if is_inside(case.route) else users
