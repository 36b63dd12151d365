"""Where a payment order is: the treasury's orders carry it, acts ask by it what was paid."""

from __future__ import annotations

from django.db import models


class OrderState(models.TextChoices):
    """Made, sent in a bank file, then paid or returned (291/2020:26)."""

    MADE = "made"
    SENT = "sent"
    PAID = "paid"
    RETURNED = "returned"
