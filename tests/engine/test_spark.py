"""The same findings on Spark, row by row (local mode)."""

from datetime import date, datetime
from pathlib import Path

import pytest
from tests.needs import need

from qor.engine.intake.receive import Delivery, receive
from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.simulate.country import AFTERWARDS, MONTH, Size, make_country
from qor.engine.storage.duck import connect, parquet
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, month

_AT = datetime(2026, 4, 2, 9)
_SIZE = Size(people=50_000, providers=24, services=100_000, cases=12)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A country of 100,000 services a month with every defect planted."""
    need("spark")
    folder = tmp_path_factory.mktemp("spark")
    (folder / "country").mkdir()
    files = make_country(folder / "country", _SIZE)
    country = Lake(folder / "lake")
    for table, path in files.tables.items():
        receive(country, Delivery(path, table, None, "test", _AT))
    for of, paths in files.registers.items():
        for path in paths:
            receive(country, Delivery(path, "services", month(of), "test", _AT))
    return country


@pytest.mark.slow
@pytest.mark.parametrize(
    ("of", "found_on"), [(MONTH, date(2026, 3, 2)), (AFTERWARDS, date(2026, 4, 2))], ids=str
)
def test_spark_finds_the_same(lake: Lake, of: Month, found_on: date, tmp_path: Path) -> None:
    """All checks over both editions of the law: not one row more or less, evidence and amounts to
    the tiyn."""
    from qor.engine.spark.run import run_on_spark

    run_month(lake, RunRequest(of, found_on, "test", _AT))
    run_on_spark(lake, of, found_on, str(tmp_path))
    for table in ("findings", "returns"):
        own = f"SELECT * FROM {parquet(lake.paths(table, [of]))}"
        theirs = f"SELECT * FROM read_parquet('{tmp_path}/{table}/*.parquet')"
        with connect() as connection:
            apart = connection.execute(
                f"({own} EXCEPT ALL {theirs}) UNION ALL ({theirs} EXCEPT ALL {own})"
            ).fetchall()
            count = connection.execute(f"SELECT count(*) FROM ({own})").fetchall()[0][0]
        assert apart == []
        assert count > 20 or of == AFTERWARDS
