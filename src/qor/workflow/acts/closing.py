"""Closing a month: what the lake and the decisions come to becomes protocols, lines, held services,
deductions and postings; all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from qor.engine.intake.lake_rows import source
from qor.engine.monitoring.month import DEFAULT_MEMORY
from qor.engine.settlement.act_lines import make_act_lines
from qor.engine.settlement.norms import read_norms
from qor.engine.settlement.service_parts import COMPLEX_TARIFFS
from qor.engine.settlement.values import complex_forms
from qor.engine.storage.duck import Connection, connect, count_of, literals
from qor.engine.storage.lake import Lake, Writer, check_for_closing, sha256_of
from qor.engine.storage.steps import make_view, row_of, step_rows, write_step
from qor.law.nouns.months import Month
from qor.law.rules.recalculation import late_lists_are_paid
from qor.workflow.accounts.models import Organisation
from qor.workflow.accounts.new_providers import enter_providers
from qor.workflow.acts.closing_acts import (
    make_acts,
    make_acts_of_payments,
    make_contract_sums,
    make_debts,
    make_lines,
)
from qor.workflow.acts.closing_claim import claim_month, refuse_unready
from qor.workflow.acts.closing_services import hold_and_release, make_deductions
from qor.workflow.acts.closing_work import Work
from qor.workflow.acts.co_executors import name_co_executors
from qor.workflow.acts.december import never_served_sums
from qor.workflow.acts.late_lists import count_in, find_moved
from qor.workflow.acts.models import Closing
from qor.workflow.acts.netting import net_acts
from qor.workflow.acts.notices import tell_of_acts
from qor.workflow.acts.recalculated import Moved, enter_moved, name_moved
from qor.workflow.acts.retroactive import Retroactive, look_back, recover_after_payment, withdraw
from qor.workflow.acts.settled import SETTLED, settled_paths
from qor.workflow.acts.settlement_inputs import export_settlement_inputs
from qor.workflow.acts.unready import write_unready
from qor.workflow.ledger.sealing import record_sealed

_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Closed:
    """What a closing made: acts, their lines, services held, deductions and postings."""

    month: str
    acts: int
    lines: int
    held: int
    deductions: int
    postings: int
    unready: int = 0


def close_acts(
    lake: Lake, month: Month, *, by: str, at: datetime, memory: str = DEFAULT_MEMORY
) -> Closed:
    """Close a month: a protocol for each provider and contract, sent to the provider; from now on
    no row of the month may change.

    What could not be paid since something was not loaded is listed and told (`Unready`); nothing
    else waits for it. A month without services closes when sums per capita are due or services were
    held.

    Two closings at once make one: the second is refused (AlreadyClosed). A process that dies leaves
    nothing but an unnamed file. Retroactive decisions flow into the next month's acts.
    NothingToRun, LaterMonthClosed, NotBroughtIn, ProviderNotRegistered.
    Sources: 321/2020:35, 321/2020:38, 321/2020:47, 291/2020:13, 291/2020:16, 291/2020:18,
    291/2020:19, 291/2020:23, 291/2020:24, 291/2020:27.
    """
    with transaction.atomic():
        closing = claim_month(lake, month, by, at)
        with lake.writing() as writer, connect(writer.staging, memory) as connection:
            check_for_closing(lake, month)
            refuse_unready(lake, month, closing.closed_on)
            work = _settle(lake, month, closing, connection, writer)
            writer.commit(
                "freeze",
                {"month": str(month), "by": by, "at": at.isoformat(), "acts": len(work.acts)},
            )
            by_number = _taken_by_number(connection)
        _record(work, by_number)
    return Closed(
        str(month),
        len(work.acts),
        *(work.counts[name] for name in ("lines", "held", "deductions", "postings", "unready")),
    )


def _settle(
    lake: Lake, month: Month, closing: Closing, connection: Connection, writer: Writer
) -> Work:
    """Make the acts of a month and the lake's part of what became of its services."""
    norms = read_norms(connection, lake)
    withdraw(closing)
    retroactive = look_back(lake, closing, norms)
    earlier = settled_paths(lake, Closing.objects.exclude(pk=closing.pk))
    inputs = export_settlement_inputs(
        month, norms, writer.staging, retroactive.of_waiting(), earlier
    )
    make_act_lines(connection, lake, month, closing.closed_on, inputs, writer.staging)
    providers = _providers(lake, connection, closing)
    work = Work(lake, month, closing.at, connection, closing, providers, norms)
    _write_acts(work, retroactive, find_moved(connection, lake))
    part = _write_settled(connection, writer)
    Closing.objects.filter(pk=closing.pk).update(settled=sha256_of(part))
    _replace_settled(connection, writer, lake, month, part)
    _write_tariffs(connection, writer, month)
    return work


