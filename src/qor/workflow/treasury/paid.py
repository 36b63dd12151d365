"""Which periods are paid: what was found there stays when a check is changed (321/2020:13)."""

from __future__ import annotations

from django.db.models import QuerySet

from qor.law.nouns.months import Month, month
from qor.workflow.acts.models import Act, Closing
from qor.workflow.treasury.models import Order


def paid_providers(month: Month) -> set[int]:
    """The providers to which an act of a month is paid: by the bank, or by an advance that covers
    a signed act whole. Sources: 321/2020:13."""
    by_bank = Order.objects.filter(state=Order.State.PAID, act__closing__month=str(month))
    by_advance = Act.objects.filter(
        closing__month=str(month), to_pay=0, advance_kept__gt=0, signed_on__isnull=False
    )
    return set(by_bank.values_list("provider_id", flat=True)) | set(
        by_advance.values_list("provider_id", flat=True)
    )


def unpaid_months() -> list[Month]:
    """The closed months in which something is still to be paid, oldest first. Sources:
    321/2020:13."""
    unpaid = _unpaid().values_list("closing__month", flat=True).distinct()
    return [month(each) for each in sorted(unpaid)]


def paid_upto() -> str:
    """The last closed month up to which nothing is left to pay; empty where there is none. Sources:
    321/2020:13."""
    closed = Closing.objects.order_by("-month")
    first_unpaid = next(iter(unpaid_months()), None)
    last = (
        closed.filter(month__lt=str(first_unpaid)).first()
        if first_unpaid is not None
        else closed.first()
    )
    return last.month if last is not None else ""


def _unpaid() -> QuerySet[Act]:
    return Act.objects.filter(to_pay__gt=0).exclude(orders__state=Order.State.PAID)
