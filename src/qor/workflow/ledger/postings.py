"""The rows of the ledger: postings by account, and the number of the last entry."""

from __future__ import annotations

from django.db import models

from qor.workflow.fields import MoneyField


class Account(models.TextChoices):
    """Where money stands.

    care: what providers billed, less what was returned to them; claims: bills under examination
    (empty after each closing); held: monitoring not finished; payable: accepted and not paid;
    disallowed, beyond: what is not paid; owed: what providers owe beside; sanctions: the other side
    of it; other_payments; advances: paid ahead and not kept yet; cash; between: what one funding
    settled for another (zero over all fundings).
    """

    CARE = "care"
    CLAIMS = "claims"
    HELD = "held"
    PAYABLE = "payable"
    DISALLOWED = "disallowed"
    BEYOND = "beyond"
    OWED = "owed"
    SANCTIONS = "sanctions"
    OTHER_PAYMENTS = "other_payments"
    ADVANCES = "advances"
    CASH = "cash"
    BETWEEN = "between"


class LedgerHead(models.Model):
    """The number of the last entry, the head of the chain of seals and the journal's entry that
    tells it: one row, locked while money is written."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    seals = models.BigIntegerField(default=0)
    seal_hash = models.CharField(max_length=64, blank=True)
    told_in = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="one_ledger_head", condition=models.Q(id=1))]


class Posting(models.Model):
    """So much moved from one account to another; append-only. `funding` is whose money it is;
    `cause` names what it comes from: line:…, case:…, other:…, debt:…, advance:…, order:….

    Debit and credit stand in one row: no posting is without its other side.
    """

    entry = models.BigIntegerField()
    debit = models.CharField(max_length=16)
    credit = models.CharField(max_length=16)
    provider_id = models.BigIntegerField()
    contract_no = models.CharField(max_length=100, blank=True)
    funding = models.CharField(max_length=8, blank=True)
    act_id = models.BigIntegerField(null=True, db_index=True)
    amount = MoneyField()
    cause = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="posting_moves_something", condition=models.Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="posting_has_two_sides", condition=~models.Q(debit=models.F("credit"))
            ),
        ]
