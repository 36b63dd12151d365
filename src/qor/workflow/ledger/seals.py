"""Seals of the money's rows, chained, and the marks of what changes after it was made."""

from __future__ import annotations

from django.db import models


class Seal(models.Model):
    """Rows of one table that were written together; append-only.

    `rows` of them have numbers above those of the table's seal before and up to `last_id`;
    `digest` is the sha256 of their plain text in the columns of `layout`; `hash` covers the seal
    and the hash of the seal before.
    """

    number = models.BigIntegerField(primary_key=True)
    table = models.CharField(max_length=40)
    layout = models.SmallIntegerField()
    last_id = models.BigIntegerField()
    rows = models.IntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["table", "last_id"], name="seal_by_table")]


class Mark(models.Model):
    """What an act with all that hangs on it, or an order, was like after its last step.

    Append-only and sealed itself. `subject` is the table, `row` the row's number.
    """

    subject = models.CharField(max_length=40)
    row = models.BigIntegerField()
    layout = models.SmallIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["subject", "row"], name="mark_by_subject")]
