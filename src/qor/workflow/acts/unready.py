"""What a closing could not pay, or not surely: kept by name and told to who can mend it
(291/2020:26, 27, 61, 78)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from qor.engine.results.contracts import has_contracts
from qor.engine.settlement.unready import REASONS
from qor.engine.settlement.values import forms_of
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import step_facts
from qor.law.nouns.months import Month
from qor.law.rules.ways_of_paying import Way
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.models import Closing, HeldService, Unready
from qor.workflow.bulk import insert_many
from qor.workflow.disputes.models import Notice

_ACCOUNT = "no_bank_account"
_NAMES = (
    "contract_no",
    "care_form",
    "funding",
    "service_month",
    "kind",
    "what",
    "services",
    "amount",
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A line of the list: provider, contract, care form, month, kind of sum, what is missing,
    services and tenge that wait or are cut for it."""

    bin: str
    contract_no: str
    care_form: str
    funding: str
    service_month: str
    kind: str
    what: str
    services: int
    amount: Decimal


def write_unready(
    connection: Connection, closing: Closing, providers: dict[str, Organisation], at: datetime
) -> int:
    """Keep the engine's list `unready` with the closing and tell who can mend it; how many lines.
    Providers that the portal does not know are left out.

    Sources: 291/2020:26, 291/2020:27.
    """
    rows = step_facts(connection, "unready_in_order")
    missing = [
        Unready(
            closing=closing,
            provider=providers[row["provider_bin"]],
            **{name: row[name] for name in _NAMES},
        )
        for row in rows
        if row["provider_bin"] in providers
    ]
    insert_many(missing)
    _tell(missing, closing.month, at)
    return len(missing)


def unready_of(month: Month) -> list[Missing]:
    """The list of a month's closing: the gravest first, then by provider and contract."""
    rows = Unready.objects.filter(closing__month=str(month)).values_list("provider__bin", *_NAMES)
    lines = [Missing(str(bin_), *rest) for bin_, *rest in rows]
    return sorted(
        lines,
        key=lambda m: (
            REASONS.index(m.what),
            m.bin,
            m.contract_no,
            m.care_form,
            m.service_month,
            m.kind,
        ),
    )


def due_without_services(lake: Lake, month: Month) -> bool:
    """Whether a month without services has something to pay: a contract paid per capita in force,
    or services held before. Sources: 291/2020:23, 39, 47."""
    if HeldService.objects.filter(released_by__isnull=True).exists():
        return True
    return has_contracts(lake, month, forms_of(Way.PER_CAPITA))


def _tell(missing: list[Unready], month: str, at: datetime) -> None:
    """One word a reason: to head office, and of a missing account to the branch and the provider,
    who must give it."""
    notices: list[Notice] = []
    for what, count in Counter(line.what for line in missing).items():
        notices += [
            Notice(user=user, month=month, count=count, at=at, state=f"unready.{what}")
            for user in _office()
        ]
    for provider in {
        line.provider_id: line.provider for line in missing if line.what == _ACCOUNT
    }.values():
        notices += [
            Notice(user=u, month=month, count=1, at=at, state=f"unready.{_ACCOUNT}")
            for u in _near(provider)
        ]
    Notice.objects.bulk_create(notices, batch_size=1000)


def _office() -> Iterable[User]:
    return User.objects.filter(is_active=True, role=User.Role.HEAD_OFFICE)


def _near(provider: Organisation) -> Iterable[User]:
    branch = Q(
        role=User.Role.ACCOUNTANT,
        organisation__kind=Organisation.Kind.BRANCH,
        organisation__region=provider.region,
    )
    own = Q(role=User.Role.PROVIDER, organisation=provider)
    return User.objects.filter(is_active=True).filter(branch | own)
