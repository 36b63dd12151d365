"""Which periods are paid: what was found there stays when a check is changed (321/2020:13)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from qor.law.nouns.months import Month, month
from qor.workflow.acts.models import Act, Closing, Deduction, HeldService
from qor.workflow.disputes.models import Case
from qor.workflow.treasury.models import Order


def paid_cases(month: Month) -> set[int]:
    """The cases of a month whose period is paid: the act and funding in which their service stands
    are paid by the bank, or by an advance that covers a signed act whole.

    A service that no act names is paid in full or returned: its case is of a paid period once
    anything of the month was paid to its provider. Sources: 321/2020:13.
    """
    by_bank = Order.objects.filter(state=Order.State.PAID, act__closing__month=str(month))
    parts = set(by_bank.values_list("act_id", "funding"))
    covered = set(_covered_by_advance(month).values_list("pk", flat=True))
    paid_acts = Act.objects.filter(pk__in={act for act, _ in parts} | covered)
    waiting = {
        (provider, service)
        for provider, service, act, funding in _named_services(month)
        if (act, funding) not in parts and act not in covered
    }
    cases = Case.objects.filter(
        month=str(month), provider__in=paid_acts.values("provider")
    ).values_list("pk", "provider_id", "service_id")
    return {pk for pk, provider, service in cases if (provider, service) not in waiting}


def _covered_by_advance(month: Month) -> QuerySet[Act]:
    return Act.objects.filter(
        closing__month=str(month), to_pay=0, advance_kept__gt=0, signed_on__isnull=False
    )


def _named_services(month: Month) -> Iterator[tuple[int, str, int, str]]:
    """Provider, service, act and funding of the services that the acts of a month name one by
    one."""
    of_month = {"service_month": str(month)}
    for rows, act in (
        (HeldService.objects.filter(held_by__closing__month=str(month), **of_month), "held_by_id"),
        (Deduction.objects.filter(act__closing__month=str(month), **of_month), "act_id"),
    ):
        yield from rows.values_list("provider_id", "service_id", act, "funding").iterator()


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
