"""Letters of notices: sent when the mail server took them, tried again when it did not, reported
after a day."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet

from qor.workflow.audit.journal import record
from qor.workflow.disputes.models import Notice

Worded = Callable[[Notice], tuple[str, str]]
_BATCH = 200
_SENDING = timedelta(minutes=10)  # a letter being sent is nobody else's for so long
_LONGEST_WAIT = timedelta(hours=1)
_TOO_LONG = timedelta(days=1)
_LOG = logging.getLogger(__name__)


class MailServerDown(Exception):
    """The mail server does not answer: the letters wait, none of them is at fault."""


def send_waiting(at: datetime, worded: Worded) -> int:
    """Send the letters that wait, to users with an address; how many the mail server took.

    `worded` gives subject and text in the user's language. A letter is claimed for ten minutes
    while it is sent, so two runs at once send it once; one that is refused is tried again after a
    minute, two, four … up to an hour, and stops no other. Source: 321/2020:23.
    """
    Notice.objects.filter(sent_at__isnull=True, no_letter=False, user__email="").update(
        no_letter=True
    )
    sent = 0
    while batch := list(_ready(at).select_related("user", "case").order_by("pk")[:_BATCH]):
        try:
            sent += _send_all(batch, at, worded)
        except MailServerDown:
            break
    return sent


def overdue_letters(at: datetime) -> QuerySet[Notice]:
    """Return the notices whose letters no mail server took within a day."""
    return Notice.objects.filter(sent_at__isnull=True, no_letter=False, at__lt=at - _TOO_LONG)


def report_overdue(at: datetime) -> int:
    """Enter in the journal, once for each letter, that it did not go within a day; how many."""
    with transaction.atomic():
        late = overdue_letters(at).filter(reported_at__isnull=True)
        keys = list(late.order_by("pk").values_list("pk", "user__username"))
        if keys:
            Notice.objects.filter(pk__in=[pk for pk, _ in keys]).update(reported_at=at)
            facts = {"letters": len(keys), "users": sorted({name for _, name in keys})[:50]}
            record(by="clock", at=at, verb="letters_overdue", subject="mail", facts=facts)
    return len(keys)


def _ready(at: datetime) -> QuerySet[Notice]:
    due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=at)
    return Notice.objects.filter(due, sent_at__isnull=True, no_letter=False)


def _send_all(batch: list[Notice], at: datetime, worded: Worded) -> int:
    mail = get_connection()
    try:
        return sum(_send(notice, mail, at, worded) for notice in batch)
    finally:
        mail.close()


def _send(notice: Notice, mail: BaseEmailBackend, at: datetime, worded: Worded) -> int:
    """Send one letter; after a refusal the next one gets a new connection."""
    _open(mail)
    claim = {"next_try_at": at + _SENDING, "tries": F("tries") + 1}
    if not _ready(at).filter(pk=notice.pk).update(**claim):
        return 0
    subject, text = worded(notice)
    try:
        EmailMessage(subject, text, to=[notice.user.email], connection=mail).send()
    except (OSError, ValueError) as error:
        _LOG.warning("letter of notice %s not sent: %s", notice.pk, type(error).__name__)
        mail.close()
        wait = min(timedelta(minutes=2 ** min(notice.tries, 6)), _LONGEST_WAIT)
        Notice.objects.filter(pk=notice.pk).update(next_try_at=at + wait)
        return 0
    return Notice.objects.filter(pk=notice.pk).update(sent_at=at, next_try_at=None)


def _open(mail: BaseEmailBackend) -> None:
    try:
        mail.open()
    except OSError as error:
        _LOG.warning("the mail server does not answer: %s", type(error).__name__)
        raise MailServerDown from error
