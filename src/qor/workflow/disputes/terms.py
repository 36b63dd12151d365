"""How long a term lasts: the working days of the rules, and none of the days on which the system
was down (321/2020:9)."""

from __future__ import annotations

from datetime import date

from qor.law.reading.figures import figure
from qor.law.reading.interpretations import interpretation
from qor.law.reading.machines import Owner, state
from qor.law.rules.civil_time import civil_day
from qor.law.rules.outages import Letter, lost_working_days, term_with_outages
from qor.workflow.disputes.models import Outage

REVIEW_TERM = "review_term"


def lost_days() -> tuple[Letter, ...]:
    """The letters of all outages declared so far, with the working days lost, in the order in which
    they came. Source: 321/2020:9."""
    declared = Outage.objects.order_by("declared_at", "pk")
    return tuple(
        Letter(
            lost_working_days(
                outage.first_day, outage.last_day, outage.first_time, outage.last_time
            ),
            civil_day(outage.declared_at),
        )
        for outage in declared
    )


def term_begins_on(route: str, name: str, entered_on: date, shown_on: date) -> date:
    """The day from which a state's term is counted: that on which it was entered, or for the first
    review that of the finding (interpretation review_term_start). Sources: 321/2020:26,
    321/2020:30."""
    literal = interpretation("review_term_start").choice == "finding_shown"
    return shown_on if literal and state(route, name).term == REVIEW_TERM else entered_on


def term(
    route: str, name: str, entered_on: date, lost: tuple[Letter, ...]
) -> tuple[date | None, int]:
    """The last day of a state's term (None without one) and by how many working days outages made
    it longer. Sources: 321/2020:9."""
    entered = state(route, name)
    if not entered.term:
        return None, 0
    days = figure(entered.term, entered_on).whole
    extended = term_with_outages(entered_on, days, lost, shut=entered.owner is Owner.PROVIDER)
    return extended.due_on, extended.extended_days
