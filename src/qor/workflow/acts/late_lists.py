"""What a closing finds that lists loaded since change of closed months: services with a complex
tariff by their accounts, sums per capita by their lines (291/2020:19, 27, 47)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from qor.engine.settlement.service_parts import MOVED, MOVED_SUM, NEVER_SERVED
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import rows_of
from qor.law.reading.interpretations import interpretation
from qor.law.rules.recalculation import LinePart, differences, least_headroom
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.models import ActLine, HeldService
from qor.workflow.acts.recalculated import Line, Moved
from qor.workflow.acts.retroactive import Retroactive
from qor.workflow.acts.service_account import ServiceAccount, accounts_of, in_chunks

_NOTHING = Decimal(0)
_LINE = ("provider_bin", "contract_no", "care_form", "funding", "service_month")
_CLAUSE = "291/2020:19"
Key = tuple[int, str]


@dataclass(slots=True)
class _Contracts:
    """What contracts leave, in tenge: by line (month's sum, year's, December's mean), less what
    this closing gives of the year and of December as lines are gone through."""

    of_lines: dict[tuple[str, ...], tuple[Decimal | None, ...]]
    freed: dict[tuple[str, ...], Decimal]  # by line, by year and by month of a contract
    given: dict[tuple[str, ...], Decimal]

    def headroom(self, line: Line, whole: Decimal) -> Decimal:
        """What the line may come to more; `whole` where nothing bounds it."""
        of_line, of_year, of_december = self.of_lines.get(_key(line), (None, None, None))
        if interpretation("month_sum_without_scale").choice == "year_only":
            of_line = None
        bounds = (
            (of_line, _key(line)),
            (of_year, (line.contract_no, line.service_month[:4])),
            (of_december, (line.contract_no, line.service_month)),
        )
        left = least_headroom(
            None
            if bound is None
            else bound + self.freed.get(key, _NOTHING) - self.given.get(key, _NOTHING)
            for bound, key in bounds
        )
        return whole if left is None else left

    def give(self, line: Line, amount: Decimal) -> None:
        """So much more is paid of a line."""
        for key in (line.service_month[:4], line.service_month):
            self.given[line.contract_no, key] += max(amount, _NOTHING)


def find_moved(connection: Connection, lake: Lake) -> list[Moved]:
    """What the lists of today change of closed months beside what was entered before, each part of
    a line by itself; entered, they give nothing again.

    Nothing is found of services that were returned or taken whole, of one that waits, or of one
    without a contract; it is asked before the closing sets any free. Needs the engine's `revalued`,
    `capitation_changed`, `moved_before` and `line_headroom`.
    Sources: 291/2020:19, 291/2020:27, 291/2020:47.
    """
    contracts = _contracts(connection)
    all_moved: list[Moved] = []
    by_line: dict[Line, list[tuple[Moved, LinePart]]] = defaultdict(list)
    for each, part in (*_services(connection, lake), *_sums(connection)):
        by_line[each.line].append((each, part))
    for line, parts in sorted(by_line.items(), key=lambda each: _key(each[0])):
        whole = sum((part.worth for _, part in parts), _NOTHING)
        amounts = differences([part for _, part in parts], contracts.headroom(line, whole))
        contracts.give(line, sum(amounts, _NOTHING))
        all_moved += [
            replace(each, amount=amount)
            for (each, _), amount in zip(parts, amounts, strict=True)
            if amount or each.amount
        ]
    return all_moved


def count_in(retroactive: Retroactive, moved: list[Moved], providers: dict[str, int]) -> None:
    """Let later decisions find the services as they are worth now: what comes back of them already
    is not taken twice."""
    for each in moved:
        key = (providers[each.line.provider_bin], each.name)
        account = retroactive.accounts.get(key) if each.kind == MOVED else None
        if account is not None:
            now = account.moved + each.amount
            retroactive.accounts[key] = replace(account, moved=now, worth=each.worth)


def _key(line: Line) -> tuple[str, ...]:
    return (line.contract_no, line.care_form, line.funding, line.service_month)


def _services(connection: Connection, lake: Lake) -> Iterator[tuple[Moved, LinePart]]:
    """Services that carry a complex tariff, with what acts would accept of them now. `amount` of
    each is, until it is known, by how much its worth changed."""
    revalued = rows_of(
        connection, "revalued", ("provider_bin", "service_id", "service_month", "value")
    )
    bins = {bin_ for bin_, *_ in revalued}
    numbers = dict(Organisation.objects.filter(bin__in=bins).values_list("bin", "pk"))
    values = {(numbers[bin_], service): (bin_, value) for bin_, service, _, value in revalued}
    accounts = accounts_of(
        lake, ((numbers[bin_], service, of) for bin_, service, of, _ in revalued)
    )
    waiting = _waiting(values)
    for key, account in sorted(accounts.items(), key=lambda each: (each[1].ended_on, each[0])):
        bin_, value = values[key]
        if account.contract_no and not account.taken_whole and key not in waiting:
            yield _of_service(bin_, account, Decimal(value))


def _of_service(bin_: str, account: ServiceAccount, value: Decimal) -> tuple[Moved, LinePart]:
    line = Line(
        bin_, account.contract_no, account.care_form, account.funding, account.service_month
    )
    moved = Moved(
        line=line,
        kind=MOVED,
        name=account.service_id,
        worth=value,
        amount=value - account.worth,
        clause=_CLAUSE,
        change=f"КТ {value}",
        ended_on=account.ended_on,
    )
    left = max(value - account.spared - account.disallowed, account.taken_back)
    return moved, LinePart(left, account.accepted + account.moved)


def _waiting(keys: dict[Key, tuple[str, Decimal]]) -> set[Key]:
    """Services of which a part waits, though it be worth nothing yet."""
    waiting: set[Key] = set()
    for providers, services in in_chunks(keys):
        rows = HeldService.objects.filter(
            provider__in=providers, service_id__in=services, released_by__isnull=True
        )
        waiting |= set(rows.values_list("provider_id", "service_id"))
    return waiting


def _sums(connection: Connection) -> Iterator[tuple[Moved, LinePart]]:
    """Sums that hang on no service, with what their lines accepted, recalculated since."""
    before = {
        (*facts[:5], name): (moved, worth)
        for *facts, kind, name, moved, worth in _moved_before(connection)
        if kind == MOVED_SUM
    }
    changed = rows_of(connection, "capitation_changed", (*_LINE, "kind", "amount"))
    acts = _accepted({of for *_, of, _, _ in changed})
    for *facts, kind, amount in sorted(changed):
        line = Line(*facts)
        accepted, claimed = acts.get((*facts, kind), (_NOTHING, _NOTHING))
        moved, worth = before.get((*facts, kind), (_NOTHING, claimed))
        part = LinePart(Decimal(amount), accepted + Decimal(moved))
        yield (
            Moved(
                line=line,
                kind=MOVED_SUM,
                name=kind,
                worth=Decimal(amount),
                amount=Decimal(amount) - Decimal(worth),
                clause=_CLAUSE,
                change=f"{kind} {amount}",
            ),
            part,
        )


def _moved_before(connection: Connection) -> list[tuple[str, ...]]:
    return rows_of(connection, "moved_before", (*_LINE, "kind", "name", "moved", "worth"))


def _accepted(months: set[str]) -> dict[tuple[str, ...], tuple[Decimal, Decimal]]:
    """What acts accepted and claimed of the sums of some months, by line and kind."""
    sums: dict[tuple[str, ...], tuple[Decimal, Decimal]] = {}
    names = ("act__contract_no", "care_form", "funding", "service_month", "kind")
    lines = ActLine.objects.filter(service_month__in=months).exclude(kind="")
    for bin_, *key, accepted, claimed in lines.values_list(
        "act__provider__bin", *names, "accepted", "claimed"
    ):
        before = sums.get((str(bin_), *key), (_NOTHING, _NOTHING))
        sums[(str(bin_), *key)] = (before[0] + accepted, before[1] + claimed)
    return sums


def _contracts(connection: Connection) -> _Contracts:
    """The headroom of lines; what came back of a line before is free for it, its year and its
    December again, for recalculations alone."""
    names = ("contract_no", "care_form", "funding", "service_month")
    of_lines = {
        tuple(row[:4]): tuple(row[4:])
        for row in rows_of(
            connection, "line_headroom", (*names, "of_line", "of_year", "of_december")
        )
    }
    net: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for _, *line, kind, _, moved, _ in _moved_before(connection):
        if kind != NEVER_SERVED:
            net[tuple(line)] += Decimal(moved)
    freed: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for (contract, form, funding, of), change in net.items():
        for key in ((contract, form, funding, of), (contract, of[:4]), (contract, of)):
            freed[key] += max(-change, _NOTHING)
    return _Contracts(of_lines, freed, defaultdict(Decimal))
