"""Sums per capita and as reported that acts hold of closed months and that would come to another
sum now (291/2020:38-48)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qor.engine.settlement.service_parts import MOVED_SUM
from qor.engine.storage.duck import Connection
from qor.engine.storage.steps import rows_of, step_rows

# A line: provider, contract, care form, funding, month of service, kind; and what it comes to now.
Changed = tuple[str, str, str, str, str, str, Decimal]
# A kind of sum as it is made now: its name, what it lacks, its lines (kind, persons, tenge).
Kind = tuple[str, str, Sequence[tuple[str, int | None, Decimal]]]
_NOTHING = Decimal(0)
_BESIDE = {"per_capita": ("per_capita", "per_capita_unpaid")}  # one sum of two lines


@dataclass(frozen=True, slots=True)
class HeldLines:
    """The lines that acts hold, by (BIN, care form, month, kind): contract, funding and tenge; and
    which of them were recalculated before."""

    lines: dict[tuple[str, str, str, str], tuple[str, str, Decimal]]
    moved: set[tuple[str, str, str, str]]

    def changed(self, bin_: str, form: str, of: str, kinds: Iterable[Kind]) -> Iterator[Changed]:
        """Of a provider's form in a closed month the lines that come to another sum now, or were
        recalculated before. What lacks something now is left as it was closed."""
        for kind, lacks, sums in kinds:
            names = _BESIDE.get(kind, (kind,))
            before = [self.lines[key] for name in names if (key := (bin_, form, of, name)) in self]
            if lacks or not before:
                continue
            contract, funding, _ = min(before)
            now = {name: amount for name, _, amount in sums}
            for name in names:
                key, amount = (bin_, form, of, name), now.get(name, _NOTHING)
                if key in self.moved or amount != self._amount(key):
                    yield bin_, contract, form, funding, of, name, amount

    def __contains__(self, key: tuple[str, str, str, str]) -> bool:
        return key in self.lines

    def _amount(self, key: tuple[str, str, str, str]) -> Decimal:
        return self.lines[key][2] if key in self.lines else _NOTHING


def held_lines(connection: Connection) -> HeldLines:
    """The lines of `made`, and which of them were recalculated (`moved_before`)."""
    lines_made = step_rows(connection, "lines_made")
    columns = ("provider_bin", "care_form", "service_month", "name", "kind")
    moved = {
        tuple(row[:4])
        for row in rows_of(connection, "moved_before", columns)
        if row[4] == MOVED_SUM
    }
    lines = {
        (bin_, form, of, kind): (contract, funding, Decimal(amount))
        for bin_, form, of, kind, contract, funding, amount in lines_made
    }
    return HeldLines(lines, moved)
