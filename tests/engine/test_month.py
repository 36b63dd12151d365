"""The month end to end on a small country: nothing missed, nothing wrongly found, acts that
balance, the same bytes again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.registers import AT, GOOD, csv_text, lake_with_providers, take

from qor.engine.checks.entitlements import coefficient_lines
from qor.engine.checks.proposed_deduction import make_rates
from qor.engine.intake.identifier_digits import check_digit_of
from qor.engine.intake.receive import Delivery, receive
from qor.engine.monitoring.loop import intervals
from qor.engine.monitoring.month import MonthClosed, NothingToRun, RunRequest, freeze, run_month
from qor.engine.monitoring.person_index import build_index
from qor.engine.monitoring.rehearsal import try_register
from qor.engine.settlement.unconfirmed_register import list_unconfirmed_cases
from qor.engine.simulate.country import AFTERWARDS, MONTH, Files, Size, make_country
from qor.engine.simulate.rule_tables import norm_rows
from qor.engine.simulate.score import score
from qor.engine.simulate.world import providers
from qor.engine.storage.duck import Connection, connect, parquet
from qor.engine.storage.lake import Lake, sha256_of
from qor.engine.storage.steps import rows_of, steps
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.identifiers import check_digit
from qor.law.nouns.months import Month, month
from qor.law.nouns.refusals import NoEditionOnDate
from qor.law.rules.deductions import deduction, norm_kinds

AFTER = datetime(2026, 4, 2, 9)  # when the last of the registers is handed in
SMALL = Size(people=4000, providers=24, services=8000, cases=12)
ORDER = RunRequest(MONTH, date(2026, 3, 2), "test", datetime(2026, 3, 2, 9))


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lake, Files]]:
    """A small country, brought in but not yet run."""
    folder = tmp_path_factory.mktemp("country") / "small"
    folder.mkdir()
    files = make_country(folder, SMALL)
    lake = Lake(folder / "lake")
    for table, path in files.tables.items():
        assert receive(lake, Delivery(path, table, None, "test", AT)).rejected == 0
    for of, paths in files.registers.items():
        for path in paths:
            receive(lake, Delivery(path, "services", month(of), "test", AFTER))
    yield lake, files


def have_run(lake: Lake) -> None:
    """Run the month, but where nothing came since its last run."""
    last = lake.last_of(MONTH, "run")
    if last is None or {entry.kind for entry in lake.entries[last.number :]} - {"run"}:
        run_month(lake, ORDER)


def test_found_is_what_was_planted(country: tuple[Lake, Files]) -> None:
    """Recall and precision are 1 for every check; every check has its plants and its
    look-alikes."""
    lake, files = country
    have_run(lake)
    run_month(lake, RunRequest(AFTERWARDS, date(2026, 4, 2), "test", ORDER.at))
    scores = score(lake, [MONTH, AFTERWARDS], files.truth)
    assert [(s.check, s.recall, s.precision) for s in scores] == [
        (s.check, "1.0000", "1.0000") for s in scores
    ]
    assert all(files.decoys[s.check] >= SMALL.cases for s in scores)
    assert {s.check for s in scores} == set(files.planted)


def test_the_acts_balance(country: tuple[Lake, Files]) -> None:
    """received = returned + held + payable for each line, and over all; received is what the
    registers and the rejected rows say."""
    lake, _ = country
    have_run(lake)
    with connect() as connection:
        acts = f"SELECT * FROM {parquet(lake.paths('acts', [MONTH]))}"
        wrong = connection.execute(
            f"SELECT count(*) FROM ({acts}) WHERE received <> returned + held + payable"
        ).fetchall()
        received = connection.execute(f"SELECT sum(received) FROM ({acts})").fetchall()[0][0]
        billed = connection.execute(
            f"SELECT sum(amount) FROM {parquet(lake.paths('services', [MONTH]))}"
        ).fetchall()[0][0]
        rejected = connection.execute(
            f"SELECT sum(amount) FROM {parquet(lake.paths('rejected'))} WHERE month = '{MONTH}'"
        ).fetchall()[0][0]
    assert wrong == [(0,)]
    assert received == billed + rejected


def test_nothing_is_at_stake_in_general_findings_and_reviews(country: tuple[Lake, Files]) -> None:
    """General: zero. Review: empty, a person must look. Potential: an amount, or a note why not."""
    lake, _ = country
    have_run(lake)
    with connect() as connection:
        odd = connection.execute(f"""SELECT count(*) FROM {parquet(lake.paths("findings", [MONTH]))}
            WHERE
            (kind = 'general' AND proposed_deduction <> 0) OR (kind = 'review'
                AND proposed_deduction IS NOT NULL)
            OR (kind = 'potential'
                AND (proposed_deduction IS NULL) = (stake_note = ''))""").fetchall()
    assert odd == [(0,)]


def test_the_stake_in_sql_is_the_law_function(country: tuple[Lake, Files]) -> None:
    """Every potential finding's amount equals `deduction` for its code, form, amount and norm."""
    lake, _ = country
    have_run(lake)
    norms = {
        (row["bin"], row["kind"]): row["value"] for row in norm_rows(providers(SMALL.providers))
    }
    with connect() as connection:
        raised = connection.execute(f"""SELECT provider_bin, code, care_form, amount,
            proposed_deduction
            FROM {parquet(lake.paths("findings", [MONTH]))}
                WHERE kind IN ('potential', 'additional') AND code IS NOT NULL
                AND stake_note = ''""")
        for bin_, code, form, amount, stake in raised.fetchall():
            kinds = [
                (place, kind)
                for place in (bin_, "*")
                for kind in norm_kinds(CareForm(form))
                if (place, kind) in norms
            ]
            norm = norms[kinds[0]] if kinds else None
            assert deduction(code, form, amount, date(2026, 2, 15), norm).amount == stake


