"""Letters of the portal: one that is refused loses no other, and one that never goes is said."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from tests.workflow.people import World, at

from qor.interfaces.web.features.disputes.notices import worded
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.letters import overdue_letters, report_overdue, send_waiting
from qor.workflow.disputes.models import Notice

SignIn = Callable[[Any], Client]
MONDAY = date(2026, 3, 2)


class RefusingServer(EmailBackend):
    """A mail server that refuses one address and then hangs up, as some do."""

    refused = "bad@example.org"
    broken = False

    def open(self) -> bool:
        """A new connection works again."""
        type(self).broken = False
        return True

    def send_messages(self, messages: Any) -> int:
        """Refuse, and everything after it on the same connection."""
        letters = list(messages)
        if type(self).broken:
            raise smtplib.SMTPServerDisconnected("please run connect() first")
        if any(self.refused in letter.to for letter in letters):
            type(self).broken = True
            raise smtplib.SMTPRecipientsRefused({self.refused: (550, b"no")})
        return super().send_messages(letters)

    def close(self) -> None:
        """Hang up."""


@pytest.fixture
def letters(world: World, settings: Any) -> list[Notice]:
    """Twelve notices: the third to an address that is refused, one to a user without an address."""
    settings.QOR_ADDRESS = "https://portal.example.org"
    case = world.case()
    addresses = [f"reader{n}@example.org" for n in range(12)]
    addresses[2], addresses[7] = RefusingServer.refused, ""
    notices = []
    for n, address in enumerate(addresses):
        user = type(world.office).objects.create(
            username=f"reader{n}",
            role="expert",
            organisation=world.experts["71"][0].organisation,
            email=address,
        )
        notices.append(Notice(user=user, case=case, at=at(MONDAY), state="objection.first_review"))
    return Notice.objects.bulk_create(notices)


def test_one_refused_address_loses_no_other_letter(letters: list[Notice], settings: Any) -> None:
    """Ten go, one is tried again, one has no address; a letter counts as sent when the server took
    it."""
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    mail.outbox.clear()
    assert send_waiting(at(MONDAY), worded) == 10
    assert len(mail.outbox) == 10
    refused = Notice.objects.get(user__username="reader2")
    assert refused.sent_at is None and refused.tries == 1
    assert send_waiting(at(MONDAY), worded) == 0, "not before its wait is over"
    assert send_waiting(at(MONDAY) + timedelta(minutes=2), worded) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_waiting(at(MONDAY) + timedelta(hours=2), worded) == 1
    assert Notice.objects.filter(sent_at__isnull=True, no_letter=False).count() == 0


def test_a_letter_that_does_not_go_for_a_day_is_reported(
    letters: list[Notice], settings: Any
) -> None:
    """Once, in the journal; and it stays on the administrator's list until it went."""
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    send_waiting(at(MONDAY), worded)
    assert report_overdue(at(MONDAY) + timedelta(hours=23)) == 0
    later = at(MONDAY) + timedelta(hours=25)
    assert (report_overdue(later), report_overdue(later)) == (1, 0)
    entry = Entry.objects.get(verb="letters_overdue")
    assert entry.facts == {"letters": 1, "users": ["reader2"]}
    assert overdue_letters(later).count() == 1


class DeadServer(EmailBackend):
    """Nobody answers."""

    def open(self) -> bool:
        """Never."""
        raise ConnectionRefusedError


def test_letters_wait_for_a_mail_server_that_is_away(letters: list[Notice], settings: Any) -> None:
    """No letter is blamed for it, and none is lost."""
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    assert send_waiting(at(MONDAY), worded) == 0
    assert set(Notice.objects.values_list("tries", flat=True)) == {0}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_waiting(at(MONDAY), worded) == 11


def test_a_letter_carries_the_address_of_its_page(letters: list[Notice]) -> None:
    """In the reader's language, with no person's data."""
    mail.outbox.clear()
    send_waiting(at(MONDAY), worded)
    case = letters[0].case
    assert case is not None
    assert f"https://portal.example.org/cases/{case.pk}/" in mail.outbox[0].body
