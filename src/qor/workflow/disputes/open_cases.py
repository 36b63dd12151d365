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
from qor.engine.intake.lake_rows import source
from qor.engine.storage.duck import Connection, connect, literals, parquet
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import run_step
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
    paths = lake.paths("findings", [month])
    if not paths:
        raise MonthNotRun(month=str(month))
    day, lost = civil_day(at), lost_days()

    @cache
    def first_term(route: str, name: str) -> tuple[date | None, int]:
        return term(route, name, day, lost)

    with transaction.atomic(), connect() as connection:
        lock_experts()
        _prepare_norms(connection, lake, month, parquet(paths))
        bins = connection.execute(f"SELECT DISTINCT provider_bin FROM {parquet(paths)}").fetchall()
        providers = enter_providers(lake, {bin_ for (bin_,) in bins}, by=by, at=at)
        total, new, told, seals = 0, 0, Counter[tuple[str, int]](), Batch()
        for rows in _findings(connection, parquet(paths)):
            total += len(rows)
            known = _known(rows)
            fresh = [
                _case(row, providers, day, first_term) for row in rows if _key(row) not in known
            ]
            ours = [case for case in fresh if _begins_with_the_fund(case)]
            insert_many(fresh, numbered=True)
            _share_out(ours, day)
            seals.add(fresh)
            _count(told, fresh)
            new += len(fresh)
        notify_of_month(month, told, term("objection", "detected", day, lost)[0], at)
        facts = {
            "month": str(month),
            "parts": [part.sha256 for part in lake.parts("findings", [month])],
            "new": new,
        }
        record(by=by, at=at, verb="open_cases", subject=f"month:{month}", facts=facts, batch=seals)
    return Brought(total, new, total - new, let_fall(lake, month, by=by, at=at, paid=paid))


def _prepare_norms(connection: Connection, lake: Lake, month: Month, findings: str) -> None:
    """`located`: the findings with the day whose law they follow; and what the norms of those days
    are looked up in. Sources: 321/2020:10."""
    make_norm_kinds(connection)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW norms AS {source(lake, 'norms')}")
    by_end = interpretation("edition_of_a_finding").choice == "service_ended_on"
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE located AS
        SELECT f.provider_bin, f.service_id, f."check", f.care_form,
            CAST(s.ended_at AS DATE) AS service_ended_on,
               {"CAST(s.ended_at AS DATE)" if by_end else "f.found_on"} AS ended_on
        FROM {findings} f
        LEFT JOIN ({source(lake, "services", [month])}) s ON s.provider_bin = f.provider_bin
            AND s.service_id = f.service_id""")
    run_step(connection, "norms_of_the_day")


def _findings(connection: Connection, paths: str) -> Iterator[list[dict[str, Any]]]:
    """The findings with what a case needs of them, some thousands at a time."""
    query = _QUERY.format(paths=paths, lethal=literals(lethal_checks()))
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description]
    while rows := cursor.fetchmany(_BATCH):
        yield [dict(zip(columns, row, strict=True)) for row in rows]


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["provider_bin"], row["service_id"], row["check"]


def _known(rows: list[dict[str, Any]]) -> set[tuple[str | None, str, str]]:
    """Which of some findings are cases already, also of another month: a service that was billed
    again keeps its case."""
    bins, services = ({row[name] for row in rows} for name in ("provider_bin", "service_id"))
    held = Case.objects.filter(provider__bin__in=bins, service_id__in=services)
    return set(held.values_list("provider__bin", "service_id", "check_slug"))


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
    SELECT f.provider_bin, f.service_id, f."check", f.code, f.edition, f.kind, f.care_form,
        f.amount, f.proposed_deduction, f.stake_note,
           f.evidence.seen AS seen, f.evidence.expected AS expected,
               f.evidence.other_provider_bin AS other_provider_bin,
           f.evidence.other_service_id AS other_service_id, f.found_on,
           d.service_id IS NOT NULL AS lethal, f.month, l.service_ended_on AS ended_on,
               n.value AS norm
    FROM {paths} f
    JOIN located l ON l.provider_bin = f.provider_bin AND l.service_id = f.service_id
        AND l."check" = f."check"
    LEFT JOIN norms_of_the_day n
      ON n.provider_bin = l.provider_bin AND n.care_form = l.care_form AND n.ended_on = l.ended_on
    LEFT JOIN (SELECT DISTINCT provider_bin, service_id FROM {paths}
        WHERE "check" IN ({lethal})) d
      ON d.provider_bin = f.provider_bin AND d.service_id = f.service_id
    ORDER BY f.provider_bin, f.service_id, f."check" """
