"""Closing a month: what the lake and the decisions come to becomes protocols, lines, held services,
deductions and postings; all or nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from qor.engine.checks.features import source
from qor.engine.duck import Connection, connect, literal, one, parquet, rows
from qor.engine.lake import Lake, check_for_closing, sha256_of
from qor.engine.settlement.act_lines import make_act_lines
from qor.engine.settlement.itemised import mapped
from qor.engine.settlement.run_month import DEFAULT_MEMORY, NothingToRun
from qor.engine.settlement.values import make_norms
from qor.law.machines import machine
from qor.law.months import Month
from qor.law.refusals import Refusal
from qor.workflow.accounts.models import Organisation
from qor.workflow.accounts.new_providers import enter_providers
from qor.workflow.bulk import insert_many
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.terms import lost_days, term
from qor.workflow.payments.co_executors import name_co_executors
from qor.workflow.payments.december import recalculate
from qor.workflow.payments.decisions import HOLDING, priced_now
from qor.workflow.payments.ledger import deduction_entry, line_entry, post
from qor.workflow.payments.models import (
    LINE_SUMS,
    Act,
    ActLine,
    ActStep,
    Closing,
    ContractSum,
    Debt,
    Deduction,
    HeldService,
    OtherSum,
)
from qor.workflow.payments.netting import net_acts
from qor.workflow.payments.notices import tell_of_acts
from qor.workflow.payments.retroactive import (
    Retroactive,
    look_back,
    recover_after_payment,
    withdraw,
)
from qor.workflow.payments.sealing import open_ledger, record_sealed
from qor.workflow.payments.settled import SETTLED
from qor.workflow.payments.settlement_inputs import export_settlement_inputs
from qor.workflow.payments.unready import due_without_services, write_unready

_BATCH = 20_000


class AlreadyClosed(Refusal):
    """The month was closed; its acts stand, and later decisions go into the next."""

    key = "acts_already_closed"


class LaterMonthClosed(Refusal):
    """A later month was closed already: months are closed in their order."""

    key = "later_month_closed"


class EarlierMonthOpen(Refusal):
    """An earlier month was run and is not closed: its services would never be paid."""

    key = "earlier_month_open"


class NotBroughtIn(Refusal):
    """Findings of the month are not yet cases: who may object has not been asked."""

    key = "findings_not_brought_in"


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


@dataclass(slots=True)
class _Work:
    """A closing in the making."""

    lake: Lake
    month: Month
    at: datetime
    connection: Connection
    closing: Closing
    providers: dict[str, Organisation]
    norms: dict[tuple[str, str], Decimal]
    acts: dict[tuple[str, str], Act] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


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
        closing = _begin(lake, month, by, at)
        with lake.writing() as writer, connect(writer.staging, memory) as connection:
            check_for_closing(lake, month)
            _refuse_unready(connection, lake, month, closing.closed_on)
            norms = _norms(connection, lake, month)
            withdraw(at)
            retroactive = look_back(lake, closing, norms)
            told = export_settlement_inputs(month, norms, writer.staging, retroactive.of_waiting())
            make_act_lines(connection, lake, month, closing.closed_on, told, writer.staging)
            target = writer.staging / f"{SETTLED}.parquet"
            connection.execute(
                f"COPY (SELECT * FROM {SETTLED} ORDER BY provider_bin, contract_no, "
                f"service_id, kind) TO {literal(target)} (FORMAT parquet)"
            )
            Closing.objects.filter(pk=closing.pk).update(settled=sha256_of(target))
            work = _Work(
                lake, month, at, connection, closing, _providers(lake, connection, closing), norms
            )
            _write_acts(work, retroactive)
            for part in lake.parts(SETTLED, [month]):
                writer.drop(part)
            writer.add(
                SETTLED,
                str(month),
                target,
                one(connection, f"SELECT count(*) AS n FROM {SETTLED}")["n"],
            )
            writer.commit(
                "freeze",
                {"month": str(month), "by": by, "at": at.isoformat(), "acts": len(work.acts)},
            )
            by_number = _taken_by_number(connection)
        facts = {
            "acts": len(work.acts),
            **by_number,
            "to_pay": str(sum(act.to_pay for act in work.acts.values())),
            **work.counts,
        }
        acts = [act.pk for act in work.acts.values()]
        record_sealed(
            by=by, at=at, verb="close_acts", subject=f"month:{month}", facts=facts, acts=acts
        )
    return Closed(
        str(month),
        len(work.acts),
        *(work.counts[name] for name in ("lines", "held", "deductions", "postings", "unready")),
    )


def _begin(lake: Lake, month: Month, by: str, at: datetime) -> Closing:
    """Claim the month: the database lets one closing have it, another waits and is refused."""
    open_ledger()
    if Closing.objects.filter(month=str(month)).exists():
        raise AlreadyClosed(month=str(month))
    if later := Closing.objects.filter(month__gt=str(month)).order_by("month").first():
        raise LaterMonthClosed(month=str(month), later=later.month)
    first = Closing.objects.order_by("month").values_list("month", flat=True).first()
    waiting = {
        name for name in lake.months("findings") if first is not None and first < name < str(month)
    }
    waiting -= set(Closing.objects.values_list("month", flat=True))
    if waiting:
        raise EarlierMonthOpen(month=str(month), earlier=min(waiting))
    try:
        with transaction.atomic():
            return Closing.objects.create(
                month=str(month), closed_on=civil_day(at), at=at, by=by, settled=""
            )
    except IntegrityError:
        raise AlreadyClosed(month=str(month)) from None


def _refuse_unready(connection: Connection, lake: Lake, month: Month, closed_on: date) -> None:
    """The month must have been run, and every finding that can hold or take money must be a case;
    one without services needs other sums due."""
    paths = lake.paths("findings", [month])
    if (
        str(month) not in lake.months("services")
        and closed_on > month.last
        and due_without_services(lake, month)
    ):
        return
    if str(month) not in lake.months("services") or not paths:
        raise NothingToRun(month=str(month))
    keys = f"""SELECT DISTINCT provider_bin, service_id, "check" FROM {parquet(paths)}
        WHERE kind IN {HOLDING}"""
    missing = set(connection.execute(keys).fetchall())
    cases = Case.objects.filter(kind__in=HOLDING).values_list(
        "provider__bin", "service_id", "check_slug"
    )
    missing -= set(cases.filter(month=str(month)).iterator())
    missing -= {
        key
        for key in missing
        if cases.filter(provider__bin=key[0], service_id=key[1], check_slug=key[2]).exists()
    }
    if missing:
        raise NotBroughtIn(month=str(month), missing=len(missing))


def _taken_by_number(connection: Connection) -> dict[str, int]:
    """How many services named none of several contracts that cover them and were taken as the
    first's by number (a setting): said in the journal."""
    found = one(
        connection,
        f"""SELECT coalesce(sum(g.n), 0) AS n FROM grouped_days g JOIN contract_map m
            ON {mapped("g")}
            WHERE m.not_named AND m.contract_no <> ''""",
    )
    return {"first_contract_by_number": int(found["n"])} if found["n"] else {}


