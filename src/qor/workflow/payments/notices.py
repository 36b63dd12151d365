"""Telling people whose turn it is with an act's documents, in the portal and by e-mail: one word
for a month, not one an act (291/2020:18-21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from qor.law.reading.machines import Owner, state
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.models import Notice
from qor.workflow.payments.cash import past_pay_by
from qor.workflow.payments.models import Act

UNPAID = "money.unpaid"


def tell_of_acts(acts: Iterable[Act], at: datetime) -> int:
    """Tell the owners of acts' states, each once for each state and day; how many were told. Signed
    acts and those without a contract wait for nobody."""
    told: Counter[tuple[Owner, int, str, str, date | None]] = Counter()
    for act in acts:
        owner = state("protocol", act.state).owner
        if act.contract_no and owner is not None:
            told[owner, act.provider_id, act.closing.month, act.state, act.due_on] += 1
    found = [
        Notice(user=user, month=month, count=count, at=at, state=f"protocol.{name}", due_on=due)
        for (owner, provider, month, name, due), count in told.items()
        for user in _owners(owner, provider)
    ]
    return len(Notice.objects.bulk_create(found, batch_size=1000))


def tell_of_unpaid(at: datetime) -> int:
    """Tell head office's accountants of acts that were not paid by their day: once a day of
    payment, month and person. Sources: 291/2020:26."""
    late: Counter[tuple[str, date]] = Counter()
    for month, day in past_pay_by(Act.objects.all(), civil_day(at)).values_list(
        "closing__month", "pay_by"
    ):
        if day is not None:
            late[month, day] += 1
    if not late:
        return 0
    payers = User.objects.filter(
        is_active=True, role=User.Role.ACCOUNTANT, organisation__kind="head_office"
    )
    told = set(Notice.objects.filter(state=UNPAID).values_list("user_id", "month", "due_on"))
    found = [
        Notice(user=user, month=month, count=count, at=at, state=UNPAID, due_on=day)
        for (month, day), count in sorted(late.items())
        for user in payers
        if (user.pk, month, day) not in told
    ]
    return len(Notice.objects.bulk_create(found, batch_size=1000))


def _owners(owner: Owner, provider_id: int) -> Iterable[User]:
    active = User.objects.filter(is_active=True)
    if owner is Owner.PROVIDER:
        return active.filter(role=User.Role.PROVIDER, organisation_id=provider_id)
    region = Organisation.objects.filter(pk=provider_id).values("region")
    return active.filter(
        Q(role=User.Role.ACCOUNTANT, organisation__kind="branch", organisation__region__in=region)
    )
