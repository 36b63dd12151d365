"""What an act names of co-executors: their contract, share and limit; the main contractor pays them
out of what it is paid (291/2020:33-37)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from django.db.models import Sum

from qor.engine.storage.duck import Connection
from qor.engine.storage.steps import step_facts
from qor.law.rules.co_execution import co_executor_due
from qor.workflow.acts.models import Act, CoExecution
from qor.workflow.bulk import insert_many

_NOTHING = Decimal(0)


def name_co_executors(connection: Connection, acts: dict[tuple[str, str], Act]) -> int:
    """Keep with each act what its co-executors rendered, their share, and how much of it stays
    within their contract; how many rows.

    `acts` by (BIN, contract). The limit is that of the co-execution contract for the care form.
    Sources: 291/2020:34, 291/2020:37.
    """
    rendered: list[CoExecution] = []
    used = _used()
    for row in step_facts(connection, "co_executors_in_order"):
        act = acts.get((row["provider_bin"], row["contract_no"]))
        if act is None or not act.contract_no:
            continue
        number, most = row["co_contract_no"], row["most"]
        key = (row["provider_bin"], row["contract_no"], number, row["care_form"])
        share = co_executor_due(Decimal(row["accepted"]), Decimal(row["share"]), most, used[key])
        used[key] += share.due
        rendered.append(
            CoExecution(
                act=act,
                subcontract_bin=row["subcontract_bin"],
                co_contract_no=number,
                care_form=row["care_form"],
                services=row["services"],
                accepted=row["accepted"],
                share=f"{Decimal(row['share']).normalize():f}",
                most=most,
                due=share.due,
                above=share.above,
            )
        )
    insert_many(rendered)
    return len(rendered)


def _used() -> dict[tuple[str, ...], Decimal]:
    """What earlier acts named as due: by main contractor, its contract, co-execution contract and
    care form, as the limit is agreed for a form of care."""
    by = ("act__provider__bin", "act__contract_no", "co_contract_no", "care_form")
    named = CoExecution.objects.exclude(co_contract_no="").values(*by)
    return defaultdict(
        Decimal,
        {
            tuple(str(row[name]) for name in by): Decimal(row["s"])
            for row in named.annotate(s=Sum("due")).order_by(*by)
        },
    )
