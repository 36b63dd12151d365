"""Findings of a month as the workflow reads them: whose they are, which there are."""

from __future__ import annotations

from collections.abc import Iterable

from qor.engine.intake.lake_rows import rows_in
from qor.engine.results.reading import read, read_by
from qor.engine.storage.duck import literals
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month


def finding_keys(lake: Lake, of: Month, kinds: Iterable[str]) -> set[tuple[str, str, str]]:
    """BIN, service and check of each finding of some kinds of a month."""
    tables = {"findings": rows_in(lake, "findings", [of])}
    findings = read_by("finding_keys", tables, {"kinds": literals(kinds)})
    return {(row["provider_bin"], row["service_id"], row["check"]) for row in findings}


def providers_found(lake: Lake, of: Month) -> set[str]:
    """The BINs of providers with a finding in a month."""
    tables = {"findings": rows_in(lake, "findings", [of])}
    return {row["provider_bin"] for row in read("providers_found", tables)}
