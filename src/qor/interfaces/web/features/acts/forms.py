"""Forms of acts: moving their documents, other sums, money that came back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import BoundField

from qor.interfaces.web.kernel.fields import Choice, Day, Money, Numbers, One, Pressed, Text
from qor.interfaces.web.kernel.forms import Form
from qor.workflow.acts.models import Act, OtherSum

GROUNDS = [ground for ground in OtherSum.Ground.values if ground != OtherSum.Ground.LATER_DECISION]
_MOST_CASES = 900  # a form may have a thousand fields


class Move(Form):
    """What a side does with an act's documents, and why."""

    statement = Text(lines=3, label="portal.statement", required=False)
    event = Pressed()


class OtherEntry(Form):
    """Another payment or deduction under the act's contract."""

    pays = Choice(["yes", "no"], says="portal.pays_", radio=True, label="portal.other_sum")
    ground = Choice(GROUNDS, says="portal.ground_", label="terms.ground")
    funding = Choice(says="terms.funding_", label="terms.funding")
    amount = Money(label="terms.amount")
    found_on = Day(label="portal.found_after_payment", required=False)
    statement = Text(label="portal.statement")
    case = Numbers(most=_MOST_CASES, required=False)
    places: ClassVar = {"funding_not_named": "funding"}

    def of(self, act: Act) -> OtherEntry:
        """The fundings of the act's lines; a single one is not asked for."""
        lines = act.lines.exclude(funding="").values_list("funding", flat=True)
        fundings = sorted(set(lines))
        if len(fundings) > 1:
            self.let("funding", fundings)
        else:
            del self.fields["funding"]
        return self

    def clean(self) -> dict[str, Any]:
        """The marked cases count for a penalty alone (321/2020:10)."""
        sent = super().clean() or self.cleaned_data
        if sent.get("pays") != "no" or sent.get("ground") != OtherSum.Ground.PENALTY:
            sent["case"] = []
        return sent

    def hidden_fields(self) -> list[BoundField]:
        """None for the cases: the page shows a box for each."""
        return [field for field in super().hidden_fields() if field.name != "case"]

    def has_marked(self, case: int) -> bool:
        """Whether the box of a case is marked: each at first, later as it was sent."""
        return not self.is_bound or str(case) in self["case"].value()


class Refund(Form):
    """What a provider paid back of an advance."""

    amount = Money(label="terms.amount")
    otherwise = "amount"


class Returned(Form):
    """Money that a provider returned of a debt."""

    debt = One(hidden=True)
    amount = Money(label="terms.amount")
    otherwise = "amount"


class Decision(Form):
    """A second person's word on a sum."""

    event = Pressed("accept", "decline")
