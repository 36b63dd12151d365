"""The rows of what is owed beside services' prices: other sums, debts and what was taken of them,
advances and what was kept of them.

`funding` says whose money it is: of the guaranteed care, of the insurance, or another source
(291/2020:3).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from qor.workflow.accounts.models import Organisation
from qor.workflow.fields import MoneyField


class OtherSum(models.Model):
    """Another payment or deduction of the protocol, with its ground (291/2020:19); a deduction
    becomes a debt. `act` is where it was taken in; `closing` the one that entered it, where no
    person did; `found_on` the day on which a defect was found after the payment.
    """

    class Ground(models.TextChoices):
        """Why."""

        COURT = "court"
        RECONCILIATION = "reconciliation"
        RECALCULATION = "recalculation"
        PENALTY = "penalty"
        UNSCHEDULED = "unscheduled"
        LATER_DECISION = "later_decision"
        OTHER = "other"

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract_no = models.CharField(max_length=100)
    funding = models.CharField(max_length=8, blank=True)
    pays = models.BooleanField()
    ground = models.CharField(max_length=20, choices=Ground.choices)
    amount = MoneyField()
    statement = models.TextField()
    found_on = models.DateField(null=True)
    deduction = models.ForeignKey(
        "acts.Deduction", on_delete=models.PROTECT, null=True, related_name="given_back"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    act = models.ForeignKey(
        "acts.Act", on_delete=models.PROTECT, null=True, related_name="other_sums"
    )
    closing = models.ForeignKey(
        "acts.Closing", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="other_sum_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="other_sum_of_a_person_or_a_closing",
                condition=Q(by__isnull=False, closing__isnull=True)
                | Q(by__isnull=True, closing__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["deduction"], name="given_back_once", condition=Q(deduction__isnull=False)
            ),
        ]


class Debt(models.Model):
    """What a provider owes: the sanctions of an act, another deduction, what a later decision takes
    of a service that was paid.

    It is netted from acts until it is gone; or, found after the payment, returned by the provider
    until `due_on` (321/2020:53-1) while no act is lessened (53-2). `tell_by` is the last day of its
    notice, `told_on` the day it was given, `late_since` when the alarm was raised.
    """

    class Way(models.TextChoices):
        """How it is settled."""

        NET = "net"
        RETURN = "return"

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="debts")
    contract_no = models.CharField(max_length=100, blank=True)
    funding = models.CharField(max_length=8, blank=True)
    amount = MoneyField()
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.NET)
    found_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    tell_by = models.DateField(null=True)
    told_on = models.DateField(null=True)
    late_since = models.DateField(null=True)
    deduction = models.ForeignKey(
        "acts.Deduction", on_delete=models.PROTECT, null=True, related_name="debts"
    )
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, null=True, related_name="debts")
    other = models.OneToOneField(OtherSum, on_delete=models.PROTECT, null=True, related_name="debt")


class DebtTaken(models.Model):
    """So much of a debt settled; append-only: netted in an act (from its sum of that funding),
    returned by the provider to the Fund's account, or withdrawn with the decision that it stood on
    (`deduction`).
    """

    class How(models.TextChoices):
        """How."""

        NETTED = "netted"
        RETURNED = "returned"
        WITHDRAWN = "withdrawn"

    debt = models.ForeignKey(Debt, on_delete=models.PROTECT, related_name="taken")
    act = models.ForeignKey(
        "acts.Act", on_delete=models.PROTECT, null=True, related_name="debts_taken"
    )
    how = models.CharField(max_length=10, choices=How.choices, default=How.NETTED)
    funding = models.CharField(max_length=8, blank=True)
    amount = MoneyField()
    deduction = models.ForeignKey(
        "acts.Deduction", on_delete=models.PROTECT, null=True, related_name="withdrawn"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="netted_in_an_act", condition=Q(act__isnull=False) | ~Q(how="netted")
            )
        ]


class Advance(models.Model):
    """Money paid ahead under a contract (291/2020:8), kept back from acts in even parts."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="advances")
    contract_no = models.CharField(max_length=100)
    funding = models.CharField(max_length=8, blank=True)
    kind = models.CharField(max_length=10)
    amount = MoneyField()
    first_month = models.CharField(max_length=7)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )


class AdvanceKept(models.Model):
    """What an act kept of an advance (from its sum of that funding), or a refund to the Fund's
    account (no act); append-only."""

    advance = models.ForeignKey(Advance, on_delete=models.PROTECT, related_name="kept")
    act = models.ForeignKey(
        "acts.Act", on_delete=models.PROTECT, null=True, related_name="advances_kept"
    )
    funding = models.CharField(max_length=8, blank=True)
    due = MoneyField()
    amount = MoneyField()
