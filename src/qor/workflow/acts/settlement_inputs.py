"""What the workflow tells the engine before a month is closed: decisions on services, what earlier
acts held, what they came to."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Case as When
from django.db.models import Count, IntegerField, Max, Q, QuerySet, Sum, Value
from django.db.models import When as Is

from qor.engine.settlement.act_lines import UNSCALED, SettlementInputs
from qor.engine.settlement.norms import Norms
from qor.law.nouns.months import Month, year_upto
from qor.law.nouns.states import Outcome, Route
from qor.workflow.acts.decisions import HOLDING, priced_now
from qor.workflow.acts.models import ActLine, Closing, HeldService
from qor.workflow.acts.service_account import Key
from qor.workflow.disputes.models import Case

_ELEVEN, _TWO_YEARS = 11, 24


def export_settlement_inputs(
    of: Month,
    norms: Norms,
    folder: Path,
    of_waiting: dict[Key, Decimal],
    settled: Sequence[Path] = (),
) -> SettlementInputs:
    """Write verdicts, waiting, standing and caps as files. `norms`: (BIN, care form) -> tenge, for
    reviews whose deduction counts in norms; `of_waiting`: what may still be taken of services whose
    deduction was withdrawn.

    A service is open while any case that can hold it is; the largest confirmed deduction counts
    (interpretation several_deductions). A confirmed case whose deduction cannot be computed keeps
    its service open until a person sets the sum. Sources: 291/2020:23, 291/2020:24.
    """
    files = {
        name: folder / f"{name}.csv" for name in ("verdicts", "waiting", "standing", "caps", "made")
    }
    inputs = SettlementInputs(**files, closed=_closed_before(of), settled=tuple(settled))
    waiting = HeldService.objects.filter(released_by__isnull=True)
    months = {str(of), *waiting.values_list("service_month", flat=True).distinct()}
    _write(inputs.verdicts, _verdicts(months, norms, of_waiting))
    _write(inputs.waiting, _waiting(waiting))
    _write(inputs.standing, standing())
    _write(inputs.caps, _december_caps(of))
    if inputs.made is not None:
        _write(inputs.made, _made(inputs.closed))
    return inputs


def _closed_before(of: Month) -> tuple[Month, ...]:
    """The months from the first closing on, of this year and the one before: sums that hang on no
    service may be owed of them still."""
    first = (
        Closing.objects.exclude(month=str(of))
        .order_by("month")
        .values_list("month", flat=True)
        .first()
    )
    months = (of.shift(-n) for n in range(_TWO_YEARS, 0, -1))
    return tuple(
        m for m in months if first is not None and first <= str(m) and m.year >= of.year - 1
    )


def _made(months: tuple[Month, ...]) -> Iterable[tuple[Any, ...]]:
    """The lines of acts that hang on no service: provider, contract, care form, funding, month,
    kind, tenge."""
    lines = ActLine.objects.filter(service_month__in=list(map(str, months))).exclude(
        kind__in=("", UNSCALED)
    )
    for *facts, claimed in lines.values_list(
        "act__provider__bin",
        "act__contract_no",
        "care_form",
        "funding",
        "service_month",
        "kind",
        "claimed",
    ):
        yield (*facts, _tenge(claimed))


def _waiting(held_services: QuerySet[HeldService]) -> Iterable[tuple[Any, ...]]:
    """What waits, a row a service: parts of one service that wait since several deductions of it
    were withdrawn are one."""
    facts = (
        "provider__bin",
        "service_id",
        "contract_no",
        "care_form",
        "funding",
        "service_month",
        "ended_on",
    )
    summed = held_services.values(*facts, "unscaled").annotate(whole=Sum("amount")).order_by(*facts)
    short = set(held_services.filter(short_death=True).values_list("provider__bin", "service_id"))
    for row in summed.iterator():
        key = (row["provider__bin"], row["service_id"])
        yield (*(row[name] for name in facts), _tenge(row["whole"]), key in short, row["unscaled"])


def standing() -> Iterable[tuple[Any, ...]]:
    """What earlier acts came to: contract, care form, funding, month of service, used (accepted and
    beyond), accepted, whether the scale leaves it alone."""
    by = ("act__contract_no", "care_form", "funding", "service_month")
    summed = (
        ActLine.objects.exclude(care_form="")
        .annotate(unscaled=When(Is(kind=UNSCALED, then=Value(True)), default=Value(False)))
        .values(*by, "unscaled")
        .annotate(sum_of=Sum("accepted"), lost=Sum("beyond"))
        .order_by(*by, "unscaled")
    )
    for row in summed:
        accepted = _tenge(row["sum_of"])
        yield (
            *(row[name] for name in by),
            accepted + _tenge(row["lost"]),
            accepted,
            row["unscaled"],
        )


def _verdicts(
    months: set[str], norms: Norms, of_waiting: dict[Key, Decimal]
) -> Iterable[tuple[Any, ...]]:
    """Each service's decisions; of one whose deduction was withdrawn only what may still be taken
    of the part that waits."""
    priced, unknown = _priced(months, norms)
    decided = (
        Case.objects.filter(month__in=months, kind__in=HOLDING)
        .values("provider_id", "provider__bin", "service_id")
        .annotate(
            waiting=Count("pk", filter=Q(outcome="")),
            unpriced=Count("pk", filter=Q(pk__in=unknown)),
            stake=Max("proposed_deduction", filter=Q(outcome=Outcome.CONFIRMED)),
            preventable=Max(
                When(
                    Is(preventable=True, then=Value(2)),
                    Is(preventable=False, then=Value(1)),
                    default=Value(0),
                    output_field=IntegerField(),
                )
            ),
            lethal=Count("pk", filter=Q(route=Route.LETHAL)),
        )
        .order_by("provider__bin", "service_id")
    )
    for row in decided.iterator():
        key = (row["provider_id"], row["service_id"])
        stake = of_waiting.get(key, max(_tenge(row["stake"]), priced.get(key, Decimal(0))))
        spared = bool(row["lethal"]) and row["preventable"] == 1
        yield (
            str(row["provider__bin"]),
            key[1],
            bool(row["waiting"] or row["unpriced"]),
            spared,
            stake,
        )


def _priced(months: set[str], norms: Norms) -> tuple[dict[Key, Decimal], list[int]]:
    """The deductions of confirmed cases that had none at stake (reviews): computed now; and the
    cases for which there is no sum."""
    stakes: dict[Key, Decimal] = {}
    unknown: list[int] = []
    for case, stake in priced_now(months, norms):
        key = (case.provider_id, case.service_id)
        if stake is None:
            unknown.append(case.pk)
        else:
            stakes[key] = max(stakes.get(key, Decimal(0)), stake)
    return stakes, unknown


def _december_caps(of: Month) -> Iterable[tuple[str, str, Decimal]]:
    """What was accepted for January to November of each year: December comes to at most its mean.
    Sources: 291/2020:24."""
    for year in {of.year, of.year - 1}:
        months = list(map(str, year_upto(Month(year, _ELEVEN))))
        summed = (
            ActLine.objects.filter(service_month__in=months)
            .values("act__contract_no")
            .annotate(total=Sum("accepted"))
        )
        for row in summed.order_by("act__contract_no"):
            if row["total"]:
                yield row["act__contract_no"], str(Month(year, 12)), _tenge(row["total"])


def _tenge(value: Any) -> Decimal:
    """A sum of the database, which may come as whole tiyn or as tenge."""
    return Decimal(0) if value is None else Decimal(value)


def _write(path: Path, lines: Iterable[Iterable[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
