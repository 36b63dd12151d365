"""A closing's acts with their lines, the sums of their contracts, and the debts for sanctions."""

from __future__ import annotations

from decimal import Decimal

from qor.engine.storage.steps import step_facts, step_rows
from qor.law.reading.machines import machine
from qor.workflow.acts.closing_work import Work
from qor.workflow.acts.entries import line_entry
from qor.workflow.acts.models import LINE_SUMS, Act, ActLine, ActStep, ContractSum, Debt, OtherSum
from qor.workflow.bulk import insert_many
from qor.workflow.disputes.terms import lost_days, term
from qor.workflow.ledger.entries import post


def make_acts(work: Work) -> None:
    rows = step_facts(work.connection, "act_sums")
    _add_acts(work, {(row.pop("provider_bin"), row.pop("contract_no")): row for row in rows})


def _add_acts(work: Work, sums: dict[tuple[str, str], dict[str, Decimal]]) -> None:
    """Make acts of so much in their initial state, by (BIN, contract)."""
    initial, on = machine("protocol").initial, work.closing.closed_on
    due, _ = term("protocol", initial, on, lost_days())
    acts = {
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
    Act.objects.bulk_create(acts.values(), batch_size=1000)
    steps = [
        ActStep(
            act=act, at=work.at, by=None, event="make", from_state="", to_state=initial, version=1
        )
        for act in acts.values()
    ]
    insert_many(steps)
    work.acts |= acts


def make_acts_of_payments(work: Work) -> None:
    """An act for each contract without services in the month that has money to receive: another
    payment, or what is given back (291/2020:19, 21)."""
    by_id = {organisation.pk: bin_ for bin_, organisation in work.providers.items()}
    waiting = OtherSum.objects.filter(act__isnull=True, pays=True).exclude(contract_no="")
    contracts = (
        waiting.values_list("provider_id", "contract_no")
        .distinct()
        .order_by("provider_id", "contract_no")
    )
    keys = [(by_id[provider], contract) for provider, contract in contracts if provider in by_id]
    _add_acts(
        work, {key: dict.fromkeys(LINE_SUMS, Decimal(0)) for key in keys if key not in work.acts}
    )


def make_lines(work: Work) -> None:
    names = ("care_form", "funding", "service_month", "kind", "services", *LINE_SUMS, "sanction")
    rows = step_facts(work.connection, "lines_of_acts")
    lines = [
        ActLine(
            act=work.acts[row["provider_bin"], row["contract_no"]],
            **{name: row[name] for name in names},
        )
        for row in rows
    ]
    insert_many(lines)
    work.counts["lines"] = len(lines)
    entries = (
        line_entry(line, line.act.provider_id, line.act_id, line.act.contract_no) for line in lines
    )
    work.counts["postings"] += post(entries, work.at)


def make_contract_sums(work: Work) -> None:
    plans = step_rows(work.connection, "plans_of_acts")
    insert_many(
        [
            ContractSum(closing=work.closing, contract_no=number, year=year, amount=plan)
            for number, year, plan in plans
        ]
    )


def make_debts(work: Work, sanctions: dict[tuple[str, str, str], Decimal]) -> None:
    debts = [
        Debt(provider=act.provider, contract_no=contract, funding=funding, amount=amount, act=act)
        for (bin_, contract, funding), amount in sorted(sanctions.items())
        for act in (work.acts[bin_, contract],)
        if amount > 0
    ]
    Debt.objects.bulk_create(debts, batch_size=1000)
