"""Forms of payment orders: a bank day, the file that is sent, what the bank did."""

from __future__ import annotations

from typing import ClassVar

from django.http import Http404

from qor.interfaces.documents.bank_files import KINDS
from qor.interfaces.web.kernel.fields import Choice, Day, Pressed
from qor.interfaces.web.kernel.forms import Form

_DAYS = {"not_a_bank_day": "bank_day", "bank_day_past": "bank_day"}


class BankDay(Form):
    """The day for which orders are made."""

    bank_day = Day(label="terms.bank_day")
    places: ClassVar = _DAYS


class Sending(Form):
    """The orders of a day in one file, of a kind that there is (404 for another)."""

    bank_day = Day(label="terms.bank_day", hidden=True)
    kind = Choice(KINDS, says="portal.file_", label="portal.file_kind")
    places: ClassVar = _DAYS

    def clean(self) -> None:
        """A kind that is none is not there (404)."""
        if "kind" in self.errors:
            raise Http404


class BankAnswer(Form):
    """What the bank did with an order, or the day for which it is made anew."""

    event = Pressed("paid", "returned", "repeat")
    bank_day = Day(label="terms.bank_day", required=False)
    places: ClassVar = _DAYS

    def clean(self) -> None:
        """An order is repeated for a day."""
        if self.cleaned_data.get("event") == "repeat":
            self.demand("bank_day")
