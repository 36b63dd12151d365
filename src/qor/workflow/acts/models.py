"""Closings of months, acts with their lines, what is held and deducted, debts and advances.
Sums are tenge in whole tiyn."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.named import CoExecution, Unready
from qor.workflow.acts.owing import Advance, AdvanceKept, Debt, DebtTaken, OtherSum
from qor.workflow.acts.penalised import PenaltyFinding
from qor.workflow.acts.proposed import ProposedSum
from qor.workflow.disputes.models import Case
from qor.workflow.fields import MoneyField

__all__ = [
    "ACT_SUMS",
    "LINE_SUMS",
    "Advance",
    "AdvanceKept",
    "CoExecution",
    "Debt",
    "DebtTaken",
    "OtherSum",
    "PenaltyFinding",
    "ProposedSum",
    "Unready",
]

# The sums of a line in their order; those of an act, from what was claimed to what is paid
# (291/2020:19).
LINE_SUMS: tuple[str, ...] = (
    "claimed",
    "released",
    "returned",
    "held",
    "disallowed",
    "beyond",
    "accepted",
)
ACT_SUMS: tuple[str, ...] = (
    "claimed",
    "released",
    "other_payments",
    "returned",
    "held",
    "disallowed",
    "beyond",
    "other_deductions",
    "accepted",
    "advance_kept",
    "to_pay",
)


class Closing(models.Model):
    """A month closed once: the day, by whom, and the bytes of the lake that tell what became of
    each service."""

    month = models.CharField(max_length=7, unique=True)
    closed_on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    settled = models.CharField(max_length=64)


class Act(models.Model):
    """What is due to a provider for a month under one contract: protocol first, act when it is
    agreed (291/2020:13, 18-21).

    `contract_no` is empty for services that no contract covers: nothing of them is paid. `state` is
    one of the machine `protocol`.
    """

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="acts")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="acts")
    contract_no = models.CharField(max_length=100, blank=True)
    claimed = MoneyField()
    released = MoneyField()
    other_payments = MoneyField(default=0)
    returned = MoneyField()
    held = MoneyField()
    disallowed = MoneyField()
    beyond = MoneyField()
    other_deductions = MoneyField(default=0)
    accepted = MoneyField()
    advance_due = MoneyField(default=0)
    advance_kept = MoneyField(default=0)
    to_pay = MoneyField()
    state = models.CharField(max_length=20)
    version = models.IntegerField(default=1)
    entered_on = models.DateField()
    due_on = models.DateField(null=True)
    overdue_since = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    pay_by = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "provider", "contract_no"], name="one_act_a_contract_and_month"
            ),
            models.CheckConstraint(
                name="act_accepted_closes",
                condition=Q(
                    accepted=F("claimed")
                    + F("released")
                    + F("other_payments")
                    - F("returned")
                    - F("held")
                    - F("disallowed")
                    - F("beyond")
                    - F("other_deductions")
                ),
            ),
            models.CheckConstraint(
                name="act_to_pay_closes", condition=Q(to_pay=F("accepted") - F("advance_kept"))
            ),
            models.CheckConstraint(
                name="act_never_below_zero",
                condition=Q(
                    accepted__gte=0, to_pay__gte=0, advance_kept__gte=0, other_deductions__gte=0
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "contract_no"], name="act_by_contract"),
            models.Index(fields=["state", "due_on"], name="act_by_state"),
        ]


class ActStep(models.Model):
    """One thing that happened to an act's documents; append-only."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    event = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    version = models.IntegerField()
    statement = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]


class ActLine(models.Model):
    """A line of an act: the services of one care form, funding and month; append-only. claimed +
    released = what became of them.

    `kind` is empty for services that a month's sum bounds, `unscaled` for those that the linear
    scale leaves alone (291/2020:61, 78), and else the sum that hangs on no service: per_capita,
    per_capita_unpaid, pupils, urgent_care, split_up, phenylketonuria, driver_allowance,
    staff_allowance.
    """

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="lines")
    care_form = models.CharField(max_length=30, blank=True)
    funding = models.CharField(max_length=8, blank=True)
    service_month = models.CharField(max_length=7)
    kind = models.CharField(max_length=24, blank=True, default="")
    services = models.BigIntegerField()
    claimed = MoneyField()
    released = MoneyField()
    returned = MoneyField()
    held = MoneyField()
    disallowed = MoneyField()
    beyond = MoneyField()
    accepted = MoneyField()
    sanction = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act", "care_form", "funding", "service_month", "kind"],
                name="one_line_of_each_kind",
            ),
            models.CheckConstraint(
                name="line_closes",
                condition=Q(
                    accepted=F("claimed")
                    + F("released")
                    - F("returned")
                    - F("held")
                    - F("disallowed")
                    - F("beyond")
                ),
            ),
        ]


class HeldService(models.Model):
    """A service whose monitoring was not finished at a closing; set free once, by a later act
    (291/2020:23). `reopens`: so much of its price was deducted, and waits again since the deduction
    was withdrawn.
    """

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service_id = models.CharField(max_length=200)
    contract_no = models.CharField(max_length=100, blank=True)
    care_form = models.CharField(max_length=30)
    funding = models.CharField(max_length=8, blank=True)
    service_month = models.CharField(max_length=7)
    ended_on = models.DateField()
    amount = MoneyField()
    short_death = models.BooleanField()
    unscaled = models.BooleanField(default=False)
    held_by = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="held_services")
    reopens = models.ForeignKey(
        "acts.Deduction", on_delete=models.PROTECT, null=True, related_name="reopened"
    )
    released_by = models.ForeignKey(
        Act, on_delete=models.PROTECT, related_name="released_services", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "service_id"],
                name="held_once",
                condition=Q(reopens__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["reopens"], name="reopened_once", condition=Q(reopens__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["released_by"], name="held_open", condition=Q(released_by__isnull=True)
            )
        ]


class Deduction(models.Model):
    """What a final decision takes of a service; append-only. No case: a short death (291/2020:81).

    `disallowed` lessens the act; `taken_back` was paid already and is owed back, never more than
    was paid; `sanction` is owed above the price. A decision taken after the payment stands in no
    act; `taken_on` is the day of the closing that took it.
    """

    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="deductions")
    contract_no = models.CharField(max_length=100, blank=True)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service_id = models.CharField(max_length=200)
    care_form = models.CharField(max_length=30)
    funding = models.CharField(max_length=8, blank=True)
    service_month = models.CharField(max_length=7)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="deductions")
    reason = models.CharField(max_length=20)
    ended_on = models.DateField()
    unscaled = models.BooleanField(default=False)
    disallowed = MoneyField()
    taken_back = MoneyField(default=0)
    sanction = MoneyField()
    taken_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "service_id", "act", "reason"], name="deducted_once_an_act"
            ),
            models.CheckConstraint(
                name="deduction_never_below_zero",
                condition=Q(disallowed__gte=0, taken_back__gte=0, sanction__gte=0),
            ),
        ]


class ContractSum(models.Model):
    """The year's sum of a contract as the closing found it in the lake: the ceiling that its acts
    were held to."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="contract_sums")
    contract_no = models.CharField(max_length=100)
    year = models.CharField(max_length=4)
    amount = MoneyField()
