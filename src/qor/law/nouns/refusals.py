"""Named refusals: what the law (or the data) does not allow, with the clause, for a person to read
in their language."""

from __future__ import annotations

from qor.law.nouns.citations import Citation


class Refusal(Exception):
    """Something that may not be done, or cannot be answered, and why.

    `key` names a sentence in the catalogue of messages (kk, ru, en), `facts` fill it, `cites` are
    the clauses behind it.
    """

    key = "refusal"

    def __init__(self, *, cites: tuple[Citation, ...] = (), **facts: object) -> None:
        self.facts = facts
        self.cites = cites
        listed = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{self.key}: {listed}")


class NoFigureOnDate(Refusal):
    """A dated figure has no value on the date asked for; history is never guessed."""

    key = "no_figure_on_date"


class UnknownFigure(Refusal):
    """No figure of that name is kept."""

    key = "unknown_figure"


class NoEditionOnDate(Refusal):
    """No edition of the act that Qor holds was in force on the date."""

    key = "no_edition_on_date"


class UnknownAct(Refusal):
    """No act of that number is kept."""

    key = "unknown_act"


class UnknownOrder(Refusal):
    """The order made none of the editions of the act that are held."""

    key = "unknown_order"


class UnknownClause(Refusal):
    """The act, in the edition of that date, has no such clause."""

    key = "unknown_clause"


class UnknownItem(UnknownClause):
    """The clause has no item or paragraph of that number in that edition."""

    key = "unknown_item"


class CalendarMissing(Refusal):
    """The calendar of working days has no such year: a missing year is an error, not a guess."""

    key = "calendar_missing"


class CodeNotInEdition(Refusal):
    """The classification in force on the date has no such code."""

    key = "code_not_in_edition"


class UnknownCareForm(Refusal):
    """No column of the classification has that name."""

    key = "unknown_care_form"


class CodeDoesNotApply(Refusal):
    """The classification does not apply this code to this form of care."""

    key = "code_does_not_apply"


class CellUnprinted(Refusal):
    """The official text leaves this cell unprinted: a person must decide, nothing is deducted
    automatically."""

    key = "cell_unprinted"


class NormMissing(Refusal):
    """The deduction is a multiple of a norm, and the norm was not given."""

    key = "norm_missing"


class BadValue(Refusal):
    """A value that was typed in cannot be read as what it should be."""

    key = "bad_value"


class UnreadableAmount(BadValue):
    """An amount of money that two readers could read as two sums, or that is none."""

    key = "unreadable_amount"
