"""A month's checks on Spark: findings and returned rows as Parquet, row by row those of the engine
on one machine."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import cast

from qor.engine.monitoring.loop import Progress, Skipped, run_checks
from qor.engine.spark.connection import SparkConnection, start
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month

SORTED = {
    "findings": ("provider_bin", "service_id", "check"),
    "returns": ("provider_bin", "service_id", "reason"),
}


def run_on_spark(
    lake: Lake,
    month: Month,
    found_on: date,
    target: str,
    master: str = "local[2]",
    data: str = "",
    settings: dict[str, str] | None = None,
    progress: Progress = lambda *_: None,
) -> list[Skipped]:
    """Find and price a month on Spark; write `findings` and `returns` as Parquet folders under
    `target`.

    The log is read from the lake's folder here; `data` says where the cluster sees that folder
    (s3a://…, hdfs://…), if elsewhere.
    Sources: 321/2020:13, 321/2020:21.
    """
    session = start(master, settings)
    connection = SparkConnection(session, (str(lake.root), data.rstrip("/")) if data else None)
    with tempfile.TemporaryDirectory() as folder:
        skipped = run_checks(
            cast(Connection, connection), lake, month, found_on, Path(folder), progress
        )
        for table, keys in SORTED.items():
            frame = connection.frame(table).orderBy(*[f"`{key}`" for key in keys])
            frame.write.mode("overwrite").parquet(f"{target.rstrip('/')}/{table}")
    session.catalog.clearCache()
    return skipped
