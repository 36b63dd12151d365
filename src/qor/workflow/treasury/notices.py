"""Telling head office's accountants what is not paid by its day (291/2020:26)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.models import Act
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.models import Notice
from qor.workflow.treasury.cash import past_pay_by

UNPAID = "money.unpaid"


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
        is_active=True, role=User.Role.ACCOUNTANT, organisation__kind=Organisation.Kind.HEAD_OFFICE
    )
    notified = set(Notice.objects.filter(state=UNPAID).values_list("user_id", "month", "due_on"))
    notices = [
        Notice(user=user, month=month, count=count, at=at, state=UNPAID, due_on=day)
        for (month, day), count in sorted(late.items())
        for user in payers
        if (user.pk, month, day) not in notified
    ]
    return len(Notice.objects.bulk_create(notices, batch_size=1000))
