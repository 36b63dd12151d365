"""Cases, the steps that they went through, files, outages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from qor.workflow.accounts.models import Organisation
from qor.workflow.audit.sealed_rows import SealedQuerySet
from qor.workflow.fields import MoneyField


class Case(models.Model):
    """One finding on one service. `route` and `state` name a machine and its state; `outcome` is
    empty while it is open.

    `shown_on` is the day it was shown to the provider. `assigned_to` must act now (empty: the
    provider, head office, an expert not found yet, or nobody); `first_reviewer` and `confirmed_by`
    are remembered for clauses 33 and 45. `preventable` is said in lethal cases only. `due_on` is
    the last day of the current term, `overdue_since` when the Fund let it pass. `ended_on` is the
    day the service ended, `norm` the norm of its provider and care form on that day (none: the form
    counts in none, or none is loaded).
    """

    month = models.CharField(max_length=7)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    service_id = models.CharField(max_length=200)
    check_slug = models.CharField(max_length=60)
    code = models.CharField(max_length=8, blank=True)
    edition = models.CharField(max_length=20)
    kind = models.CharField(max_length=16)
    care_form = models.CharField(max_length=30)
    amount = MoneyField()
    proposed_deduction = MoneyField(null=True)
    stake_note = models.CharField(max_length=30, blank=True)
    evidence = models.JSONField(default=dict)
    found_on = models.DateField()
    ended_on = models.DateField(null=True)
    norm = MoneyField(null=True)
    route = models.CharField(max_length=20)
    state = models.CharField(max_length=40)
    shown_on = models.DateField()
    entered_on = models.DateField()
    due_on = models.DateField(null=True)
    extended_days = models.IntegerField(default=0)
    overdue_since = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    preventable = models.BooleanField(null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="assigned_cases"
    )
    first_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "service_id", "check_slug"], name="one_case_a_finding"
            ),
            models.CheckConstraint(
                name="outcome_is_known",
                condition=models.Q(outcome__in=["", "confirmed", "rejected", "none"]),
            ),
            models.CheckConstraint(
                name="closed_case_waits_for_nobody",
                condition=models.Q(outcome="") | models.Q(assigned_to__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["outcome", "due_on"], name="case_by_due"),
            models.Index(fields=["provider", "outcome", "due_on"], name="case_by_provider"),
            models.Index(fields=["assigned_to", "outcome", "due_on"], name="case_by_assigned"),
            models.Index(fields=["month", "provider", "service_id"], name="case_by_service"),
            models.Index(
                fields=["state"],
                name="case_without_hands",
                condition=models.Q(outcome="", assigned_to__isnull=True),
            ),
        ]


class Step(models.Model):
    """One thing that happened in a case; append-only. `by` is empty for what the clock did."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    event = models.CharField(max_length=30)
    from_state = models.CharField(max_length=62)
    to_state = models.CharField(max_length=62)
    statement = models.TextField(blank=True)
    preventable = models.BooleanField(null=True)
    objects = SealedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]


class Attachment(models.Model):
    """A file beside a step: kept outside the web root under a random name, its kind read from its
    content."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80, unique=True)
    objects = SealedQuerySet.as_manager()


class Outage(models.Model):
    """A time in which the system was down, by the Fund's letter: open terms grow by its working
    days (321/2020:9).

    `first_time` and `last_time` are hours of its first and last day, by the clock of Kazakhstan;
    empty: the whole day.
    """

    first_day = models.DateField()
    first_time = models.TimeField(null=True)
    last_day = models.DateField()
    last_time = models.TimeField(null=True)
    letter_no = models.CharField(max_length=100)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField()
    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outage_is_not_inverted",
                condition=models.Q(last_day__gte=models.F("first_day")),
            )
        ]


class DocumentRequest(models.Model):
    """Documents asked of a provider in writing (321/2020:5, 42): the step that asks, until when,
    and the step that answers."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="request")
    due_on = models.DateField()
    answer = models.OneToOneField(Step, on_delete=models.PROTECT, null=True, related_name="answers")
    overdue_since = models.DateField(null=True)
    objects = SealedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_on"],
                name="request_unanswered",
                condition=models.Q(answer__isnull=True),
            )
        ]


class Notice(models.Model):
    """A word to one user: what came to them in a case (or `count` cases of a `month`), and by when;
    in the portal, and by e-mail from a job.

    `event` says what happened where that is not the case's state: a request or its answer, a
    substitute for clause 45, findings that fell away.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices", null=True)
    month = models.CharField(max_length=7, blank=True)
    count = models.IntegerField(null=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=62, blank=True)
    event = models.CharField(max_length=30, blank=True)
    request = models.ForeignKey(
        DocumentRequest, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    due_on = models.DateField(null=True)
    read_at = models.DateTimeField(null=True)
    # The letter: taken by the mail server at `sent_at`, tried again from `next_try_at`, or not due
    # (`no_letter`: its user has no address); `reported_at`: when it was said that it does not go.
    sent_at = models.DateTimeField(null=True)
    no_letter = models.BooleanField(default=False)
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "read_at"], name="notice_by_user"),
            models.Index(
                fields=["next_try_at"],
                name="notice_to_send",
                condition=Q(sent_at__isnull=True, no_letter=False),
            ),
        ]
