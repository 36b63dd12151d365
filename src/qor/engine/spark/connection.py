"""A Spark session that answers to the engine's statements as a DuckDB connection does."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from qor.engine.spark.translate import CSV, PARQUET, Statement, quoted, read

if TYPE_CHECKING:  # Spark is an extra: only a run on it needs the package
    from pyspark.sql import DataFrame, SparkSession

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
}


class Answer:
    """The rows of one statement."""

    def __init__(self, frame: DataFrame | None) -> None:
        self._frame = frame

    @property
    def description(self) -> list[tuple[str]]:
        """The names of the columns, each in a tuple."""
        return [(column,) for column in self._frame.columns] if self._frame is not None else []

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return [tuple(row) for row in self._frame.collect()] if self._frame is not None else []


class SparkConnection:
    """`execute` of a DuckDB connection over Spark: tables are kept, views are plans, inserted rows
    are made at once.

    `moved` says where the lake's files lie for the cluster: (prefix here, prefix there), such as
    ("/lake", "s3a://bucket/lake").
    """

    def __init__(self, session: SparkSession, moved: tuple[str, str] | None = None) -> None:
        self.session = session
        self._moved = moved
        self._made: dict[str, DataFrame] = {}
        self._files: dict[str, str] = {}
        self._rows: dict[str, Any] = {}

    def execute(self, text: str) -> Answer:
        """Carry out one statement of the engine."""
        statement = read(CSV.sub(self._csv, PARQUET.sub(self._parquet, text)))
        if statement.does == "select":
            return Answer(self.session.sql(statement.query))
        getattr(self, f"_{statement.does}")(statement)
        return Answer(None)

    def frame(self, name: str) -> DataFrame:
        """A table or view that was made."""
        return self.session.table(name)

    def _function(self, statement: Statement) -> None:
        self.session.sql(statement.query)

    def _view(self, statement: Statement) -> None:
        self.session.sql(statement.query).createOrReplaceTempView(statement.name)

    def _table(self, statement: Statement) -> None:
        frame = self.session.sql(statement.query).persist()
        if old := self._made.pop(statement.name, None):
            old.unpersist()
        self._made[statement.name] = frame
        frame.createOrReplaceTempView(statement.name)

    def _empty(self, statement: Statement) -> None:
        self._rows.pop(statement.name, None)
        self.session.createDataFrame([], statement.query).createOrReplaceTempView(statement.name)

    def _insert(self, statement: Statement) -> None:
        standing = self.session.table(statement.name)
        new = self.session.sql(statement.query)
        lacking = {
            field.name: field.dataType for field in standing.schema if field.name not in new.columns
        }
        for column, kind in lacking.items():
            new = new.selectExpr("*", f"CAST(NULL AS {kind.simpleString()}) AS `{column}`")
        new = new.select(
            *[
                new[f"`{field.name}`"].cast(field.dataType).alias(field.name)
                for field in standing.schema
            ]
        )
        self._fill(statement.name, new)

    def _fill(self, name: str, new: DataFrame) -> None:
        """Make rows now and put them beside those that the table has: rows without their plan,
        since the plans of all checks are many."""
        rows = new._jdf.javaRDD()
        rows.rdd().localCheckpoint()
        parts = 1 + rows.count() // _ROWS_A_PART
        gathered = rows.coalesce(parts)
        if name in self._rows:
            gathered = self._rows[name].union(gathered)
        self._rows[name] = gathered
        java = self.session._jsparkSession.createDataFrame(gathered, new._jdf.schema())
        type(new)(java, self.session).createOrReplaceTempView(name)

    def _delete(self, statement: Statement) -> None:
        self._rows.pop(statement.name, None)
        schema = self.session.table(statement.name).schema
        self.session.createDataFrame([], schema).createOrReplaceTempView(statement.name)

    def _parquet(self, match: Any) -> str:
        paths = quoted(match["paths"])
        if self._moved:
            here, there = self._moved
            paths = [
                there + path.removeprefix(here) if path.startswith(here) else path for path in paths
            ]
        key = "\n".join(paths)
        if key not in self._files:
            self._files[key] = f"files_{len(self._files)}"
            self.session.read.option("mergeSchema", "true").parquet(*paths).createOrReplaceTempView(
                self._files[key]
            )
        return self._files[key]

    def _csv(self, match: Any) -> str:
        """A small file of the driver (calendar, diagnoses, coefficients) as a table of the
        cluster."""
        (path,), names_and_kinds = quoted(match["path"]), quoted(match["columns"])
        names, kinds = names_and_kinds[::2], names_and_kinds[1::2]
        with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123
            lines = [tuple(cell or None for cell in line) for line in csv.reader(file)]
        texts = ", ".join(f"`{name}` STRING" for name in names)
        typed = [
            f"CAST(`{name}` AS {_KINDS.get(kind, kind)}) AS `{name}`"
            for name, kind in zip(names, kinds, strict=True)
        ]
        view = f"small_{len(self._files)}"
        self._files[f"{path}\n{view}"] = view
        self.session.createDataFrame(lines, texts).selectExpr(*typed).createOrReplaceTempView(view)
        return view


_ROWS_A_PART = 250_000
_KINDS = {"VARCHAR": "STRING", "INTEGER": "INT"}


def start(master: str = "local[2]", settings: dict[str, str] | None = None) -> SparkSession:
    """A Spark session with the settings under which the checks answer as DuckDB does; `settings`
    add to them (S3, memory …)."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("qor")
    for key, value in (_SETTINGS | (settings or {})).items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
