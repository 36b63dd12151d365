"""Forms of disputes: decisions, remarks, answers, what head office enters."""

from __future__ import annotations

from typing import ClassVar

from qor.interfaces.web.kernel.fields import Choice, Day, Hour, Money, Numbers, One, Pressed, Text
from qor.interfaces.web.kernel.forms import Form, WithFiles

_MOST_TOGETHER = 200


class Decision(WithFiles):
    """An objection or a decision in a case, with its reasons and files."""

    field_order = ("statement", "preventable", "files")
    statement = Text(lines=5, asked=True, label="portal.statement")
    preventable = Choice(["yes", "no"], says="portal.", radio=True, label="portal.preventable")
    event = Pressed()

    def of(self, *, lethal: bool) -> Decision:
        """Whether the death was preventable is asked in lethal cases only."""
        if not lethal:
            del self.fields["preventable"]
        return self

    def preventable_said(self) -> bool | None:
        """Whether the death was said to be preventable; None where that is not asked."""
        return {"yes": True, "no": False}.get(self.cleaned_data.get("preventable", ""))


class Remark(WithFiles):
    """Words that decide nothing, with files."""

    field_order = ("statement", "files")
    statement = Text(lines=3, asked=True, label="portal.statement")
    event = Pressed()
    ids = "remark-%s"


class PersonReason(Form):
    """Why the other services of a person are opened."""

    why = Text(asked=True, label="portal.why_person")
    places: ClassVar = {"statement_missing": "why"}
    ids = "person-%s"


class Reassignment(Form):
    """Who hears a case from now on, and why."""

    to = One(label="portal.expert")
    statement = Text(label="portal.statement")
    places: ClassVar = {"same_employee_at_work": "to"}
    ids = "give-%s"


class Stake(Form):
    """What a confirmed case takes, where the classification gives no sum."""

    amount = Money(label="terms.amount")
    statement = Text(asked=True, label="portal.statement")
    ids = "stake-%s"


class Together(Form):
    """One event with one statement for many cases."""

    case = Numbers(most=_MOST_TOGETHER, required=False)
    statement = Text(lines=2, label="portal.statement", required=False)
    event = Pressed()
    ids = "together-%s"


class Answer(WithFiles):
    """The answer to a request for documents."""

    field_order = ("statement", "files")
    statement = Text(lines=5, asked=True, label="portal.answer")


class OutageLetter(Form):
    """The days, and if need be the hours, on which the system was down, by a letter."""

    first = Day(label="portal.first_day")
    first_time = Hour(label="portal.first_time", required=False)
    last = Day(label="portal.last_day")
    last_time = Hour(label="portal.last_time", required=False)
    letter = Text(asked=True, label="portal.letter")
    places: ClassVar = {"last_day": "last", "statement_missing": "letter"}
