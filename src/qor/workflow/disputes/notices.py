"""Telling people what came to them and by when: in the portal at once, by e-mail by a job (321/2020:23)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from qor.law.machines import Owner, state
from qor.law.months import Month
from qor.workflow.accounts.models import User
from qor.workflow.disputes.assignment import BY_EXPERTS
from qor.workflow.disputes.models import Case, Notice

_BATCH = 200
_LOG = logging.getLogger(__name__)


def tell_of_month(month: Month, told: Counter[tuple[str, int]], due_on: date | None, at: datetime) -> None:
    """Tell each provider, each expert and head office how many cases of a month came to them: one word, not one a case.

    `told` counts by ("provider", organisation), ("expert", user), ("head_office", 0: cases without an expert). Source: 321/2020:23.
    """
    found = []
    for (whose, pk), count in told.items():
        users = User.objects.filter(is_active=True)
        if whose == "provider":
            users = users.filter(role=User.Role.PROVIDER, organisation_id=pk)
        elif whose == "expert":
            users = users.filter(pk=pk)
        else:
            users = users.filter(role=User.Role.HEAD_OFFICE)
        until = due_on if whose == "provider" else None
        found += [Notice(user=user, month=str(month), count=count, at=at, due_on=until) for user in users]
    Notice.objects.bulk_create(found)


def tell(case: Case, at_state: str, at: datetime) -> int:
    """Tell those whose turn it is, head office of a case without an expert, and the provider of a final word; how many were told.

    Sources: 321/2020:23, 321/2020:33.
    """
    owner = state(case.route, case.state).owner
    if owner is Owner.HEAD_OFFICE or (owner in BY_EXPERTS and case.assigned_to_id is None):
        users = User.objects.filter(role=User.Role.HEAD_OFFICE, is_active=True)
    elif case.assigned_to_id:
        users = User.objects.filter(pk=case.assigned_to_id)
    else:
        users = User.objects.filter(organisation_id=case.provider_id, role=User.Role.PROVIDER, is_active=True)
    notices = [Notice(user=user, case=case, at=at, state=at_state, due_on=case.due_on) for user in users]
    return len(Notice.objects.bulk_create(notices))


def send_waiting(at: datetime, worded: Callable[[Notice], tuple[str, str]]) -> int:
    """Send the notices that no e-mail has told yet, to users with an address; how many. `worded` gives subject and text in the user's language.

    A notice is marked before its letter goes: two runs at once, or one that dies, never tell twice; an address that refuses stops no other.
    """
    waiting = Notice.objects.filter(sent_at__isnull=True).select_related("user", "case").order_by("pk")
    done = 0
    while batch := list(waiting[:_BATCH]):
        with get_connection() as mail:
            for notice in batch:
                done += _send(notice, mail, at, worded)
    return done


def _send(notice: Notice, mail: BaseEmailBackend, at: datetime, worded: Callable[[Notice], tuple[str, str]]) -> int:
    claimed = Notice.objects.filter(pk=notice.pk, sent_at__isnull=True).update(sent_at=at)
    if not claimed or not notice.user.email:
        return 0
    subject, text = worded(notice)
    try:
        return EmailMessage(subject, text, to=[notice.user.email], connection=mail).send()
    except OSError as error:
        _LOG.warning("notice %s could not be sent: %s", notice.pk, type(error).__name__)
        return 0
