"""Services, registers and rejected rows as a provider or an expert reads them."""

from __future__ import annotations

from pathlib import Path

from qor.engine.intake.lake_rows import rows_in
from qor.engine.results.reading import Row, read
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import rows_of_files
from qor.law.nouns.months import Month


def service_of(lake: Lake, of: Month, provider: str, service: str) -> Row:
    """One service as the provider sent it; empty where the lake has none."""
    tables = {"services": rows_in(lake, "services", [of])}
    services = read("service_facts", tables, provider=provider, service=service)
    return services[0] if services else {}


def services_of_person(lake: Lake, months: list[Month], iin: str) -> list[Row]:
    """A person's services in some months, by their beginning."""
    return read("person_services", {"services": rows_in(lake, "services", months)}, iin=iin)


def service_numbers(lake: Lake, of: Month, provider: str) -> list[str]:
    """The numbers of a provider's services of a month."""
    tables = {"services": rows_in(lake, "services", [of])}
    return [row["service_id"] for row in read("provider_services", tables, provider=provider)]


def registers_of(lake: Lake, months: list[Month], provider: str) -> list[Row]:
    """A provider's registers of some months: rows, sum (tenge), when it was signed."""
    tables = {
        "services": rows_in(lake, "services", months),
        "registers": rows_in(lake, "registers"),
    }
    return read("provider_registers", tables, provider=provider)


def statuses_of(lake: Lake, of: Month, provider: str) -> list[Row]:
    """A provider's services of a month, and whether a check returned them."""
    tables = {name: rows_in(lake, name, [of]) for name in ("services", "returns")}
    return read("service_statuses", tables, provider=provider)


def rejected_of(lake: Lake, provider: str, most: int) -> list[Row]:
    """Where a provider's rejected rows stand and why, the newest file first."""
    tables = {"rejected": rows_in(lake, "rejected")}
    return read("provider_rejected", tables, provider=provider, most=most)


def rejected_in(lake: Lake, receipt: str, provider: str, most: int) -> list[Row]:
    """The rejected rows of one file, a provider's own or those that name none."""
    tables = {"rejected": rows_in(lake, "rejected")}
    return read("receipt_rejected", tables, receipt=receipt, provider=provider, most=most)


def settled_of_line(parts: list[Path], **line: str) -> list[Row]:
    """The settled services of an act's line, from the parts that its closing names.

    `line`: provider, contract, form, funding, month, kind.
    """
    return read("settled_of_line", {"settled": rows_of_files(parts, "settled")}, **line)


def sole_providers(lake: Lake) -> set[str]:
    """The BINs of providers that are alone in their district."""
    tables = {"providers": rows_in(lake, "providers")}
    return {row["bin"] for row in read("sole_providers", tables)}


def provider_names(lake: Lake) -> list[Row]:
    """The providers of the lake: BIN, region, names; by BIN."""
    return read("provider_names", {"providers": rows_in(lake, "providers")})
