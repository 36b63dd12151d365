"""Running totals of unconfirmed cases by provider, contract and month, and what must follow (321/2020, clauses 19-20)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from qor.engine.settlement.unconfirmed import CODES
from qor.law.months import Month, month
from qor.law.unconfirmed_totals import Alarm, alarms
from qor.workflow.accounts.models import Organisation
from qor.workflow.payments.later import active
from qor.workflow.payments.models import Act


@dataclass(frozen=True, slots=True)
class ContractAlarms:
    """The alarms of one contract of one provider."""

    provider: Organisation
    contract_no: str
    alarms: list[Alarm]


def contract_alarms(acts: QuerySet[Act], sole: set[str]) -> list[ContractAlarms]:
    """Contracts whose confirmed unconfirmed cases pass a threshold; `sole`: BINs of the only providers of their districts.

    The cost of the services counts, by the month of service; a conclusion's day is that of the closing that took it. Sources: 321/2020:19, 20.
    """
    found: dict[tuple[Organisation, str], dict[Month, tuple[Decimal, date]]] = defaultdict(dict)
    rows = active().filter(provider__in=acts.values("provider"), case__code__in=CODES, case__outcome="confirmed")
    for made in rows.select_related("provider", "case").order_by("pk"):
        if made.case is None:
            continue
        months = found[made.provider, made.contract_no]
        of = month(made.service_month)
        total, concluded_on = months.get(of, (Decimal(0), made.taken_on))
        months[of] = (total + made.case.amount, max(concluded_on, made.taken_on))
    told = (ContractAlarms(p, number, alarms(months, str(p.bin) in sole)) for (p, number), months in found.items())
    return [each for each in told if each.alarms]
