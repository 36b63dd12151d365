"""On which day the bank pays, and what stops a payment, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from qor.interfaces import messages
from qor.law.reading.calendar import is_working_day
from qor.workflow.treasury.payees import Stopped


def stopped_words(stopped: Iterable[Stopped], lang: str) -> list[str]:
    """A sentence for each payment that is stopped: whose, and what is wrong."""
    return [
        f"{each.provider.called(lang)}: {messages.refusal_text(each.refusal, lang)}"
        for each in stopped
    ]


def next_bank_day(today: date) -> date:
    """Today, or the first working day after it."""
    day = today
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