@pytest.mark.slow
def test_the_same_run_gives_the_same_bytes(country: tuple[Lake, Files]) -> None:
    """Run twice, on one thread and on two: identical files."""
    lake, _ = country
    run_month(lake, RunRequest(MONTH, date(2026, 3, 2), "test", AT, threads=1))
    first = [part.sha256 for part in lake.parts("findings", [MONTH])]
    run_month(lake, RunRequest(MONTH, date(2026, 3, 2), "test", AT, threads=2))
    assert [part.sha256 for part in lake.parts("findings", [MONTH])] == first
    assert [sha256_of(path) for path in lake.paths("findings", [MONTH])] == first


def test_a_service_with_a_finding_is_not_changed(
    country: tuple[Lake, Files], tmp_path: Path
) -> None:
    """321/2020:24: after a finding stands on it, a changed row is refused, the same row is not."""
    lake, _ = country
    have_run(lake)
    with connect() as connection:
        row = connection.execute(f"""SELECT s.* EXCLUDE (unreadable)
            FROM {parquet(lake.paths("services", [MONTH]))} s
            JOIN {parquet(lake.paths("findings", [MONTH]))} f USING (provider_bin, service_id)
                WHERE f."check" = 'after-death' LIMIT 1""")
        columns = [column[0] for column in row.description or []]
        service = dict(zip(columns, row.fetchall()[0], strict=True))
    plain = {key: "" if cell is None else cell for key, cell in service.items()}
    assert take(lake, tmp_path, "same.csv", csv_text([plain])).unchanged == 1
    assert take(lake, tmp_path, "changed.csv", csv_text([plain | {"amount": "1.00"}])).reasons == {
        "has_finding": 1
    }


def test_the_register_of_unconfirmed_cases(country: tuple[Lake, Files]) -> None:
    """Annex 2: every service with code 5.0, 5.1 or 5.2 once, and no other."""
    lake, _ = country
    have_run(lake)
    with connect() as connection:
        list_unconfirmed_cases(connection, lake, MONTH)
        listed = rows_of(connection, "unconfirmed_cases", ("provider_bin", "service_id"))
        services = connection.execute(f"""SELECT DISTINCT provider_bin, service_id
            FROM {parquet(lake.paths("findings", [MONTH]))}
            WHERE code IN ('5.0', '5.1', '5.2')""").fetchall()
    assert len(listed) == len(set(listed))
    assert set(listed) == set(services)


@pytest.mark.slow
def test_killed_at_any_moment_and_run_again(country: tuple[Lake, Files], tmp_path: Path) -> None:
    """kill -9 leaves the lake as it was; the same command again gives byte-identical findings."""
    lake, _ = country
    run_month(lake, ORDER)
    whole = [part.sha256 for part in lake.parts("findings", [MONTH])]
    command = [
        sys.executable,
        "-m",
        "qor",
        "run",
        str(MONTH),
        "--lake",
        str(lake.root),
        "--found-on",
        "2026-03-02",
        "--json",
    ]
    dice = random.Random(7)
    for _ in range(4):
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(dice.uniform(0.3, 2.5))
            os.kill(process.pid, signal.SIGKILL)
        lake.reload()
        assert [part.sha256 for part in lake.parts("findings", [MONTH])] == whole
        assert all(
            sha256_of(lake.root / part.path) == part.sha256 for part in lake.parts("findings")
        )
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert [part.sha256 for part in Lake(lake.root).parts("findings", [MONTH])] == whole


def test_checks_that_lack_a_table_are_named(tmp_path: Path) -> None:
    """No licences loaded is not "no licence": the check is skipped, and the run says so."""
    lake = lake_with_providers(tmp_path)
    take(lake, tmp_path, "r.csv", csv_text([GOOD]))
    outcome = run_month(lake, ORDER)
    assert ("licence-missing", ("licences",)) in {
        (skip.check, skip.lacks) for skip in outcome.skipped
    }
    assert outcome.rows["acts"] == 1


