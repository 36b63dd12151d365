"""Entries of the journal, the head of their chain, and the lists of rows that are too long for one
entry."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing that was done: by whom, when, to what; `seals` holds the sha256 of the rows that it
    changed; `hash` is keyed and covers the entry and the hash of the one before."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    seals = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["subject"], name="entry_by_subject")]


class Head(models.Model):
    """The last entry's number and hash: one row, locked while an entry is written; which key the
    journal is made with (its sha256), and the last day at which the head was written elsewhere."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    key_id = models.CharField(max_length=64, default="")
    published_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="one_head", condition=models.Q(id=1))]


class SealedBatch(models.Model):
    """Some thousands of rows with their sha256, one a line: an entry names the batch and the sha256
    of all its parts."""

    batch = models.CharField(max_length=32)
    position = models.IntegerField()
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="batch_in_order")]
