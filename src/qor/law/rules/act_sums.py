"""The sums of one act: what is accepted and what is paid, so that both identities hold by
construction (291/2020, clauses 4, 10, 13, 19, 23, 27)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qor.law.rules.advances import kept

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class GrossAmounts:
    """What the services of an act come to, in tenge; each sum is at least zero.

    `released` are services held in earlier acts whose monitoring is finished, whole; `disallowed`
    and `beyond` count those too.
    """

    claimed: Decimal
    released: Decimal
    returned: Decimal
    held: Decimal
    disallowed: Decimal
    beyond: Decimal
    other_payments: Decimal = _NOTHING

    @property
    def gross(self) -> Decimal:
        """What the services and other payments come to before other deductions."""
        less = self.returned + self.held + self.disallowed + self.beyond
        return self.claimed + self.released + self.other_payments - less


@dataclass(frozen=True, slots=True)
class ActSums:
    """An act's sums: accepted = claimed + released + other payments - returned - held - disallowed
    - beyond - other deductions; to pay = accepted - advance kept.
    """

    gross_amounts: GrossAmounts
    other_deductions: Decimal
    deductions_carried: Decimal
    accepted: Decimal
    advance_due: Decimal
    advance_kept: Decimal
    advance_carried: Decimal
    to_pay: Decimal


def act_sums(
    gross_amounts: GrossAmounts,
    *,
    owed: Decimal,
    advance_due: Decimal,
    advance_carried: Decimal,
    already_paid: Decimal,
    ceiling: Decimal | None,
    advance_kept: Decimal | None = None,
) -> ActSums:
    """Net what a provider owes and the advance from what its services come to; nothing goes below
    zero, the rest is carried forward.

    `owed`: sanctions above a service's own price and other deductions, new and carried
    (291/2020:19). `already_paid` on the year's contract, advances included, and `ceiling`, its
    amount: so much of the advance is kept early that the sum is never passed (291/2020:27;
    interpretation advance_kept_early). `advance_kept`: what is kept where several fundings share it
    (`keep_advances`).
    Sources: 291/2020:4, 291/2020:10, 291/2020:13, 291/2020:19, 291/2020:23, 291/2020:27.
    """
    gross = gross_amounts.gross
    if gross < 0:
        raise ValueError(f"an act's services come to less than nothing: {gross_amounts}")
    other = min(owed, gross)
    accepted = gross - other
    now = kept(advance_due, advance_carried, accepted) if advance_kept is None else advance_kept
    if ceiling is not None and advance_kept is None:
        now = min(max(now, already_paid + accepted - ceiling), accepted)
    left = max(advance_due + advance_carried - now, _NOTHING)
    return ActSums(
        gross_amounts, other, owed - other, accepted, advance_due, now, left, accepted - now
    )
