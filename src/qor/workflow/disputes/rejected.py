"""Which findings of a month were rejected or fell away: they leave the register of unconfirmed
cases (321/2020, annex 2)."""

from __future__ import annotations

from qor.law.nouns.months import Month
from qor.law.nouns.states import Outcome
from qor.workflow.disputes.models import Case


def rejected_findings(month: Month) -> list[tuple[str, str, str]]:
    """(BIN, service, check) of the cases of a month that ended in a rejection. Sources:
    321/2020:18, 321/2020:annex 2."""
    rejected = Case.objects.filter(month=str(month), outcome=Outcome.REJECTED).order_by("pk")
    return [
        (str(bin_), service, check)
        for bin_, service, check in rejected.values_list(
            "provider__bin", "service_id", "check_slug"
        )
    ]
