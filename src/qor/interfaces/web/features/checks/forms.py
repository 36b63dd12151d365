"""The form that edits a check's parameter from a date."""

from __future__ import annotations

from typing import ClassVar

from qor.engine.checks.edits import Edit, edit_of
from qor.interfaces.web.kernel.fields import Choice, Day, Figure, Pressed, Text, Typed
from qor.interfaces.web.kernel.forms import Form
from qor.law.nouns.citations import cites
from qor.law.nouns.refusals import BadValue


class Clause(Typed):
    """A clause of an act, as 321/2020:13."""

    def read(self, value: str) -> str:
        """The citation as it was typed. BadValue."""
        try:
            cites([value])
        except ValueError:
            raise BadValue(field="cites", value=value) from None
        return value


class CheckEdit(Form):
    """A new value of a parameter, from when, why, by which clause; the month to try it on."""

    parameter = Choice(label="portal.parameter")
    value = Figure(label="terms.value")
    valid_from = Day(label="terms.valid_from")
    because = Text(label="terms.because")
    cites = Clause(label="terms.clause", initial="321/2020:13")
    month = Choice(label="portal.show_on", required=False)
    put = Pressed("", "1")
    places: ClassVar = {"edit_touches_closed_month": "valid_from", "nothing_to_run": "month"}

    def clean(self) -> None:
        """What would change is shown on a month."""
        if not self.cleaned_data.get("put"):
            self.demand("month")

    def edit(self) -> Edit:
        """The edit that the form describes. BadEdit."""
        data = self.cleaned_data
        check, _, name = data["parameter"].partition(":")
        facts = {
            "check": check,
            "valid_from": data["valid_from"].isoformat(),
            "figures": {name: str(data["value"])},
            "because": data["because"],
            "cites": [data["cites"]],
        }
        return edit_of(facts, "")
