"""Entries of the journal, and the head of their chain."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing that was done: by whom, when, to what; `hash` covers the entry and the hash of the one before."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["subject"], name="entry_by_subject")]


class Head(models.Model):
    """The last entry's number and hash: one row, locked while an entry is written."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="one_head", condition=models.Q(id=1))]
