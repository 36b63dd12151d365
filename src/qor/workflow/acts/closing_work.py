"""A closing in the making."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from qor.engine.settlement.norms import Norms
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.models import Act, Closing


@dataclass(slots=True)
class Work:
    """A closing in the making."""

    lake: Lake
    month: Month
    at: datetime
    connection: Connection
    closing: Closing
    providers: dict[str, Organisation]
    norms: Norms
    acts: dict[tuple[str, str], Act] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
