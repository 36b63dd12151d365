"""The cases that a penalty for work without a licence is for (321/2020, clause 10, paragraph 3)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qor.workflow.acts.owing import OtherSum
from qor.workflow.acts.proposed import ProposedSum
from qor.workflow.disputes.models import Case


class PenaltyFinding(models.Model):
    """A case that a penalty is for: one penalty a case (321/2020:10).

    `other` is the penalty, or `proposed` a sum above the limit of one person, which is the penalty
    once a second accepts it. `declined`: the second person declined it, and the case waits for a
    penalty again.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="penalties")
    other = models.ForeignKey(
        OtherSum, on_delete=models.PROTECT, null=True, related_name="findings"
    )
    proposed = models.ForeignKey(
        ProposedSum, on_delete=models.PROTECT, null=True, related_name="findings"
    )
    declined = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="one_penalty_a_case", condition=Q(declined=False)
            ),
            models.CheckConstraint(
                name="penalty_finding_has_one_sum",
                condition=Q(other__isnull=True, proposed__isnull=False)
                | Q(other__isnull=False, proposed__isnull=True),
            ),
            models.CheckConstraint(
                name="only_a_proposed_penalty_is_declined",
                condition=Q(declined=False) | Q(proposed__isnull=False),
            ),
        ]

    @property
    def penalty(self) -> OtherSum | ProposedSum:
        """The penalty, or the sum that waits for a second person; the database holds one of
        them."""
        accepted = self.proposed.other if self.proposed else None
        return next(each for each in (self.other, accepted, self.proposed) if each is not None)
