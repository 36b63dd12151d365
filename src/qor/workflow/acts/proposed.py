"""Sums above the limit of one person, which wait for a second (291/2020:19)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.owing import OtherSum
from qor.workflow.fields import MoneyField


class ProposedSum(models.Model):
    """Another payment or deduction above the limit of one person: entered by one, it waits until a
    second accepts or declines it (291/2020:19).

    `other` is the sum that an acceptance entered; nothing is netted or posted before.
    """

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract_no = models.CharField(max_length=100)
    funding = models.CharField(max_length=8)
    pays = models.BooleanField()
    ground = models.CharField(max_length=20, choices=OtherSum.Ground.choices)
    amount = MoneyField()
    statement = models.TextField()
    found_on = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    other = models.OneToOneField(
        OtherSum, on_delete=models.PROTECT, null=True, related_name="proposed"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="proposed_sum_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="proposed_sum_has_a_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")),
            ),
            models.CheckConstraint(
                name="proposed_sum_is_entered_when_decided",
                condition=Q(other__isnull=True) | Q(decided_by__isnull=False),
            ),
        ]
