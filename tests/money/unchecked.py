"""A month that was run and in which the checks found nothing: what a test of money needs, without
the work of fifty checks."""

from __future__ import annotations

from qor.engine.monitoring.loop import begin
from qor.engine.storage.duck import connect, literal
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month


def run_unchecked(lake: Lake, month: Month) -> None:
    """Write the month's findings and returned rows, of which there are none."""
    with lake.writing() as writer, connect(writer.staging) as connection:
        begin(connection)
        for table in ("findings", "returns"):
            target = writer.staging / f"{table}.parquet"
            connection.execute(f"COPY {table} TO {literal(target)} (FORMAT parquet)")
            for part in lake.parts(table, [month]):
                writer.drop(part)
            writer.add(table, str(month), target, 0)
        writer.commit("run", {"month": str(month)})
