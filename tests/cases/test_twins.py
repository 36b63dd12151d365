"""A slow, plain Python twin of each windowed check, on random small tables: the same findings,
always."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tiny import PEOPLE, lines, run_one
from tests.tiny import services as read_services

START = datetime(2026, 2, 1, 8)
FIRST_OF_MONTH = datetime(2026, 2, 1)
PROVIDERS = lines("bin | region\nP1 | 71\nP2 | 71\nP3 | 71")


@dataclass(frozen=True)
class Row:
    """One service of a random table."""

    id: str
    iin: str
    at: str
    code: str
    doctor: str
    icd: str
    start: datetime
    end: datetime
    entered: datetime
    quantity: int
    outcome: str
    stay: bool

    @property
    def entry(self) -> tuple[datetime, str, str]:
        """Who was entered later."""
        return self.entered, self.at, self.id

    @property
    def current(self) -> bool:
        """Of the month that is run."""
        return self.end >= FIRST_OF_MONTH


_SERVICE = st.tuples(
    st.sampled_from("AB"),
    st.sampled_from(["P1", "P2"]),
    st.sampled_from(["X1", "L1"]),
    st.sampled_from(["D1", "D2"]),
    st.sampled_from(["J18.0", "K80.0"]),
    st.integers(-20 * 24, 20 * 24),
    st.sampled_from([0, 20, 60, 1440]),
    st.integers(0, 3),
    st.integers(1, 2),
)
_STAY = st.tuples(
    st.sampled_from("AB"),
    st.sampled_from(["P1", "P2", "P3"]),
    st.sampled_from(["J18.0", "J18.9", "K80.0"]),
    st.integers(-40, 20),
    st.integers(0, 9),
    st.integers(0, 3),
    st.sampled_from(["improved", "transferred", "left"]),
    st.sampled_from(["G1", "G2"]),
)


def _visits(drawn: list[tuple[str, str, str, str, str, int, int, int, int]]) -> list[Row]:
    rows = []
    for n, (iin, at, code, doctor, icd, hour, minutes, entered, quantity) in enumerate(drawn):
        start = START + timedelta(hours=hour // 4 * 4)
        end = start + timedelta(minutes=minutes)
        rows.append(
            Row(
                f"s{n}",
                iin,
                at,
                code,
                doctor,
                icd,
                start,
                end,
                end + timedelta(days=entered),
                quantity,
                "",
                False,
            )
        )
    return [row for row in rows if row.end < datetime(2026, 3, 1)]


def _stays(drawn: list[tuple[str, str, str, int, int, int, str, str]]) -> list[Row]:
    rows = []
    for n, (iin, at, icd, day, nights, entered, outcome, group) in enumerate(drawn):
        start = START + timedelta(days=day)
        end = start + timedelta(days=nights, hours=3)
        rows.append(
            Row(
                f"s{n}",
                iin,
                at,
                group,
                "D1",
                icd,
                start,
                end,
                end + timedelta(days=entered),
                1,
                outcome,
                True,
            )
        )
    return [row for row in rows if row.end < datetime(2026, 3, 1)]


def _found(check: str, rows: list[Row]) -> set[str]:
    head = (
        "id | iin | at | form | setting | code | group | doctor | icd | start | end | entered "
        "| quantity | outcome"
    )
    drawn = [
        f"{r.id} | {r.iin} | {r.at} | {'stay_group' if r.stay else 'outpatient'} | "
        f"{'inpatient' if r.stay else 'visit'}"
        f" | {'-' if r.stay else r.code} | {r.code if r.stay else '-'} | {r.doctor} | {r.icd}"
        f" | {r.start} | {r.end} | {r.entered} | {r.quantity} | {r.outcome}"
        for r in rows
    ]
    rules = lines(
        "code | diagnostic | repeat_days | max_daily | minutes\nX1 | true | 30 | |\nL1 | "
        "| | 2 | 300"
    )
    people = [
        {"iin": str(PEOPLE[letter]), "birth_date": "1980-03-14", "sex": "f", "iin_agrees": "true"}
        for letter in "AB"
    ]
    staff = lines("performer_id | bin\nD1 | P1\nD2 | P1")
    tables = {
        "services": read_services("\n".join([head, *drawn])),
        "providers": PROVIDERS,
        "service_rules": rules,
        "people": people,
        "staff": staff,
    }
    return {row["service_id"] for row in run_one(check, tables)}


def _pairs(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    return ((new, old) for new in rows for old in rows if new is not old and new.iin == old.iin)


def _one_record(new: Row, old: Row) -> bool:
    return (new.code, new.doctor, new.start) == (old.code, old.doctor, old.start)


def _needs_current(rows: list[Row]) -> bool:
    return any(row.current for row in rows)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(_STAY, min_size=1, max_size=10))
def test_readmission_twin(drawn: list[tuple[str, str, str, int, int, int, str, str]]) -> None:
    """A stay within thirty days after an earlier one for the same disease, but for transfers of the
    day and self-discharges."""
    rows = _stays(drawn)
    twin = {
        new.id
        for new, old in _pairs(rows)
        if new.current
        and new.icd[:3] == old.icd[:3]
        and 0 <= (new.start.date() - old.end.date()).days <= 30
        and (old.start, old.entered, f"{old.at}/{old.id}")
        < (new.start, new.entered, f"{new.at}/{new.id}")
        and old.outcome != "left"
        and not (old.outcome == "transferred" and old.end.date() == new.start.date())
        and not _one_record(new, old)
    }
    if _needs_current(rows):
        assert _found("readmission", rows) == twin


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(_STAY, min_size=1, max_size=10))
def test_overlapping_stays_twin(drawn: list[tuple[str, str, str, int, int, int, str, str]]) -> None:
    """Two stays, at one hospital or at two, that share at least a day and are not one record: the
    one entered later."""
    rows = _stays(drawn)
    twin = {
        new.id
        for new, old in _pairs(rows)
        if new.current
        and (min(new.end, old.end).date() - max(new.start, old.start).date()).days >= 1
        and old.entry < new.entry
        and not _one_record(new, old)
    }
    if _needs_current(rows):
        assert _found("overlapping-stays", rows) == twin


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(_SERVICE, min_size=1, max_size=12))
def test_duplicate_service_twin(
    drawn: list[tuple[str, str, str, str, str, int, int, int, int]],
) -> None:
    """Same person, code, performer and start: all but the first entered."""
    rows = _visits(drawn)
    twin = {
        new.id
        for new, old in _pairs(rows)
        if new.current
        and (new.code, new.doctor, new.start) == (old.code, old.doctor, old.start)
        and old.entry < new.entry
    }
    if _needs_current(rows):
        assert _found("duplicate-service", rows) == twin


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(_STAY, min_size=1, max_size=10))
def test_duplicate_stay_twin(drawn: list[tuple[str, str, str, int, int, int, str, str]]) -> None:
    """The same stay by its group, wherever it is billed: all but the first entered."""
    rows = _stays(drawn)
    twin = {
        new.id
        for new, old in _pairs(rows)
        if new.current and _one_record(new, old) and old.entry < new.entry
    }
    if _needs_current(rows):
        assert _found("duplicate-service", rows) == twin


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(_SERVICE, min_size=1, max_size=12))
def test_repeat_diagnostics_twin(
    drawn: list[tuple[str, str, str, str, str, int, int, int, int]],
) -> None:
    """The same examination for the same disease within thirty days of the one before it; the same
    record twice is no repeat."""
    rows = sorted(
        (row for row in _visits(drawn) if row.code == "X1"),
        key=lambda row: (row.start, row.entered, row.at, row.id),
    )
    twin = set()
    for _, group in groupby(
        sorted(rows, key=lambda row: (row.iin, row.icd[:3])), key=lambda row: (row.iin, row.icd[:3])
    ):
        seen: dict[tuple[datetime, str], Row] = {}
        for row in sorted(group, key=lambda row: (row.start, row.entered, row.at, row.id)):
            seen.setdefault((row.start, row.doctor), row)
        line = sorted(seen.values(), key=lambda row: (row.start, row.entered, row.at, row.id))
        twin |= {
            b.id
            for a, b in pairwise(line)
            if b.current and (b.start.date() - a.start.date()).days <= 30
        }
    if _needs_current(_visits(drawn)):
        assert _found("repeat-diagnostics", _visits(drawn)) == twin


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(_SERVICE, min_size=1, max_size=12))
def test_quantity_excess_twin(
    drawn: list[tuple[str, str, str, str, str, int, int, int, int]],
) -> None:
    """In the order of entry, every row that takes the day's sum above two; the same record twice
    counts once."""
    rows = [row for row in _visits(drawn) if row.code == "L1" and row.current]
    twin = set()
    for _, group in groupby(
        sorted(rows, key=lambda row: (row.iin, row.start.date())),
        key=lambda row: (row.iin, row.start.date()),
    ):
        running, records = 0, set()
        for row in sorted(group, key=lambda row: row.entry):
            if (row.doctor, row.start) in records:
                continue
            records.add((row.doctor, row.start))
            running += row.quantity
            twin |= {row.id} if running > 2 else set()
    if _needs_current(_visits(drawn)):
        assert _found("quantity-excess", _visits(drawn)) == twin


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(_SERVICE, min_size=1, max_size=12))
def test_doctor_two_places_twin(
    drawn: list[tuple[str, str, str, str, str, int, int, int, int]],
) -> None:
    """One performer at two providers at once: the record entered later, unless both are one
    record."""
    rows = [row for row in _visits(drawn) if row.current]
    twin = {
        new.id
        for new in rows
        for old in rows
        if new.doctor == old.doctor
        and new.at != old.at
        and ((new.start < old.end and old.start < new.end) or new.start == old.start)
        and old.entry < new.entry
        and (new.iin, new.start, new.code) != (old.iin, old.start, old.code)
    }
    if rows:
        assert _found("doctor-two-places", _visits(drawn)) == twin


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(_SERVICE, min_size=1, max_size=12))
def test_doctor_overload_twin(
    drawn: list[tuple[str, str, str, str, str, int, int, int, int]],
) -> None:
    """In the order of entry, every row that takes the performer's day above 720 minutes; the same
    record twice counts once."""
    rows = [row for row in _visits(drawn) if row.code == "L1" and row.current]
    twin = set()
    for doctor, day in {(row.doctor, row.start.date()) for row in rows}:
        running, records = 0, set()
        for row in sorted(rows, key=lambda row: row.entry):
            if (row.doctor, row.start.date()) != (doctor, day) or (row.iin, row.start) in records:
                continue
            records.add((row.iin, row.start))
            running += 300 * row.quantity
            twin |= {row.id} if running > 720 else set()
    if _needs_current(_visits(drawn)):
        assert _found("doctor-overload", _visits(drawn)) == twin


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(_STAY, min_size=1, max_size=4), st.lists(_SERVICE, min_size=1, max_size=8))
def test_during_stay_twin(
    stays: list[tuple[str, str, str, int, int, int, str, str]],
    visits: list[tuple[str, str, str, str, str, int, int, int, int]],
) -> None:
    """An outpatient service strictly between the days of admission and discharge of a stay
    elsewhere."""
    beds, seen = _stays(stays), [replace(row, id=f"v{row.id}") for row in _visits(visits)]
    twin = {
        row.id
        for row in seen
        for bed in beds
        if row.current
        and row.iin == bed.iin
        and row.at != bed.at
        and bed.start.date() < row.start.date() < bed.end.date()
    }
    if _needs_current([*beds, *seen]):
        assert _found("during-stay", [*beds, *seen]) == twin