def _norms(connection: Connection, lake: Lake, month: Month) -> dict[tuple[str, str], Decimal]:
    make_norms(connection, lake, month)
    return {
        (bin_, form): value
        for bin_, form, value in connection.execute(
            "SELECT bin, care_form, value FROM tariffs_of"
        ).fetchall()
    }


def _providers(lake: Lake, connection: Connection, closing: Closing) -> dict[str, Organisation]:
    """The providers by BIN; one that the portal does not know yet is entered from the Fund's list,
    also where it only lacks something."""
    named = f"""SELECT provider_bin FROM act_lines UNION
        SELECT provider_bin FROM unready WHERE provider_bin IN (SELECT bin
            FROM ({source(lake, "providers")}))"""
    bins = {bin_ for (bin_,) in connection.execute(named).fetchall()}
    return enter_providers(lake, bins, by=closing.by, at=closing.at)


def _write_acts(work: _Work, retroactive: Retroactive) -> None:
    """Acts, lines, contract sums, held services, deductions, debts; then what later decisions and
    advances change, and the postings."""
    _make_acts(work)
    _make_lines(work)
    _make_sums(work)
    _make_held(work)
    sanctions = _make_deductions(work)
    _make_debts(work, sanctions)
    work.counts["co_executors"] = name_co_executors(work.connection, work.acts)
    work.counts["unready"] = write_unready(work.connection, work.closing, work.providers, work.at)
    recalculate(work.connection, work.lake, work.month, work.providers, work.at)
    recover_after_payment(retroactive, work.closing, work.at)
    _acts_of_payments(work)
    work.counts["postings"] += net_acts(list(work.acts.values()), work.month, work.at)
    tell_of_acts(work.acts.values(), work.at)


