"""Cases of work without a licence that wait for a penalty, and tying a penalty to those it is for
(321/2020, clause 10, paragraph 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from qor.engine.settlement.unconfirmed_register import contracts_of_services
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, month
from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.penalised import PenaltyFinding
from qor.workflow.acts.proposed import ProposedSum
from qor.workflow.bulk import insert_many
from qor.workflow.disputes.actions import FALLEN_AWAY
from qor.workflow.disputes.models import Case

CHECK = "unlicensed-work"
# States in which a case of the check holds no longer (321/2020:5, 321/2020:13).
CLEARED = ("no_defect", FALLEN_AWAY)
Contract = tuple[int, str]  # the provider's number, the contract's


class CaseWithoutPenalty(Refusal):
    """A case that is named for a penalty is not open for one: another penalty has it, it was
    cleared, or it is of another check, provider or contract."""

    key = "case_without_penalty"


def open_penalty_cases(
    lake: Lake | None, providers: QuerySet[Organisation] | Sequence[Organisation]
) -> dict[Contract, list[Case]]:
    """The cases of work without a licence that stand and that no penalty is for, by contract; none
    where there is no lake to read their contracts from. Sources: 321/2020:10."""
    by_contract: dict[Contract, list[Case]] = defaultdict(list)
    if lake is None:
        return by_contract
    waiting = (
        Case.objects.filter(provider__in=providers, check_slug=CHECK)
        .exclude(state__in=CLEARED)
        .exclude(pk__in=PenaltyFinding.objects.filter(declined=False).values("case"))
    )
    by_month: dict[Month, list[Case]] = defaultdict(list)
    for case in waiting.select_related("provider").order_by("month", "pk"):
        by_month[month(case.month)].append(case)
    for of, cases in by_month.items():
        services = [(str(case.provider.bin), case.service_id) for case in cases]
        contracts = contracts_of_services(lake, of, services)
        for case, service in zip(cases, services, strict=True):
            by_contract[case.provider_id, contracts.get(service, "")].append(case)
    return by_contract


def cases_for_penalty(
    lake: Lake | None, provider: Organisation, contract_no: str, named: Sequence[int] | None
) -> list[int]:
    """The numbers of the cases that a penalty under a contract is for: those that are named, or
    (None) all that are open for one. Sources: 321/2020:10.

    CaseWithoutPenalty for a named one that is not open under this contract.
    """
    if named is not None and not named:
        return []
    waiting = open_penalty_cases(lake, [provider]).get((provider.pk, contract_no), [])
    numbers = sorted(case.pk for case in waiting)
    if named is None:
        return numbers
    if wrong := sorted(set(named) - set(numbers)):
        raise CaseWithoutPenalty(
            cases=", ".join(map(str, wrong)),
            contract=contract_no,
            open=", ".join(map(str, numbers)) or "–",
        )
    return sorted(set(named))


def tie_cases(cases: Iterable[int], **to: int) -> None:
    """Write which cases a penalty is for, in the caller's transaction: `other_id` or
    `proposed_id`."""
    insert_many([PenaltyFinding(case_id=case, **to) for case in cases])


def free_cases(proposed: ProposedSum) -> None:
    """Let the cases of a sum that was declined wait for a penalty again, in the caller's
    transaction."""
    proposed.findings.update(declined=True)


def cases_of(proposed: ProposedSum) -> list[int]:
    """The numbers of the cases that a sum for a second person is for."""
    return list(proposed.findings.order_by("case").values_list("case", flat=True))
