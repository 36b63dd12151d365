"""Penalties for work without a licence, proposed to a person and never imposed by themselves
(321/2020, clause 10, paragraph 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from qor.engine.settlement.contract_sums import contract_sums
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import month
from qor.law.rules.unconfirmed_totals import no_licence_penalty
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.owing import OtherSum
from qor.workflow.acts.penalised import PenaltyFinding
from qor.workflow.acts.penalty_cases import CHECK, CLEARED, Contract, open_penalty_cases
from qor.workflow.acts.proposed import ProposedSum
from qor.workflow.disputes.law_day import law_day_of
from qor.workflow.disputes.models import Case

__all__ = ["CHECK", "PenaltyOfCases", "ProposedPenalty", "penalty_of_cases", "proposed_penalties"]


@dataclass(frozen=True, slots=True)
class PenaltyOfCases:
    """A penalty that a person entered, tenge, and the numbers of the cases it is for.

    `waits`: for a second person, its number is that of the waiting sum. `cleared`: those of its
    cases that were cleared since; a person decides whether it is given back.
    """

    number: int
    amount: Decimal
    waits: bool
    cases: tuple[int, ...]
    cleared: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProposedPenalty:
    """One contract: the cases of work without a licence that no penalty is for, how many they are
    and since when (None: there are none), the contract's sum, the penalty proposed for them (None
    where there are none, or the contract has no sum), and the penalties that were entered.
    """

    provider: Organisation
    contract_no: str
    cases: tuple[int, ...]
    first_on: date | None
    contract_sum: Decimal | None
    penalty: Decimal | None
    penalties: tuple[PenaltyOfCases, ...]

    @property
    def services(self) -> int:
        """How many services were found without a licence that no penalty is for."""
        return len(self.cases)

    @property
    def entered(self) -> bool:
        """Whether a penalty was entered for all that was found."""
        return not self.cases


def proposed_penalties(lake: Lake, providers: QuerySet[Organisation]) -> list[ProposedPenalty]:
    """For each contract with services found without a licence, and not cleared by a person: its
    share of the contract's sum, once for all that no penalty is for; and what was entered already.

    Nothing is deducted: who decides enters it as another deduction with the ground `penalty`.
    Sources: 321/2020:10, 291/2020:19.
    """
    waiting = open_penalty_cases(lake, providers)
    entered = _entered(providers)
    sums = _contract_sums(lake, waiting)
    named = Organisation.objects.in_bulk({provider for provider, _ in (*waiting, *entered)})
    lines = [
        _line(named[key[0]], key[1], waiting.get(key, ()), sums, tuple(entered.get(key, ())))
        for key in {*waiting, *entered}
    ]
    return sorted(lines, key=lambda line: (str(line.provider.bin), line.contract_no))


def _line(
    provider: Organisation,
    number: str,
    cases: Sequence[Case],
    sums: dict[tuple[str, str], Decimal],
    entered: tuple[PenaltyOfCases, ...],
) -> ProposedPenalty:
    first_on = min(map(law_day_of, cases), default=None)
    whole = sums.get((str(provider.bin), number))
    penalty = no_licence_penalty(whole, first_on) if whole is not None and first_on else None
    numbers = tuple(sorted(case.pk for case in cases))
    return ProposedPenalty(provider, number, numbers, first_on, whole, penalty, entered)


def _contract_sums(
    lake: Lake, waiting: dict[Contract, list[Case]]
) -> dict[tuple[str, str], Decimal]:
    """The sums of contracts as the last month of the waiting cases has them."""
    sums: dict[tuple[str, str], Decimal] = {}
    for of in sorted({case.month for cases in waiting.values() for case in cases}):
        sums |= contract_sums(lake, month(of).last)
    return sums


def penalty_of_cases(waiting: ProposedSum) -> PenaltyOfCases:
    """A sum that waits for a second person, with the cases it is a penalty for; none of another
    sum. Sources: 321/2020:10."""
    return _of_cases(waiting, [tie.case for tie in _ties().filter(proposed=waiting)])


def _entered(providers: QuerySet[Organisation]) -> dict[Contract, list[PenaltyOfCases]]:
    """The penalties that were entered, or wait for a second person, by contract."""
    by_sum: dict[OtherSum | ProposedSum, list[Case]] = defaultdict(list)
    for tie in _ties().filter(case__provider__in=providers):
        by_sum[tie.penalty].append(tie.case)
    penalties: dict[Contract, list[PenaltyOfCases]] = defaultdict(list)
    for penalty, cases in by_sum.items():
        penalties[penalty.provider_id, penalty.contract_no].append(_of_cases(penalty, cases))
    return penalties


def _ties() -> QuerySet[PenaltyFinding]:
    """The cases of penalties that were not declined, by number."""
    ties = PenaltyFinding.objects.filter(declined=False).order_by("case")
    return ties.select_related("other", "proposed__other", "case")


def _of_cases(penalty: OtherSum | ProposedSum, cases: Sequence[Case]) -> PenaltyOfCases:
    return PenaltyOfCases(
        number=penalty.pk,
        amount=penalty.amount,
        waits=isinstance(penalty, ProposedSum),
        cases=tuple(case.pk for case in cases),
        cleared=tuple(case.pk for case in cases if case.state in CLEARED),
    )
