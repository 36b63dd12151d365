"""December's recalculation of primary care: attached people whom their provider never served in the
year (291/2020:47-1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from qor.engine.settlement.capitation_amounts import PER_CAPITA, UNPAID
from qor.engine.settlement.service_parts import MOVED_SUM, NEVER_SERVED
from qor.engine.settlement.values import make_norms, never_served
from qor.engine.storage.duck import Connection, literal
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import rows_of, step_rows
from qor.law.nouns.months import Month, year_upto
from qor.law.nouns.months import month as parse_month
from qor.law.reading.figures import figure
from qor.law.rules.per_capita import PaidMonth, brought_to_eighty
from qor.workflow.acts.closing_work import Work
from qor.workflow.acts.models import ActLine, Closing, Unready
from qor.workflow.acts.recalculated import Line, Moved

_DECEMBER = 12
# The lists that the sum rests on beside acts and services, which are closed.
_LISTS = ("people", "insured", "norms", "coefficients")


def never_served_sums(work: Work, moved: Sequence[Moved]) -> list[Moved]:
    """What each provider of primary care must give back for people never served: in December the
    whole, in closings after it only what changed since, either way.

    Only months whose acts paid per capita count, December's own included, each as it stands with
    `moved` of this closing. After December nothing is asked again unless a list that it rests on,
    or a line of its year, came since. Needs `coefficient_lines` and `moved_before`; leaves
    `tariffs_of` as it is for December. Sources: 291/2020:47-1.
    """
    year = work.month.year if work.month.number == _DECEMBER else work.month.year - 1
    if work.month.number != _DECEMBER and not _may_differ(work, year, moved):
        return []
    now, before = _of_year(work, year, moved), _entered(work.connection, year)
    changes: list[Moved] = []
    for bin_, contract in sorted({*now, *before}):
        months = now.get((bin_, contract), [])
        back = brought_to_eighty(months, year) if months else Decimal(0)
        change = before.get((bin_, contract), Decimal(0)) - back
        if bin_ in work.providers and change:
            persons = max((each.people for each in months), default=0)
            changes.append(
                Moved(
                    line=Line(bin_, contract, "primary", "tmkkk", str(Month(year, _DECEMBER))),
                    kind=NEVER_SERVED,
                    name=NEVER_SERVED,
                    worth=-back,
                    amount=change,
                    clause="291/2020:47-1",
                    change=str(persons),
                )
            )
    return changes


def _may_differ(work: Work, year: int, moved: Sequence[Moved]) -> bool:
    """Whether the December of the year was closed, and since the closing before this one a list
    came that its sum rests on, or this closing has a line of the year; or a difference was only
    named."""
    if not Closing.objects.filter(month=str(Month(year, _DECEMBER))).exists():
        return False
    if any(each.line.service_month.startswith(f"{year}-") for each in moved):
        return True
    of_year = ActLine.objects.filter(act__closing=work.closing, care_form="primary")
    if of_year.filter(service_month__startswith=f"{year}-").exists():
        return True
    former = Closing.objects.filter(month__lt=work.closing.month).order_by("-month").first()
    if former is None or Unready.objects.filter(closing=former, what="loaded_late").exists():
        return True
    freeze = work.lake.last_of(parse_month(former.month), "freeze")
    came = (number for name in _LISTS for number in work.lake.numbers(name).values())
    return freeze is None or max(came, default=0) > freeze.number


def _entered(connection: Connection, year: int) -> dict[tuple[str, str], Decimal]:
    """What closings entered so far for people never served in a year, by BIN and contract."""
    columns = ("provider_bin", "contract_no", "service_month", "kind", "moved")
    return {
        (bin_, contract): -Decimal(amount)
        for bin_, contract, of, kind, amount in rows_of(connection, "moved_before", columns)
        if kind == NEVER_SERVED and of == str(Month(year, _DECEMBER))
    }


def _of_year(
    work: Work, year: int, moved: Sequence[Moved]
) -> dict[tuple[str, str], list[PaidMonth]]:
    """The months of a year that were paid for people never served, by BIN and contract."""
    paid = _paid_lines(work.connection, year, moved)
    norms = _norms_of_the_year(work.connection, work.lake, year)
    months: dict[tuple[str, str], list[PaidMonth]] = defaultdict(list)
    for bin_, name, insured, uninsured in never_served(work.connection, work.lake, year):
        for contract, (whole, lowered) in paid.get((bin_, name), {}).items():
            norm = norms.get((bin_, name))
            if norm is not None:
                share = whole if lowered is None else lowered * _lowered_share(year)
                months[bin_, contract].append(PaidMonth(norm, insured, whole))
                months[bin_, contract].append(
                    PaidMonth(norm, uninsured, share, contributions=False)
                )
    return months


def _lowered_share(year: int) -> Fraction:
    last = Month(year, _DECEMBER).last
    return Fraction(figure("unpaid_contributions_share", last).value) / 100


def _paid_lines(
    connection: Connection, year: int, moved: Sequence[Moved]
) -> dict[tuple[str, str], dict[str, tuple[Fraction, Fraction | None]]]:
    """By BIN and month, by contract: the part of the sum per capita that was accepted, and of that
    without contributions (None where none was made)."""
    parts: dict[tuple[str, str], dict[str, tuple[Fraction, Fraction | None]]] = defaultdict(dict)
    shares = {
        key: Fraction(accepted) / Fraction(worth)
        for key, (accepted, worth) in _accepted(connection, year, moved).items()
        if worth
    }
    for bin_, contract, name, _ in shares:
        whole = shares.get((bin_, contract, name, PER_CAPITA), Fraction(0))
        parts[bin_, name][contract] = (whole, shares.get((bin_, contract, name, UNPAID)))
    return parts


def _accepted(
    connection: Connection, year: int, moved: Sequence[Moved]
) -> dict[tuple[str, str, str, str], tuple[Decimal, Decimal]]:
    """What is accepted of the sums per capita of a year, and what they are worth, by BIN, contract,
    month and kind: by acts, then as lists loaded late changed them."""
    lines = ActLine.objects.filter(
        care_form="primary",
        kind__in=(PER_CAPITA, UNPAID),
        service_month__startswith=f"{year}-",
        claimed__gt=0,
    )
    names = ("act__contract_no", "service_month", "kind", "accepted", "claimed")
    sums = {
        (str(bin_), contract, name, kind): (accepted, claimed)
        for bin_, contract, name, kind, accepted, claimed in lines.values_list(
            "act__provider__bin", *names
        )
    }
    columns = ("provider_bin", "contract_no", "service_month", "name", "moved", "worth", "kind")
    changes = [
        (tuple(row[:4]), *row[4:6])
        for row in rows_of(connection, "moved_before", columns)
        if row[6] == MOVED_SUM
    ]
    changes += [
        ((m.line.provider_bin, m.line.contract_no, m.line.service_month, m.name), m.amount, m.worth)
        for m in moved
        if m.kind == MOVED_SUM
    ]
    for key, amount, worth in changes:
        if key[3] in (PER_CAPITA, UNPAID) and key[2].startswith(f"{year}-"):
            accepted, _ = sums.get(key, (Decimal(0), Decimal(0)))
            sums[key] = (accepted + Decimal(amount), Decimal(worth))
    return sums


def _norms_of_the_year(
    connection: Connection, lake: Lake, year: int
) -> dict[tuple[str, str], Decimal]:
    """The norm of primary care of each provider in each month, with the coefficients of that
    month."""
    norm_of: dict[tuple[str, str], Decimal] = {}
    for of in year_upto(Month(year, _DECEMBER)):
        make_norms(connection, lake, of)
        norms = step_rows(connection, "norms_of_december", on_day=literal(of.last))
        for bin_, value, factor in norms:
            norm_of[bin_, str(of)] = Decimal(value) * Decimal(factor)
    return norm_of
