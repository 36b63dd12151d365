"""Telling people what came to them and by when: in the portal at once, by e-mail by a job (321/2020:23)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.core.mail import EmailMessage, get_connection

from qor.law.machines import Owner, state
from qor.workflow.accounts.models import User
from qor.workflow.disputes.models import Case, Notice

_BATCH = 200


def tell(case: Case, at_state: str, at: datetime) -> int:
    """Tell those whose turn it is, and the provider of a final word; how many were told. Sources: 321/2020:23, 321/2020:33."""
    owner = state(case.route, case.state).owner
    if owner is Owner.HEAD_OFFICE:
        users = User.objects.filter(role=User.Role.HEAD_OFFICE, is_active=True)
    elif case.assigned_to_id:
        users = User.objects.filter(pk=case.assigned_to_id)
    else:
        users = User.objects.filter(organisation_id=case.provider_id, role=User.Role.PROVIDER, is_active=True)
    notices = [Notice(user=user, case=case, at=at, state=at_state, due_on=case.due_on) for user in users]
    return len(Notice.objects.bulk_create(notices))


def send_waiting(at: datetime, worded: Callable[[Notice], tuple[str, str]]) -> int:
    """Send the notices that no e-mail has told yet, to users with an address; how many. `worded` gives subject and text in the user's language.

    A notice is marked before the next batch is taken: a run that dies sends at most one batch twice.
    """
    done = 0
    while True:
        waiting = Notice.objects.filter(sent_at__isnull=True).select_related("user", "case").order_by("pk")
        batch = list(waiting[:_BATCH])
        if not batch:
            return done
        letters = [EmailMessage(*worded(notice), to=[notice.user.email]) for notice in batch if notice.user.email]
        if letters:
            with get_connection() as mail:
                mail.send_messages(letters)
        Notice.objects.filter(pk__in=[notice.pk for notice in batch]).update(sent_at=at)
        done += len(letters)
