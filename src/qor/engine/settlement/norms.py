"""Per-capita norms by provider, care form and day, for deductions that count in norms."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qor.engine.intake.lake_rows import source
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, step_rows
from qor.law.nouns.care_forms import CareForm
from qor.law.rules.deductions import norm_kinds

_GENERAL = "*"


@dataclass(slots=True)
class Norms:
    """All norms of the lake: by BIN (`*`: for all) and kind, each from a day to a day, latest
    first."""

    values: dict[tuple[str, str], list[tuple[date, date | None, Decimal]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def on(self, provider_bin: str, form: str, day: date) -> Decimal | None:
        """The norm of a provider in a care form on a day, in tenge: its own before the general one,
        the first kind that there is; None where there is none. Sources: 321/2020:annex 1."""
        for bin_ in (provider_bin, _GENERAL):
            for kind in norm_kinds(CareForm(form)):
                for since, until, value in self.values.get((bin_, kind), ()):
                    if since <= day and (until is None or until >= day):
                        return value
        return None


def read_norms(connection: Connection, lake: Lake) -> Norms:
    """The norms that the lake holds."""
    norms = Norms()
    make_view(connection, "norms", source(lake, "norms"))
    for bin_, kind, since, until, value in step_rows(connection, "norms_by_day"):
        norms.values[bin_, kind].append((since, until, Decimal(value)))
    return norms
