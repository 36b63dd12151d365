"""One reading of what became of a service's money: everything that asks what was paid of a service
asks here.

The closings' parts in the lake say what each act made of a service (a service paid in full has no
row: its price comes from the row that was billed); the database says what waits, what final
decisions took, and what of it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet

from qor.engine.settlement.act_lines import UNSCALED
from qor.engine.settlement.service_parts import ServiceParts, service_parts
from qor.engine.storage.lake import Lake
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.models import ActLine, Closing, Deduction, HeldService
from qor.workflow.acts.settled import settled_paths

Key = tuple[int, str]
_NOTHING = Decimal(0)
_CHUNK = 500


class AccountDoesNotClose(AssertionError):
    """A service's price is not what became of it: a broken assumption, never a message to live
    with."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service in tenge: price = returned + spared + disallowed + held + beyond + accepted.

    `spared` is a short death's half; `held` waits now; `accepted` is what acts took to be paid,
    `accepted_in` by the month of the act; later decisions took `taken_back` of it, and `sanction`
    above the price; lists loaded later changed what was accepted by `moved`, since it is `worth`
    another sum than its price now. `contract_no` is empty where no contract covered the service;
    `went_back`: it was returned, also where it had no price of its own.
    """

    provider_id: int
    service_id: str
    service_month: str
    contract_no: str
    care_form: str
    funding: str
    ended_on: date
    price: Decimal
    went_back: bool
    returned: Decimal
    spared: Decimal
    held: Decimal
    disallowed: Decimal
    beyond: Decimal
    accepted: Decimal
    accepted_in: dict[str, Decimal]
    moved: Decimal
    worth: Decimal
    taken_back: Decimal
    sanction: Decimal

    @property
    def due(self) -> Decimal:
        """What a decision may take of it before the rest is a sanction."""
        return self.price - self.spared

    @property
    def paid(self) -> Decimal:
        """What is paid of it, or will be: accepted at closings, recalculated since, less what later
        decisions took back."""
        return self.accepted + self.moved - self.taken_back

    @property
    def taken_whole(self) -> bool:
        """Whether nothing of it is left: it was returned, or decisions took all that it is
        worth."""
        lost = self.disallowed + self.taken_back
        return self.went_back or 0 < self.worth - self.spared <= lost


def standing() -> QuerySet[Deduction]:
    """The deductions that stand: neither given back, nor withdrawn from a debt, nor waiting
    again."""
    return Deduction.objects.filter(
        given_back__isnull=True, withdrawn__isnull=True, reopened__isnull=True
    )


def accounts_of(lake: Lake, keys: Iterable[tuple[int, str, str]]) -> dict[Key, ServiceAccount]:
    """The accounts of services of closed months, by (provider, service), for keys (provider,
    service, month); unknown services have none.

    AccountDoesNotClose. Sources: 291/2020:13, 291/2020:19, 291/2020:23, 321/2020:53.
    """
    asked = sorted(set(keys))
    bins = dict(
        Organisation.objects.filter(pk__in={key[0] for key in asked}).values_list("pk", "bin")
    )
    numbers = {str(bin_): pk for pk, bin_ in bins.items()}
    wanted = ((str(bins[provider]), service, of) for provider, service, of in asked)
    parts = service_parts(lake, settled_paths(lake, Closing.objects.all()), wanted)
    by_key = {(numbers[bin_], service): of_service for (bin_, service), of_service in parts.items()}
    contracts, waiting, lost = _contracts(by_key), _held(by_key), _taken(by_key)
    return {
        key: _account(
            key[0],
            of_service,
            contracts,
            waiting.get(key, _NOTHING),
            lost.get(key, (_NOTHING,) * 3),
        )
        for key, of_service in by_key.items()
    }


def in_chunks(keys: Collection[Key]) -> Iterator[tuple[set[int], set[str]]]:
    """Providers and services of some keys at a time, for a query whose rows are then matched by
    key."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        yield {provider for provider, _ in some}, {service for _, service in some}


def _account(
    provider: int,
    parts: ServiceParts,
    contracts: dict[tuple[int, str, str, str], set[str]],
    waiting: Decimal,
    lost: tuple[Decimal, ...],
) -> ServiceAccount:
    covering = contracts.get((provider, parts.service_month, parts.care_form, parts.funding), set())
    own = parts.contract_no
    if own is None:
        own = parts.named if parts.named in covering else min(covering, default="")
    accepted = sum(parts.accepted.values(), _NOTHING)
    disallowed, taken_back, sanction = lost
    if (
        parts.price
        != parts.returned + parts.spared + disallowed + waiting + parts.beyond + accepted
    ):
        raise AccountDoesNotClose(f"{parts}, held {waiting}, disallowed {disallowed}")
    return ServiceAccount(
        provider,
        parts.service_id,
        parts.service_month,
        own,
        parts.care_form,
        parts.funding,
        parts.ended_on,
        parts.price,
        parts.went_back,
        parts.returned,
        parts.spared,
        waiting,
        disallowed,
        parts.beyond,
        accepted,
        dict(parts.accepted),
        parts.moved,
        parts.price if parts.worth is None else parts.worth,
        taken_back,
        sanction,
    )


def _contracts(parts: dict[Key, ServiceParts]) -> dict[tuple[int, str, str, str], set[str]]:
    """The contracts under which a provider's services of a month, form and funding were settled:
    those that have a line in the acts of that month.

    A service without a row is in the line of the contract that it names, where that covered it;
    else in the first by number: where that would be wrong, the closing wrote a row.
    """
    whole = [key for key, of_service in parts.items() if of_service.contract_no is None]
    lines = ActLine.objects.filter(
        act__provider__in={provider for provider, _ in whole},
        service_month__in={parts[key].service_month for key in whole},
        kind__in=("", UNSCALED),
        act__closing__month=F("service_month"),
    )
    contracts: dict[tuple[int, str, str, str], set[str]] = defaultdict(set)
    facts = ("act__provider_id", "service_month", "care_form", "funding", "act__contract_no")
    for provider, of, form, funding, contract in lines.values_list(*facts).distinct():
        if contract:
            contracts[provider, of, form, funding].add(contract)
    return contracts


def _held(keys: Collection[Key]) -> dict[Key, Decimal]:
    """What waits of each service."""
    amounts: dict[Key, Decimal] = defaultdict(Decimal)
    for providers, services in in_chunks(keys):
        rows = HeldService.objects.filter(
            provider__in=providers, service_id__in=services, released_by__isnull=True
        )
        for provider, service, amount in rows.values_list("provider_id", "service_id", "amount"):
            amounts[provider, service] += amount
    return amounts


def _taken(keys: Collection[Key]) -> dict[Key, tuple[Decimal, ...]]:
    """(disallowed, taken back, sanction) of each service by decisions that stand; the half of a
    short death is told apart."""
    lost: dict[Key, tuple[Decimal, ...]] = {}
    names = ("provider_id", "service_id", "disallowed", "taken_back", "sanction")
    for providers, services in in_chunks(keys):
        rows = (
            standing()
            .filter(provider__in=providers, service_id__in=services)
            .exclude(reason="short_death")
        )
        for provider, service, *sums in rows.values_list(*names):
            so_far = lost.get((provider, service), (_NOTHING,) * 3)
            lost[provider, service] = tuple(a + b for a, b in zip(so_far, sums, strict=True))
    return lost
