"""The parts of the lake that closings name: what became of each service that is not simply paid in
full."""

from __future__ import annotations

from pathlib import Path

from django.db.models import QuerySet

from qor.engine.storage.lake import Lake
from qor.workflow.acts.models import Closing

SETTLED = "settled"


def settled_paths(lake: Lake, closings: QuerySet[Closing]) -> list[Path]:
    """The files of these closings. A file that no closing names was left by one that died, and does
    not count."""
    named = set(closings.values_list("settled", flat=True))
    return lake.files_of(part for part in lake.parts(SETTLED) if part.sha256 in named)
