"""A month's findings from the lake as cases: shown to the provider the same day (321/2020:23), their services frozen (321/2020:24)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from qor.engine.duck import connect, parquet
from qor.engine.lake import Lake
from qor.law.machines import machine, route_of
from qor.law.months import Month
from qor.law.refusals import Refusal
from qor.workflow.accounts.models import Organisation
from qor.workflow.audit.batches import Batch
from qor.workflow.audit.journal import record
from qor.workflow.bulk import insert_many
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.assignment import assignee, lock_experts
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.notices import tell_of_month
from qor.workflow.disputes.terms import lost_days, term

_BATCH = 5000


class MonthNotRun(Refusal):
    """The lake holds no findings of that month."""

    key = "not_run_yet"


class ProviderNotRegistered(Refusal):
    """A finding names a provider that has no organisation in the portal."""

    key = "provider_not_registered"


@dataclass(frozen=True, slots=True)
class Brought:
    """How many findings of the month stand in the lake, were new as cases, and stood as cases already."""

    findings: int
    new: int
    known: int


def bring_in(lake: Lake, month: Month, *, by: str, at: datetime) -> Brought:
    """Make a case of every finding of a month that is not one yet; all or nothing. Terms run from the day they are shown.

    A service frozen by a finding takes no change any more: intake holds that by the same findings. Sources: 321/2020:22, 23, 24, 26.
    Those that begin with the Fund go to an expert at once, or wait for one where none is at work; who must act is told (321/2020:23).
    MonthNotRun, ProviderNotRegistered.
    """
    paths = lake.paths("findings", [month])
    if not paths:
        raise MonthNotRun(month=str(month))
    day, lost = civil_day(at), lost_days()
    with transaction.atomic(), connect() as connection:
        lock_experts()
        cursor = connection.execute(_QUERY.format(paths=parquet(paths)))
        providers = {o.bin: o for o in Organisation.objects.filter(kind=Organisation.Kind.PROVIDER)}
        total, new, told, seals = 0, 0, Counter[tuple[str, int]](), Batch()
        while rows := cursor.fetchmany(_BATCH):
            total += len(rows)
            known = _known(rows)
            fresh = [_case(row, providers, day, lost) for row in rows if (row[0], row[1], row[2]) not in known]
            ours = [case for case in fresh if _begins_with_the_fund(case)]
            insert_many(fresh, numbered=True)
            _share_out(ours, day)
            seals.add(fresh)
            _count(told, fresh)
            new += len(fresh)
        tell_of_month(month, told, term("objection", "detected", day, lost)[0], at)
        facts = {"month": str(month), "parts": [part.sha256 for part in lake.parts("findings", [month])], "new": new}
        record(by=by, at=at, verb="bring_in", subject=f"month:{month}", facts=facts, batch=seals)
    return Brought(total, new, total - new)


def _known(rows: list[tuple[Any, ...]]) -> set[tuple[str | None, str, str]]:
    """Which of some findings are cases already, also of another month: a service that was billed again keeps its case."""
    bins, services = {row[0] for row in rows}, {row[1] for row in rows}
    held = Case.objects.filter(provider__bin__in=bins, service_id__in=services)
    return set(held.values_list("provider__bin", "service_id", "check_slug"))


def _case(row: tuple[Any, ...], providers: dict[str | None, Organisation], day: date, lost: tuple[date, ...]) -> Case:
    (
        bin_,
        service,
        slug,
        code,
        edition,
        kind,
        form,
        amount,
        stake,
        note,
        seen,
        expected,
        other_bin,
        other,
        found_on,
        lethal,
        of,
    ) = row
    if bin_ not in providers:
        raise ProviderNotRegistered(bin=bin_)
    route = route_of(kind, code or "", lethal)
    start = machine(route).states[machine(route).initial]
    due, longer = term(route, start.name, day, lost)
    evidence = {"seen": seen, "expected": expected, "other_provider_bin": other_bin, "other_service_id": other}
    return Case(
        month=of, provider=providers[bin_], service_id=service, check_slug=slug, code=code or "", edition=edition, kind=kind, care_form=form,
        amount=amount, amount_at_stake=stake, stake_note=note or "", evidence={k: v for k, v in evidence.items() if v}, found_on=found_on,
        route=route, state=start.name, entered_on=day, shown_on=day, due_on=due, extended_days=longer, outcome=start.outcome,
    )  # fmt: skip


def _share_out(cases: list[Case], day: date) -> None:
    """Give those that begin with the Fund to somebody: few (deaths, 11.0, looks), one by one, each by the load of the moment."""
    for case in cases:
        case.assigned_to = assignee(case, day)
        Case._base_manager.filter(pk=case.pk).update(assigned_to=case.assigned_to)  # sealed with the whole list


def _count(told: Counter[tuple[str, int]], cases: list[Case]) -> None:
    """Count what came to whom: a provider, an expert, or head office where no expert is at work."""
    for case in cases:
        if not _begins_with_the_fund(case):
            told["provider", case.provider_id] += 1
        elif case.assigned_to_id is not None:
            told["expert", case.assigned_to_id] += 1
        else:
            told["head_office", 0] += 1


def _begins_with_the_fund(case: Case) -> bool:
    return not case.outcome and case.route != "objection"


_QUERY = """
    SELECT f.provider_bin, f.service_id, f."check", f.code, f.edition, f.kind, f.care_form, f.amount, f.amount_at_stake, f.stake_note,
           f.evidence.seen, f.evidence.expected, f.evidence.other_provider_bin, f.evidence.other_service_id, f.found_on,
           d.service_id IS NOT NULL AS lethal, f.month
    FROM {paths} f
    LEFT JOIN (SELECT DISTINCT provider_bin, service_id FROM {paths} WHERE "check" IN ('death-in-stay', 'infant-death')) d
      ON d.provider_bin = f.provider_bin AND d.service_id = f.service_id
    ORDER BY f.provider_bin, f.service_id, f."check" """
