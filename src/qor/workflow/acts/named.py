"""What acts and closings name beside their sums: co-executors, and what could not be paid since
something was not loaded."""

from __future__ import annotations

from django.db import models

from qor.workflow.accounts.models import Organisation
from qor.workflow.fields import MoneyField


class CoExecution(models.Model):
    """What a co-executor rendered of an act's services: its contract (empty if none is in force)
    and limit, share, what is due; append-only.

    `accepted` of its services, `share` in percent, as a decimal text, `most` the sum of its
    contract, `above` what of the share lies over it (291/2020:34, 37).
    """

    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="co_executions")
    subcontract_bin = models.CharField(max_length=12)
    co_contract_no = models.CharField(max_length=100, blank=True)
    care_form = models.CharField(max_length=30)
    services = models.BigIntegerField()
    accepted = MoneyField()
    share = models.CharField(max_length=12)
    most = MoneyField(null=True)
    due = MoneyField()
    above = MoneyField()


class Unready(models.Model):
    """What a closing could not pay, or not surely, since something was not loaded: by name, for
    whoever can mend it; append-only.

    `what` is one of `qor.engine.settlement.unready.REASONS`; `services` and `amount` wait or are
    cut for it.
    """

    closing = models.ForeignKey("acts.Closing", on_delete=models.PROTECT, related_name="unready")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract_no = models.CharField(max_length=100, blank=True)
    care_form = models.CharField(max_length=30, blank=True)
    funding = models.CharField(max_length=8, blank=True)
    service_month = models.CharField(max_length=7)
    kind = models.CharField(max_length=24, blank=True)
    what = models.CharField(max_length=24)
    services = models.BigIntegerField()
    amount = MoneyField()
