"""A month that was run, in figures, and its acts, findings and returned rows as lists."""

from __future__ import annotations

from collections.abc import Mapping

from qor.engine.intake.lake_rows import rows_in
from qor.engine.results.reading import Row, read, read_by
from qor.engine.storage.duck import Connection, literal
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, run_step
from qor.law.nouns.months import Month


def month_sums(lake: Lake, of: Month) -> Row:
    """How many rows came and were rejected, and what the acts of a month come to, in tenge."""
    [sums] = read("month_sums", {"acts": rows_in(lake, "acts", [of])})
    return sums


def check_totals(lake: Lake, of: Month) -> list[Row]:
    """How much each check found of a month, and the tenge at stake; by check."""
    return read("check_totals", {"findings": rows_in(lake, "findings", [of])})


def code_totals(lake: Lake, of: Month) -> list[Row]:
    """The findings of a month by code, kind and care form, and the tenge at stake."""
    return read("code_totals", {"findings": rows_in(lake, "findings", [of])})


def care_form_stakes(lake: Lake, of: Month, kinds: Mapping[str, str]) -> list[Row]:
    """The findings of a month by kind of care (`kinds` of each care form): of a service only the
    largest is at stake (interpretation several_deductions)."""
    cases = " ".join(f"WHEN {literal(form)} THEN {literal(kind)}" for form, kind in kinds.items())
    tables = {"findings": rows_in(lake, "findings", [of])}
    return read_by("care_form_stakes", tables, {"kind_of_care": f"CASE care_form {cases} END"})


def largest_acts(lake: Lake, of: Month, most: int) -> list[Row]:
    """The providers with most at stake in a month, and what their acts come to, in tenge."""
    return read("largest_acts", {"acts": rows_in(lake, "acts", [of])}, most=most)


def list_rows(connection: Connection, name: str, lake: Lake, of: Month, **values: str) -> None:
    """Make the view of a step that lists a table of a month: `listed_acts`, `listed_findings` or
    `listed_returns`."""
    table = name.removeprefix("listed_")
    make_view(connection, table, rows_in(lake, table, [of]))
    run_step(connection, name, **{key: literal(value) for key, value in values.items()})


def list_rejected(lake: Lake) -> list[Row]:
    """All rejected rows of the lake, by file and line."""
    return read("listed_rejected", {"rejected": rows_in(lake, "rejected")})


def is_provider(lake: Lake, provider: str) -> bool:
    """Whether the lake's list of providers has this BIN."""
    providers = {"providers": rows_in(lake, "providers")}
    return bool(read("listed_providers", providers, provider=provider))