def _record(work: Work, by_number: dict[str, int]) -> None:
    """Enter the closing in the journal, with the seals of its acts."""
    facts = {
        "acts": len(work.acts),
        **by_number,
        "to_pay": str(sum(act.to_pay for act in work.acts.values())),
        **work.counts,
    }
    record_sealed(
        by=work.closing.by,
        at=work.at,
        verb="close_acts",
        subject=f"month:{work.month}",
        facts=facts,
        changed={"act": [act.pk for act in work.acts.values()]},
    )


def _write_settled(connection: Connection, writer: Writer) -> Path:
    """The table `settled` as a file that is not in the lake yet."""
    part = writer.staging / f"{SETTLED}.parquet"
    write_step(connection, "settled_in_order", part)
    return part


def _replace_settled(
    connection: Connection, writer: Writer, lake: Lake, month: Month, part: Path
) -> None:
    for former in lake.parts(SETTLED, [month]):
        writer.drop(former)
    services = count_of(connection, SETTLED)
    writer.add(SETTLED, str(month), part, services)


def _write_tariffs(connection: Connection, writer: Writer, month: Month) -> None:
    """The complex tariffs that the closing paid by: what a norm says later changes no price that
    was paid."""
    part = writer.staging / f"{COMPLEX_TARIFFS}.parquet"
    forms = literals(complex_forms())
    tariffs = write_step(connection, "paid_tariffs", part, complex_forms=forms)
    writer.add(COMPLEX_TARIFFS, str(month), part, tariffs)


def _taken_by_number(connection: Connection) -> dict[str, int]:
    """How many services named none of several contracts that cover them and were taken as the
    first's by number (a setting): said in the journal."""
    [services] = row_of(connection, "taken_by_number")
    return {"first_contract_by_number": int(services)} if services else {}


def _providers(lake: Lake, connection: Connection, closing: Closing) -> dict[str, Organisation]:
    """The providers by BIN; one that the portal does not know yet is entered from the Fund's list,
    also where it only lacks something."""
    make_view(connection, "providers", source(lake, "providers"))
    bins = {bin_ for (bin_,) in step_rows(connection, "providers_of_acts")}
    return enter_providers(lake, bins, by=closing.by, at=closing.at)


def _write_acts(work: Work, retroactive: Retroactive, moved: list[Moved]) -> None:
    """Acts, lines, contract sums, held services, deductions, debts; then what later decisions and
    advances change, and the postings."""
    make_acts(work)
    make_lines(work)
    make_contract_sums(work)
    hold_and_release(work)
    sanctions = make_deductions(work)
    make_debts(work, sanctions)
    work.counts["co_executors"] = name_co_executors(work.connection, work.acts)
    _recalculate(work, retroactive, moved)
    work.counts["unready"] = write_unready(work.connection, work.closing, work.providers, work.at)
    recover_after_payment(retroactive, work.closing, work.at)
    make_acts_of_payments(work)
    work.counts["postings"] += net_acts(list(work.acts.values()), work.month, work.at)
    tell_of_acts(work.acts.values(), work.at)


def _recalculate(work: Work, retroactive: Retroactive, moved: list[Moved]) -> None:
    """Enter what lists loaded late change (`moved`, found as services stood before this closing),
    or only name it; and December's recalculation, which is entered in December all the same
    (interpretation lists_loaded_late).

    Sources: 291/2020:19, 291/2020:47, 291/2020:47-1.
    """
    pays = late_lists_are_paid()
    never_served = never_served_sums(work, moved if pays else [])
    december = work.month.number == _DECEMBER
    if pays:
        enter_moved(work, moved)
        count_in(retroactive, moved, {bin_: each.pk for bin_, each in work.providers.items()})
    else:
        name_moved(work.connection, [*moved, *([] if december else never_served)])
    if pays or december:
        enter_moved(work, never_served)