def _make_acts(work: _Work) -> None:
    sums = ", ".join(f"sum({name}) AS {name}" for name in LINE_SUMS)
    lines = f"SELECT provider_bin, contract_no, {sums} FROM act_lines GROUP BY ALL ORDER BY ALL"
    found = rows(work.connection, lines)
    _add_acts(work, {(row.pop("provider_bin"), row.pop("contract_no")): row for row in found})


def _add_acts(work: _Work, sums: dict[tuple[str, str], dict[str, Decimal]]) -> None:
    """Make acts of so much in their initial state, by (BIN, contract)."""
    initial, on = machine("protocol").initial, work.closing.closed_on
    due, _ = term("protocol", initial, on, lost_days())
    made = {
        key: Act(
            closing=work.closing,
            provider=work.providers[key[0]],
            contract_no=key[1],
            state=initial,
            entered_on=on,
            due_on=due,
            to_pay=of["accepted"],
            **of,
        )
        for key, of in sums.items()
    }
    Act.objects.bulk_create(made.values(), batch_size=1000)
    steps = [
        ActStep(
            act=act, at=work.at, by=None, event="make", from_state="", to_state=initial, version=1
        )
        for act in made.values()
    ]
    insert_many(steps)
    work.acts |= made


def _make_lines(work: _Work) -> None:
    names = ("care_form", "funding", "service_month", "kind", "services", *LINE_SUMS, "sanction")
    found = rows(
        work.connection,
        f"SELECT provider_bin, contract_no, {', '.join(names)} FROM act_lines ORDER BY ALL",
    )
    lines = [
        ActLine(
            act=work.acts[row["provider_bin"], row["contract_no"]],
            **{name: row[name] for name in names},
        )
        for row in found
    ]
    insert_many(lines)
    work.counts["lines"] = len(lines)
    entries = (
        line_entry(line, line.act.provider_id, line.act_id, line.act.contract_no) for line in lines
    )
    work.counts["postings"] += post(entries, work.at)


def _make_sums(work: _Work) -> None:
    found = work.connection.execute(
        "SELECT contract_no, year, plan FROM year_plans WHERE contract_no IN (SELECT "
        "contract_no FROM act_lines)"
    ).fetchall()
    insert_many(
        [
            ContractSum(closing=work.closing, contract_no=number, year=year, amount=plan)
            for number, year, plan in found
        ]
    )


def _make_held(work: _Work) -> None:
    """Services that wait now; those set free are marked with the act that did it."""
    cursor = work.connection.execute("""SELECT provider_bin, contract_no, service_id, care_form,
        funding, service_month, ended_on, amount, short_death, unscaled
        FROM settled WHERE waits ORDER BY ALL""")
    while found := cursor.fetchmany(_BATCH):
        insert_many([_held(work, row) for row in found])
        work.counts["held"] += len(found)
    freed = work.connection.execute(
        "SELECT provider_bin, contract_no, service_id FROM settled WHERE kind = "
        "'released' ORDER BY ALL"
    ).fetchall()
    by_act: dict[tuple[str, str], list[str]] = defaultdict(list)
    for bin_, contract, service in freed:
        by_act[bin_, contract].append(service)
    for key, services in by_act.items():
        act = work.acts[key]
        for start in range(0, len(services), 500):
            HeldService.objects.filter(
                provider=act.provider,
                service_id__in=services[start : start + 500],
                released_by__isnull=True,
            ).update(released_by=act)


def _held(work: _Work, row: tuple[Any, ...]) -> HeldService:
    bin_, contract, service, form, funding, service_month, ended_on, amount, short, unscaled = row
    return HeldService(
        provider=work.providers[bin_],
        service_id=service,
        contract_no=contract,
        care_form=form,
        funding=funding,
        service_month=service_month,
        ended_on=ended_on,
        amount=amount,
        short_death=short,
        unscaled=unscaled,
        held_by=work.acts[bin_, contract],
    )


