"""Whose law a case follows: its code's name, its edition and its norm are those of the day the
service ended (321/2020:10, 321/2020:13)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from tests.engine.registers import AT
from tests.law.test_outages import choose
from tests.tiny import BINS, PROVIDERS, lines, make_lake, read, services
from tests.workflow.people import World, at

from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.settlement.norms import read_norms
from qor.engine.storage.duck import connect, parquet
from qor.engine.storage.lake import Lake
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.months import Month
from qor.law.reading.defects import classification_of
from qor.law.rules.deductions import norm_kinds
from qor.workflow.accounts.models import User
from qor.workflow.acts.decisions import stake_of
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.open_cases import open_cases

LATE = """
    id | iin | at | form    | start            | entered
    s1 | A   | P1 | primary | {month}-05 09:00 | {month}-25 09:00
    s2 | B   | P1 | primary | {month}-16 09:00 | {month}-28 09:00
    s3 | C   | P2 | primary | {month}-16 09:00 | {month}-28 09:00
"""
NORMS = """
    bin | kind | value  | valid_from | valid_to
    *   | КЖН  | 900.00 | 2024-01-01 |
    P1  | КЖН  | 1000.00 | 2024-01-01 | 2026-03-10
    P1  | КЖН  | 1100.00 | 2026-03-11 |
"""


def _lake(root: Path, month: str) -> Lake:
    norms = [row | {"bin": BINS.get(row["bin"], row["bin"])} for row in read(NORMS)]
    tables = {
        "services": services(LATE.format(month=month)),
        "providers": PROVIDERS,
        "norms": norms,
    }
    return make_lake(root / "lake", tables)


def _found(lake: Lake, month: Month) -> dict[str, str]:
    with connect() as connection:
        rows = connection.execute(
            f"SELECT service_id, edition FROM {parquet(lake.paths('findings', [month]))}"
        )
        return dict(rows.fetchall())


def test_a_cases_norm_is_that_of_the_day_the_service_ended(tmp_path: Path, world: World) -> None:
    """321/2020:10 ¶1, 321/2020:annex 1: P1's norm rose on 11 March, P2 has the general one; a
    review confirmed later takes a hundred of it."""
    march, lake = Month(2026, 3), _lake(tmp_path, "2026-03")
    run_month(lake, RunRequest(march, date(2026, 4, 2), "test", AT))
    open_cases(lake, march, by="test", at=at(date(2026, 4, 2)))
    cases = {case.service_id: case for case in Case.objects.filter(check_slug="late-entry")}
    assert {service: (case.ended_on, case.norm) for service, case in cases.items()} == {
        "s1": (date(2026, 3, 5), Decimal("1000.00")),
        "s2": (date(2026, 3, 16), Decimal("1100.00")),
        "s3": (date(2026, 3, 16), Decimal("900.00")),
    }
    for case in cases.values():
        case.code, case.proposed_deduction = "5.1", None
    assert [stake_of(cases[service], Decimal(7)) for service in ("s1", "s2", "s3")] == [
        100000,
        110000,
        90000,
    ]


def test_a_review_is_reckoned_by_the_edition_of_its_day(world: World) -> None:
    """321/2020:10, 321/2020:annex 1: code 1.3 of a service that ended on 13 March is known, of one
    on the 14th it is not."""
    facts = {
        "code": "1.3",
        "month": "2026-03",
        "amount": Decimal(1000),
        "proposed_deduction": None,
        "found_on": date(2026, 3, 20),
    }
    before = world.case(ended_on=date(2026, 3, 13), edition="68/2025", **facts)
    after = world.case(ended_on=date(2026, 3, 14), edition="19/2026", **facts)
    assert stake_of(before, None) is not None
    assert stake_of(after, None) is None


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_code_is_called_as_its_own_edition_calls_it(
    language: str, world: World, settings: object, tmp_path: Path
) -> None:
    """321/2020:annex 1: a finding of 20 March on a service of the 10th carries code 1.3, which
    order 19 no longer has; the page names it."""
    settings.QOR_LAKE = str(tmp_path / "lake")  # type: ignore[attr-defined]
    settings.QOR_SECOND_FACTOR = False  # type: ignore[attr-defined]
    case = world.case(
        code="1.3", edition="68/2025", check_slug="licence-missing", found_on=date(2026, 3, 20)
    )
    User.objects.update(language=language)
    client = Client()
    client.force_login(world.providers["71"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert classification_of("68/2025")["1.3"].names[language] in page
    with pytest.raises(KeyError):
        classification_of("20/2027")


@pytest.mark.parametrize(
    ("choice", "edition"), [("service_ended_on", "68/2025"), ("found_on", "19/2026")]
)
def test_the_edition_of_a_finding_is_a_setting(
    choice: str, edition: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """321/2020:13 ¶1, 321/2020:10 ¶1: by default the day the service ended; by the other choice the
    day of the finding."""
    choose(monkeypatch, "edition_of_a_finding", choice)
    march, lake = Month(2026, 3), _lake(tmp_path, "2026-03")
    run_month(lake, RunRequest(march, date(2026, 4, 2), "test", AT))
    assert _found(lake, march) == {"s1": edition, "s2": "19/2026", "s3": "19/2026"}


def test_a_norm_that_was_loaded_later_is_that_of_the_day_the_service_ended(
    tmp_path: Path, world: World
) -> None:
    """321/2020:10 ¶1, 321/2020:annex 1: a case without a norm takes the one of its own day, not of
    the month's last; the provider's own before the general one; none before there was any."""
    form = next(form for form in CareForm if norm_kinds(form))
    norms = lines(f"""
    all: kind {norm_kinds(form)[0]}
    bin | value   | valid_from | valid_to
    P1  | 1000.00 | 2026-02-01 | 2026-03-10
    P1  | 1100.00 | 2026-03-11 |
    *   | 900.00  | 2026-02-01 |
    """)
    lake = make_lake(tmp_path / "lake", {"norms": norms, "providers": PROVIDERS})
    with connect() as connection:
        loaded = read_norms(connection, lake)
    days = (date(2026, 3, 5), date(2026, 3, 11), date(2026, 1, 31))
    assert [loaded.on(BINS["P1"], form, day) for day in days] == [1000, 1100, None]
    assert loaded.on(BINS["P2"], form, date(2026, 3, 5)) == 900
