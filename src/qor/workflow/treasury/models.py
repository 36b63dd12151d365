"""Payment orders and their files as they went to the bank. Sums are tenge in whole tiyn."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.models import Act, Advance
from qor.workflow.acts.order_state import OrderState
from qor.workflow.audit.sealed_rows import SealedQuerySet
from qor.workflow.fields import MoneyField


class BankFile(models.Model):
    """A file of payment orders as it went to the bank: its bytes, named by their sha256;
    append-only. `number` counts the files of a bank day."""

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10)
    bank_day = models.DateField()
    number = models.IntegerField()
    content = models.BinaryField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank_day", "number"], name="one_bank_file_of_a_number_a_day"
            )
        ]


class Order(models.Model):
    """A payment order of an act's sum of one funding, or of an advance: made, sent to the bank in a
    file, then paid or returned.

    An order stands in one file only; returned, it may be repeated by another order.
    """

    State = OrderState
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="orders")
    advance = models.ForeignKey(Advance, on_delete=models.PROTECT, null=True, related_name="orders")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract_no = models.CharField(max_length=100)
    funding = models.CharField(max_length=8, blank=True)
    amount = MoneyField()
    bank_day = models.DateField()
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MADE)
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, null=True, related_name="orders")
    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="order_pays_one_thing",
                condition=Q(act__isnull=False, advance__isnull=True)
                | Q(act__isnull=True, advance__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["act", "funding"],
                name="one_live_order_an_act_and_funding",
                condition=~Q(state="returned"),
            ),
            models.UniqueConstraint(
                fields=["advance"], name="one_live_order_an_advance", condition=~Q(state="returned")
            ),
            models.CheckConstraint(name="order_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="order_sent_stands_in_a_file",
                condition=Q(state__in=["made", "returned"]) | Q(file__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["bank_day", "state"], name="order_by_day")]
