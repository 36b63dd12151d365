"""One finding and one look-alike of each check, as the simulated country has them: the examples of
the handbook."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from qor.engine.intake.receive import Delivery, receive
from qor.engine.monitoring.loop import run_checks
from qor.engine.simulate.country import AFTERWARDS, MONTH, Size, make_country
from qor.engine.storage.duck import connect, parquet, rows
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import step_facts
from qor.law.nouns.months import Month, month

_SMALL = Size(people=1000, providers=12, services=1000, cases=2)
_AT = datetime(2026, 4, 2, 9, tzinfo=UTC)
FOUND_ON = {MONTH: date(2026, 3, 2), AFTERWARDS: date(2026, 4, 2)}


@dataclass(frozen=True, slots=True)
class Example:
    """One service and what it stands for: `scene` (the name of the planted scene in words), the
    row, and the evidence if it was found."""

    scene: str
    row: dict[str, Any]
    seen: str = ""
    expected: str = ""


def examples() -> dict[str, tuple[Example, Example]]:
    """For each check (slug) a finding and a look-alike that stays silent. The same every time."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "country").mkdir()
        lake = _bring_in(root)
        services: dict[str, dict[str, Any]] = {}
        findings: dict[str, list[dict[str, Any]]] = {}
        for of, found_on in FOUND_ON.items():
            with connect() as connection, tempfile.TemporaryDirectory() as scratch:
                sent = rows(connection, f"FROM {parquet(lake.paths('services', [of]))}")
                services |= {row["service_id"]: row for row in sent}
                run_checks(connection, lake, of, found_on, Path(scratch))
                for finding in step_facts(connection, "shown_findings"):
                    findings.setdefault(finding["slug"], []).append(finding)
    return {
        slug: (_finding(slug, each, services), _look_alike(slug, services))
        for slug, each in findings.items()
    }


def _bring_in(root: Path) -> Lake:
    files = make_country(root / "country", _SMALL)
    lake = Lake(root / "lake")
    for table, path in files.tables.items():
        receive(lake, Delivery(path, table, None, "handbook", _AT))
    for of, registers in files.registers.items():
        for path in registers:
            receive(lake, Delivery(path, "services", _month(of), "handbook", _AT))
    return lake


def _month(of: str) -> Month:
    return month(of)


def _finding(
    slug: str, findings: list[dict[str, Any]], services: dict[str, dict[str, Any]]
) -> Example:
    own = [each for each in findings if each["service_id"].startswith(f"X-{slug}-")]
    first = own[0]
    return Example(
        _scene(slug, first["service_id"]),
        services[first["service_id"]],
        first["seen"] or "",
        first["expected"] or "",
    )


def _look_alike(slug: str, services: dict[str, dict[str, Any]]) -> Example:
    last = max(key for key in services if key.startswith(f"X-{slug}-decoy-"))
    return Example(_scene(f"{slug}-decoy", last), services[last])


def _scene(prefix: str, service_id: str) -> str:
    return service_id.removeprefix(f"X-{prefix}-").split("-")[0].replace("_", " ")
