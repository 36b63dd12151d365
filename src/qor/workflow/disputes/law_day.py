"""The day whose edition and figures a case follows (321/2020, clauses 10 and 13; interpretation
edition_of_a_finding)."""

from __future__ import annotations

from datetime import date

from qor.law.nouns.months import month
from qor.law.reading.defects import law_day
from qor.workflow.disputes.models import Case


def law_day_of(case: Case) -> date:
    """The day the service of a case ended (the month's last where the lake did not tell), or that
    of its finding. Sources: 321/2020:10."""
    return law_day(case.ended_on or month(case.month).last, case.found_on)
