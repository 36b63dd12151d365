"""A month's findings from the lake as cases: shown to the provider the same day (321/2020:23),
their services frozen (321/2020:24)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import transaction

from qor.engine.checks.catalogue import lethal_checks
from qor.engine.checks.proposed_deduction import make_norm_kinds
from qor.engine.intake.lake_rows import rows_in, source
from qor.engine.results.findings import providers_found
from qor.engine.storage.duck import Connection, connect, literal, literals
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, run_step, step_batches, steps
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import Refusal
from qor.law.reading.interpretations import interpretation
from qor.law.reading.machines import machine, route_of
from qor.workflow.accounts.models import Organisation
from qor.workflow.accounts.new_providers import enter_providers
from qor.workflow.audit.batches import Batch
from qor.workflow.audit.journal import record
from qor.workflow.bulk import insert_many
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.assignment import assignee, lock_experts
from qor.workflow.disputes.corrections import let_fall
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.notices import notify_of_month
from qor.workflow.disputes.terms import lost_days, term

_BATCH = 5000
FirstTerm = Callable[[str, str], tuple[date | None, int]]


class MonthNotRun(Refusal):
    """The lake holds no findings of that month."""

    key = "not_run_yet"


@dataclass(frozen=True, slots=True)
class Brought:
    """How many findings of the month stand in the lake, were new as cases, stood as cases already,
    and how many cases fell away."""

    findings: int
    new: int
    known: int
    fallen: int = 0


def open_cases(
    lake: Lake, month: Month, *, by: str, at: datetime, paid: Collection[int] = ()
) -> Brought:
    """Make a case of every finding of a month that is not one yet; all or nothing. Terms run from
    the day they are shown.

    A service frozen by a finding takes no change any more: intake holds that by the same findings.
    Sources: 321/2020:22, 321/2020:23, 321/2020:24, 321/2020:26. Cases of a check that was changed
    and finds them no more fall away, but for those whose period is `paid` (321/2020:13). Those
    that begin with the Fund go to an expert at once, or wait for one where none is at work; who
    must act is told (321/2020:23). A provider without an organisation gets one from the list of
    providers. MonthNotRun, ProviderNotRegistered.
    """
    if not lake.paths("findings", [month]):
        raise MonthNotRun(month=str(month))
    day, lost = civil_day(at), lost_days()

    @cache
    def first_term(route: str, name: str) -> tuple[date | None, int]:
        return term(route, name, day, lost)

    with transaction.atomic(), connect() as connection:
        lock_experts()
        _prepare_norms(connection, lake, month)
        bins = providers_found(lake, month)
        providers = enter_providers(lake, bins, by=by, at=at)
        total, new, to_tell, seals = 0, 0, Counter[tuple[str, int]](), Batch()
        for rows in _findings(connection):
            total += len(rows)
            known = _known(rows)
            fresh = [
                _case(row, providers, day, first_term) for row in rows if _key(row) not in known
            ]
            ours = [case for case in fresh if _begins_with_the_fund(case)]
            insert_many(fresh, numbered=True)
            _share_out(ours, day)
            seals.add(fresh)
            _count(to_tell, fresh)
            new += len(fresh)
        notify_of_month(month, to_tell, term("objection", "detected", day, lost)[0], at)
        facts = {
            "month": str(month),
            "parts": [part.sha256 for part in lake.parts("findings", [month])],
            "new": new,
        }
        record(by=by, at=at, verb="open_cases", subject=f"month:{month}", facts=facts, batch=seals)
    return Brought(total, new, total - new, let_fall(lake, month, by=by, at=at, paid=paid))


def _prepare_norms(connection: Connection, lake: Lake, month: Month) -> None:
    """`case_days`: the findings with the day whose law they follow; and what the norms of that day
    are looked up in. Sources: 321/2020:10."""
    make_norm_kinds(connection)
    make_view(connection, "norms", source(lake, "norms"))
    for table in ("findings", "services"):
        make_view(connection, table, rows_in(lake, table, [month]))
    by_end = interpretation("edition_of_a_finding").choice == "service_ended_on"
    run_step(connection, "case_days", by_end=literal(by_end))
    make_view(connection, "located", "FROM case_days")
    run_step(connection, "norms_of_the_day")


def _findings(connection: Connection) -> Iterator[list[dict[str, Any]]]:
    """The findings with what a case needs of them, some thousands at a time."""
    columns, lethal = tuple(steps()["found_cases"].columns), literals(lethal_checks())
    for rows in step_batches(connection, "found_cases", _BATCH, lethal=lethal):
        yield [dict(zip(columns, row, strict=True)) for row in rows]


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["provider_bin"], row["service_id"], row["check"]


def _known(rows: list[dict[str, Any]]) -> set[tuple[str | None, str, str]]:
    """Which of some findings are cases already, also of another month: a service that was billed
    again keeps its case."""
    bins, services = ({row[name] for row in rows} for name in ("provider_bin", "service_id"))
    cases = Case.objects.filter(provider__bin__in=bins, service_id__in=services)
    return set(cases.values_list("provider__bin", "service_id", "check_slug"))


def _case(
    row: dict[str, Any], providers: dict[str, Organisation], day: date, first_term: FirstTerm
) -> Case:
    route = route_of(row["kind"], row["code"] or "", row["lethal"])
    start = machine(route).states[machine(route).initial]
    due, longer = first_term(route, start.name)
    evidence = {
        name: row[name]
        for name in ("seen", "expected", "other_provider_bin", "other_service_id")
        if row[name]
    }
    same = {
        name: row[name]
        for name in (
            "month",
            "service_id",
            "edition",
            "kind",
            "care_form",
            "amount",
            "proposed_deduction",
            "found_on",
            "ended_on",
            "norm",
        )
    }
    return Case(
        **same,
        provider=providers[row["provider_bin"]],
        check_slug=row["check"],
        code=row["code"] or "",
        stake_note=row["stake_note"] or "",
        evidence=evidence,
        route=route,
        state=start.name,
        entered_on=day,
        shown_on=day,
        due_on=due,
        extended_days=longer,
        outcome=start.outcome,
    )


def _share_out(cases: list[Case], day: date) -> None:
    """Give those that begin with the Fund to somebody: few (deaths, 11.0, looks), one by one, each
    by the load of the moment."""
    for case in cases:
        case.assigned_to = assignee(case, day)
        Case._base_manager.filter(pk=case.pk).update(
            assigned_to=case.assigned_to
        )  # sealed with the whole list


def _count(to_tell: Counter[tuple[str, int]], cases: list[Case]) -> None:
    """Count what came to whom: a provider, an expert, or head office where no expert is at work."""
    for case in cases:
        if not _begins_with_the_fund(case):
            to_tell["provider", case.provider_id] += 1
        elif case.assigned_to_id is not None:
            to_tell["expert", case.assigned_to_id] += 1
        else:
            to_tell["head_office", 0] += 1


def _begins_with_the_fund(case: Case) -> bool:
    return not case.outcome and case.route != "objection"
