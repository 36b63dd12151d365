"""Telling people whose turn it is with an act's documents, in the portal and by e-mail: one word
for a month, not one an act (291/2020:18-21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from qor.law.reading.machines import Owner, state
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.models import Act
from qor.workflow.disputes.models import Notice


def tell_of_acts(acts: Iterable[Act], at: datetime) -> int:
    """Tell the owners of acts' states, each once for each state and day; how many were told. Signed
    acts and those without a contract wait for nobody."""
    counts: Counter[tuple[Owner, int, str, str, date | None]] = Counter()
    for act in acts:
        owner = state("protocol", act.state).owner
        if act.contract_no and owner is not None:
            counts[owner, act.provider_id, act.closing.month, act.state, act.due_on] += 1
    notices = [
        Notice(user=user, month=month, count=count, at=at, state=f"protocol.{name}", due_on=due)
        for (owner, provider, month, name, due), count in counts.items()
        for user in _owners(owner, provider)
    ]
    return len(Notice.objects.bulk_create(notices, batch_size=1000))


def _owners(owner: Owner, provider_id: int) -> Iterable[User]:
    active = User.objects.filter(is_active=True)
    if owner is Owner.PROVIDER:
        return active.filter(role=User.Role.PROVIDER, organisation_id=provider_id)
    region = Organisation.objects.filter(pk=provider_id).values("region")
    return active.filter(
        Q(
            role=User.Role.ACCOUNTANT,
            organisation__kind=Organisation.Kind.BRANCH,
            organisation__region__in=region,
        )
    )
