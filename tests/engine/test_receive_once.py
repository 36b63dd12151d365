"""What is handed in once leaves the lake that each handing in leaves."""

from __future__ import annotations

from pathlib import Path

from tests.engine.receive_once import receive_once
from tests.engine.registers import AT, BIN, GOOD, csv_text

from qor.engine.intake.receive import Delivery, Receipt, receive
from qor.engine.storage.lake import Lake, problems_of
from qor.law.nouns.months import month


def _bytes(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_same_lake_by_either_way(tmp_path: Path) -> None:
    """Byte for byte, with the same receipts: written by intake, remembered, and brought back; a
    file that is not the same is judged."""
    providers, services = tmp_path / "p.csv", tmp_path / "s.csv"
    providers.write_text(csv_text([{"bin": BIN, "region": "71"}]))
    lakes: list[dict[str, bytes]] = []
    receipts: list[list[Receipt]] = []
    for n, way in enumerate((receive, receive_once, receive_once)):
        lake = Lake(tmp_path / f"lake{n}")
        services.write_text(csv_text([GOOD, GOOD | {"service_id": "s2", "amount": "-"}]))
        files = [Delivery(providers, "providers", None, "test", AT)]
        files += [Delivery(services, "services", month("2026-02"), "test", AT)]
        receipts.append([way(lake, each) for each in files])
        lakes.append(_bytes(lake.root))
        assert problems_of(Lake(lake.root)) == []
    assert lakes[0] == lakes[1] == lakes[2] and receipts[0] == receipts[1] == receipts[2]
    services.write_text(csv_text([GOOD | {"service_id": "s3"}]))
    other = Lake(tmp_path / "lake2")
    assert receive_once(other, Delivery(services, "services", None, "test", AT)).accepted == 1