def test_months_that_cannot_be_run(tmp_path: Path) -> None:
    """A month without services, before the law that is held, or closed for good."""
    lake = lake_with_providers(tmp_path)
    with pytest.raises(NothingToRun):
        run_month(lake, ORDER)
    old = {"started_at": "2025-06-10 09:00:00", "ended_at": "2025-06-10 09:20:00"}
    take(lake, tmp_path, "r.csv", csv_text([GOOD, GOOD | old | {"service_id": "s2"}]), of=None)
    with pytest.raises(NoEditionOnDate):
        run_month(lake, RunRequest(Month(2025, 6), date(2026, 3, 2), "test", AT))
    freeze(lake, MONTH, "test", AT)
    with pytest.raises(MonthClosed):
        run_month(lake, ORDER)


def test_march_2026_is_cut_at_the_new_edition() -> None:
    """1-13 March follow order 68, 14-31 March order 19."""
    with connect() as connection:
        connection.execute(
            "CREATE VIEW month_services AS SELECT unnest([TIMESTAMP '2026-03-02 09:00', "
            "TIMESTAMP '2026-03-30 09:00']) AS ended_at"
        )
        for table in steps()["dated_rules"].reads:
            connection.execute(
                f"CREATE VIEW {table} AS SELECT DATE '2020-01-01' AS valid_from, "
                "NULL::DATE AS valid_to"
            )
        cut = [(span.first, span.last) for span in intervals(connection)]
    assert cut == [(date(2026, 3, 2), date(2026, 3, 13)), (date(2026, 3, 14), date(2026, 3, 30))]


@cache
def _asked() -> Connection:
    """One connection for all numbers."""
    return connect()


@settings(max_examples=100, deadline=None)
@given(st.text("0123456789", min_size=11, max_size=11))
def test_check_digits_in_sql_are_those_of_the_law(first: str) -> None:
    """The expression that intake uses agrees with the law floor's function."""
    number = f"'{first}'"
    digit = _asked().execute(f"SELECT {check_digit_of(number)}").fetchall()[0][0]
    assert (None if digit == 10 else digit) == check_digit(first)


_DAYS = st.integers(0, 60).map(lambda n: date.fromordinal(date(2026, 1, 1).toordinal() + n))


@given(
    st.lists(
        st.tuples(_DAYS, st.none() | _DAYS, st.sampled_from(["1.10", "0.95", "1.2345"])), max_size=6
    ),
    _DAYS,
)
def test_coefficients_multiply_on_every_day(
    spans: list[tuple[date, date | None, str]], day: date
) -> None:
    """The product of those in force on the day, whatever the intervals are."""
    windows = [
        (since, until, Decimal(value))
        for since, until, value in spans
        if until is None or until >= since
    ]
    lines = list(coefficient_lines([("1", "outpatient", *span) for span in windows]))
    on_day = [value for _, _, since, until, value in lines if since <= day <= until]
    product = Decimal(1)
    for since, until, value in windows:
        product *= value if since <= day and (until is None or until >= day) else 1
    assert on_day == (
        [product] if any(s <= day and (u is None or u >= day) for s, u, _ in windows) else []
    )


def test_rates_cover_every_check_and_form() -> None:
    """No finding can fall outside the table of rates: an inner join would lose it silently."""
    from qor.engine.checks.catalogue import ALL
    from qor.engine.checks.proposed_deduction import forms_of

    with connect() as connection:
        make_rates(connection, ALL, date(2026, 2, 15))
        covered = set(connection.execute('SELECT "check", care_form FROM rates').fetchall())
    assert covered == {
        (check.slug, form.value) for check in ALL for form in forms_of(check, date(2026, 2, 15))
    }


@pytest.mark.parametrize("indexed", [False, True])
def test_trying_a_register_finds_what_the_run_finds(
    country: tuple[Lake, Files], tmp_path: Path, indexed: bool
) -> None:
    """One provider's register, tried against the lake, by index or by scan: the same findings as
    the month's run, for its rows."""
    lake, files = country
    have_run(lake)
    if indexed:
        build_index(lake)
    register = max(files.registers[str(MONTH)], key=lambda path: path.stat().st_size)
    with connect() as connection:
        tried = try_register(connection, lake, register, MONTH, date(2026, 3, 2), tmp_path)
    with connect() as connection:
        run = connection.execute(f"""SELECT service_id, "check", proposed_deduction
            FROM {parquet(lake.paths("findings", [MONTH]))}
            WHERE provider_bin = '{register.stem}' ORDER BY ALL""").fetchall()
    assert tried.indexed is indexed
    assert sorted(
        (f["service_id"], f["check"], f["proposed_deduction"]) for f in tried.findings
    ) == sorted(run)
    assert len(run) > 30