def _make_deductions(work: _Work) -> dict[tuple[str, str, str], Decimal]:
    """What final decisions take, service by service; the sanctions of each act and funding."""
    cases = _deciding(work)
    cursor = work.connection.execute("""SELECT provider_bin, contract_no, service_id, care_form,
        funding, service_month, ended_on, unscaled,
        spared_half, disallowed, sanction FROM settled WHERE disallowed > 0 OR sanction > 0
            ORDER BY ALL""")
    sanctions: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    while found := cursor.fetchmany(_BATCH):
        made = [each for row in found for each in _deductions(work, row, cases)]
        insert_many(made)
        work.counts["deductions"] += len(made)
        work.counts["postings"] += post((deduction_entry(each) for each in made), work.at)
        for row in found:
            sanctions[row[0], row[1], row[4]] += row[-1]
    return sanctions


def _deductions(
    work: _Work, row: tuple[Any, ...], cases: dict[tuple[str, str], int]
) -> list[Deduction]:
    """What is taken of a service: the half of a short death (291/2020:81) and what a defect takes,
    each by itself."""
    (
        bin_,
        contract,
        service,
        form,
        funding,
        service_month,
        ended_on,
        unscaled,
        half,
        disallowed,
        sanction,
    ) = row
    same = {
        "act": work.acts[bin_, contract],
        "contract_no": contract,
        "taken_on": work.closing.closed_on,
        "provider": work.providers[bin_],
        "service_id": service,
        "care_form": form,
        "funding": funding,
        "service_month": service_month,
        "ended_on": ended_on,
        "unscaled": unscaled,
    }
    found = (
        [Deduction(reason="short_death", disallowed=half, sanction=Decimal(0), **same)]
        if half
        else []
    )
    if disallowed > half or sanction:
        found.append(
            Deduction(
                reason="defect",
                case_id=cases.get((bin_, service)),
                disallowed=disallowed - half,
                sanction=sanction,
                **same,
            )
        )
    return found


def _deciding(work: _Work) -> dict[tuple[str, str], int]:
    """The confirmed case with the largest deduction of each service that is settled now; of equal
    ones that made first."""
    months = {
        row[0]
        for row in work.connection.execute("SELECT DISTINCT service_month FROM settled").fetchall()
    }
    priced = {case.pk: stake for case, stake in priced_now(months, work.norms)}
    cases = Case.objects.filter(month__in=months, outcome="confirmed", kind__in=HOLDING).order_by(
        "pk"
    )
    found: dict[tuple[str, str], tuple[Decimal, int]] = {}
    for pk, bin_, service, at_stake in cases.values_list(
        "pk", "provider__bin", "service_id", "proposed_deduction"
    ):
        stake = priced.get(pk) if at_stake is None else at_stake
        key = (str(bin_), service)
        if stake is not None and (key not in found or stake > found[key][0]):
            found[key] = (stake, pk)
    return {key: pk for key, (_, pk) in found.items()}


def _acts_of_payments(work: _Work) -> None:
    """An act for each contract without services in the month that has money to receive: another
    payment, or what is given back (291/2020:19, 21)."""
    by_id = {organisation.pk: bin_ for bin_, organisation in work.providers.items()}
    waiting = OtherSum.objects.filter(act__isnull=True, pays=True).exclude(contract_no="")
    found = (
        waiting.values_list("provider_id", "contract_no")
        .distinct()
        .order_by("provider_id", "contract_no")
    )
    keys = [(by_id[provider], contract) for provider, contract in found if provider in by_id]
    _add_acts(
        work, {key: dict.fromkeys(LINE_SUMS, Decimal(0)) for key in keys if key not in work.acts}
    )


def _make_debts(work: _Work, sanctions: dict[tuple[str, str, str], Decimal]) -> None:
    made = [
        Debt(provider=act.provider, contract_no=contract, funding=funding, amount=amount, act=act)
        for (bin_, contract, funding), amount in sorted(sanctions.items())
        for act in (work.acts[bin_, contract],)
        if amount > 0
    ]
    Debt.objects.bulk_create(made, batch_size=1000)
