"""Entering what lists loaded after a closing change: a settled row for each service or sum, and one
other sum a line, which pays or is owed (291/2020:19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Subquery

from qor.engine.settlement.service_parts import MOVED
from qor.engine.storage.duck import Connection
from qor.engine.storage.steps import add_rows, step_rows
from qor.law.nouns.months import Month
from qor.workflow.acts.closing_work import Work
from qor.workflow.acts.debts import record_debt
from qor.workflow.acts.models import Closing, OtherSum
from qor.workflow.fields import total

_NOTHING = Decimal(0)
# Neither waits nor of a short death nor unscaled; why it stands there.
_NOT_MARKED = (False, False, False, "loaded_late")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an act that a closing made: provider, contract, care form, funding, month."""

    provider_bin: str
    contract_no: str
    care_form: str
    funding: str
    service_month: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What a list loaded late changes of a part of a line, in tenge: `name` is the service, or the
    kind of a sum that hangs on none; it is `worth` so much now; `amount` is paid, or comes back
    (below zero). `clause` is the rule, `change` what is another now."""

    line: Line
    kind: str
    name: str
    worth: Decimal
    amount: Decimal
    clause: str
    change: str
    ended_on: date | None = None


def enter_moved(work: Work, moved: Sequence[Moved]) -> None:
    """Write the settled rows, and enter each line's difference as a recalculation of its contract
    and funding: taken in by this closing's act, or owed. Where a person entered one under the same
    contract and funding, either may be the other: both stand, and `unready` names it.
    Sources: 291/2020:19, 291/2020:47-1."""
    _settle(work.connection, work.month, moved)
    for line, parts in sorted(_by_line(moved).items(), key=lambda each: _columns(each[0])):
        amount = sum((part.amount for part in parts), _NOTHING)
        if amount:
            entered = OtherSum.objects.create(
                provider=work.providers[line.provider_bin],
                contract_no=line.contract_no,
                funding=line.funding,
                pays=amount > 0,
                ground=OtherSum.Ground.RECALCULATION,
                amount=abs(amount),
                statement=_statement(line, parts),
                at=work.at,
                closing=work.closing,
            )
            if amount < 0:
                record_debt(entered, work.at)
            work.counts["recalculated"] += 1
            _name_by_hand(work, line, entered)


def _name_by_hand(work: Work, line: Line, entered: OtherSum) -> None:
    """Name the recalculations in the same direction that people entered since the line's month was
    closed: of which line they are, only their words say."""
    closed = Closing.objects.filter(month=line.service_month).values("at")
    same = OtherSum.objects.filter(
        provider=entered.provider,
        contract_no=entered.contract_no,
        funding=entered.funding,
        pays=entered.pays,
        ground=entered.ground,
        closing__isnull=True,
        at__gte=Subquery(closed),
    )
    amount = total(same)
    if amount:
        signed = amount if entered.pays else -amount
        facts = (*_columns(line), "", "recalculated_by_hand", 0, signed)
        add_rows(work.connection, "unready", [facts])


def name_moved(connection: Connection, moved: Iterable[Moved]) -> None:
    """Only name the differences in `unready`; a report that changed is named already."""
    listed = set(step_rows(connection, "reports_changed"))
    for line, parts in _by_line(moved).items():
        for kind in sorted({_kind(part) for part in parts}):
            of_kind = [part for part in parts if _kind(part) == kind and part.amount]
            if of_kind and (line.provider_bin, line.care_form, line.service_month, kind) not in (
                listed
            ):
                amount = sum((part.amount for part in of_kind), _NOTHING)
                services = sum(part.kind == MOVED for part in of_kind)
                facts = (*_columns(line), kind, "loaded_late", services, amount)
                add_rows(connection, "unready", [facts])


def _kind(part: Moved) -> str:
    return "" if part.kind == MOVED else part.name


def _by_line(moved: Iterable[Moved]) -> dict[Line, list[Moved]]:
    by_line: dict[Line, list[Moved]] = defaultdict(list)
    for each in moved:
        by_line[each.line].append(each)
    return by_line


def _statement(line: Line, parts: Iterable[Moved]) -> str:
    """The month and the reason: rule, form of care, month, what is another now."""
    clauses = ", ".join(sorted({part.clause for part in parts}))
    changes = ", ".join(sorted({part.change for part in parts}))
    return f"{clauses}, {line.care_form}, {line.service_month}: {changes}"


def _columns(line: Line) -> tuple[str, str, str, str, str]:
    return (line.provider_bin, line.contract_no, line.care_form, line.funding, line.service_month)


def _settle(connection: Connection, month: Month, moved: Sequence[Moved]) -> None:
    """Add a row of each to `settled`: what it is worth now, and the difference as accepted."""
    sums = ((m.worth, 0, 0, 0, 0, m.amount, 0, 0, 0) for m in moved)
    lines = [
        (str(month), *_columns(m.line), m.name, m.ended_on, m.kind, *of, *_NOT_MARKED)
        for m, of in zip(moved, sums, strict=True)
    ]
    add_rows(connection, "settled", lines)
