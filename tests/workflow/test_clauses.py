"""Clauses of the rules of monitoring that are more than a state of a dispute: 4, 6, 13, 18, 21-24,
26."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.engine.registers import AT
from tests.law.test_outages import choose
from tests.tiny import PROVIDERS, make_lake, services
from tests.workflow.people import World, an_act, at

from qor.engine.checks.edits import Edit, put_in_force
from qor.engine.monitoring.month import RunRequest, freeze, run_month
from qor.engine.settlement.unconfirmed_register import list_unconfirmed_cases
from qor.engine.storage.duck import connect
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import rows_of
from qor.interfaces.web.features.disputes.notices import worded
from qor.law.nouns.months import month
from qor.workflow.acts.models import Act, Advance, AdvanceKept
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.actions import apply_event, tick
from qor.workflow.disputes.models import Case, Notice
from qor.workflow.disputes.notices import notify
from qor.workflow.disputes.open_cases import open_cases
from qor.workflow.disputes.rejected import rejected_findings
from qor.workflow.disputes.working_day import Payments, monitor_working_day
from qor.workflow.treasury.paid import paid_cases

MONDAY = date(2026, 3, 2)
FEBRUARY = month("2026-02")
STAYS = """
    id | iin | form       | setting   | group | start            | end              | amount
    a1 | A   | stay_group | inpatient | G1    | 2026-01-10 09:00 | 2026-01-15 09:00 | 90000.00
    a2 | A   | stay_group | inpatient | G1    | 2026-02-04 09:00 | 2026-02-06 09:00 | 90000.00
    b1 | B   | stay_group | inpatient | G1    | 2026-01-20 09:00 | 2026-01-25 09:00 | 90000.00
    b2 | B   | stay_group | inpatient | G1    | 2026-02-20 09:00 | 2026-02-24 09:00 | 50000.00
"""
SHORTER = Edit(
    "readmission",
    date(2026, 2, 10),
    (("readmission_days", Decimal(10)),),
    "",
    "trial",
    ("321/2020:13",),
)


@pytest.fixture
def country(tmp_path: Path, world: World) -> tuple[Lake, World]:
    """Two people who came back, one after twenty days and one after twenty-six; every provider of
    the lake has an organisation."""
    lake = make_lake(tmp_path / "lake", {"services": services(STAYS), "providers": PROVIDERS})
    return lake, world


def _brought(lake: Lake, world: World, on: date, paid: tuple[int, ...] = ()) -> int:
    return open_cases(lake, FEBRUARY, by="test", at=at(on), paid=paid).fallen


def _run_and_bring(lake: Lake, world: World, on: date) -> None:
    run_month(lake, RunRequest(FEBRUARY, on, "test", AT))
    _brought(lake, world, on)


def _readmissions(**facts: object) -> dict[str, tuple[str, str]]:
    cases = Case.objects.filter(check_slug="readmission", **facts)
    return {case.service_id: (case.state, case.outcome) for case in cases}


def test_a_finding_that_a_changed_check_no_longer_makes_falls_away(
    country: tuple[Lake, World],
) -> None:
    """321/2020:13 ¶3: open or confirmed; its provider is told once; what is still found stays, and
    so does what another check found."""
    lake, world = country
    run_month(lake, RunRequest(FEBRUARY, MONDAY, "test", AT))
    assert _brought(lake, world, MONDAY) == 0
    others = Case.objects.exclude(check_slug="readmission").count()
    assert set(_readmissions()) == {"a2", "b2"}
    tick(at(date(2026, 3, 20)))
    assert _readmissions()["b2"][1] == "confirmed"
    Notice.objects.all().delete()
    put_in_force(lake, SHORTER, "test", AT)
    run_month(lake, RunRequest(FEBRUARY, MONDAY, "test", AT))
    assert _brought(lake, world, date(2026, 3, 23)) == 1
    assert _readmissions() == {
        "a2": ("confirmed_by_silence", "confirmed"),
        "b2": ("fallen_away", "rejected"),
    }
    notice = Notice.objects.get()
    assert (notice.event, notice.count, notice.month, notice.user.role) == (
        "fallen_away",
        1,
        "2026-02",
        "provider",
    )
    assert _brought(lake, world, date(2026, 3, 24)) == 0
    assert (
        Case.objects.exclude(check_slug="readmission").exclude(state="fallen_away").count()
        == others
    )


def test_what_is_paid_stays(country: tuple[Lake, World]) -> None:
    """321/2020:13 ¶3: closed is not paid: in a closed month the finding falls for who is not paid
    yet, and stays where the bank has paid."""
    lake, world = country
    run_month(lake, RunRequest(FEBRUARY, MONDAY, "test", AT))
    _brought(lake, world, MONDAY)
    freeze(lake, FEBRUARY, "test", AT)
    put_in_force(lake, SHORTER, "test", AT, paid_upto="2026-01")
    paid = tuple(
        Case.objects.filter(check_slug="readmission").order_by("pk").values_list("pk", flat=True)
    )
    assert _brought(lake, world, date(2026, 3, 23), paid=paid) == 0
    assert _readmissions()["b2"][0] == "detected"
    assert _brought(lake, world, date(2026, 3, 23)) == 1
    assert _readmissions()["b2"] == ("fallen_away", "rejected")


def test_what_a_later_row_changed_stays(country: tuple[Lake, World], tmp_path: Path) -> None:
    """321/2020:24, 321/2020:13 ¶3: a case whose finding is gone for another reason than an edit of
    its check does not fall."""
    lake, world = country
    run_month(lake, RunRequest(FEBRUARY, MONDAY, "test", AT))
    _brought(lake, world, MONDAY)
    case = Case.objects.filter(check_slug="readmission", service_id="a2").get()
    Case.objects.filter(pk=case.pk).update(service_id="gone-from-the-lake")
    put_in_force(lake, SHORTER, "test", AT)
    assert _brought(lake, world, MONDAY) == 1
    case.refresh_from_db()
    assert case.outcome == ""


NOBODY_PAID = Payments(lambda _: (), lambda: ())


def test_every_working_day_monitors_and_tells_the_same_day(country: tuple[Lake, World]) -> None:
    """321/2020:4:1), 321/2020:6:1), 321/2020:6:4), 321/2020:21, 321/2020:22, 321/2020:23: not on a
    day off, not before the hour; then once a day: found, shown and told on one day.
    """
    lake, _ = country

    def run(moment: str) -> int:
        return monitor_working_day(
            lake, NOBODY_PAID, by="clock", at=datetime.fromisoformat(f"{moment}:00+05:00")
        )

    assert [run("2026-03-08T12:00"), run("2026-03-09T12:00"), run("2026-03-10T06:59")] == [0, 0, 0]
    assert not Case.objects.exists()
    assert run("2026-03-10T07:00") == 1  # January is history: it was never looked at
    case = Case.objects.get(check_slug="readmission", service_id="a2")
    assert (case.found_on, case.shown_on, case.month) == (
        date(2026, 3, 10),
        date(2026, 3, 10),
        "2026-02",
    )
    assert Notice.objects.filter(user__organisation=case.provider, month="2026-02").exists()
    cases = Case.objects.count()
    assert [run("2026-03-10T15:00"), run("2026-03-11T08:00")] == [0, 1]
    assert Case.objects.count() == cases
    assert [entry.subject for entry in Entry.objects.filter(verb="working_day")] == [
        "day:2026-03-10",
        "day:2026-03-11",
    ]


def test_a_month_that_is_refused_is_told_to_head_office(country: tuple[Lake, World]) -> None:
    """321/2020:21: a part of the month's services is not what was written: the day is not lost for
    others, and the journal says why."""
    lake, world = country
    with lake.paths("services", [FEBRUARY])[0].open("ab") as part:
        part.write(b"more")
    monitor_working_day(Lake(lake.root), NOBODY_PAID, by="clock", at=at(date(2026, 3, 10)))
    assert Notice.objects.get(user=world.office).event == "monitoring_refused"
    assert Entry.objects.get(verb="working_day").facts["refused"] == {
        "2026-02": "lake_part_changed"
    }


def test_the_register_of_unconfirmed_cases_leaves_out_what_was_rejected(
    tmp_path: Path, world: World
) -> None:
    """321/2020:18 ¶1, 321/2020:annex 2: open and confirmed cases stay; a service leaves when the
    last of its findings is rejected."""
    double = """
        id | iin | start            | end              | performer | entered
        d1 | A   | 2026-02-04 09:00 | 2026-02-04 09:20 | D1        | 2026-02-04 10:00
        d2 | A   | 2026-02-04 09:00 | 2026-02-04 09:20 | D1        | 2026-02-04 11:00
        d3 | B   | 2026-02-05 09:00 | 2026-02-05 09:20 | D1        | 2026-02-05 10:00
        d4 | B   | 2026-02-05 09:00 | 2026-02-05 09:20 | D1        | 2026-02-05 11:00
        d5 | C   | 2026-02-06 09:00 | 2026-02-06 09:20 | D1        | 2026-02-06 10:00
        d6 | C   | 2026-02-06 09:00 | 2026-02-06 09:20 | D1        | 2026-02-06 11:00
    """.replace("performer", "doctor")
    lake = make_lake(tmp_path / "lake", {"services": services(double), "providers": PROVIDERS})
    run_month(lake, RunRequest(FEBRUARY, MONDAY, "test", AT))
    open_cases(lake, FEBRUARY, by="test", at=at(MONDAY))

    def listed() -> set[str]:
        with connect() as connection:
            list_unconfirmed_cases(connection, lake, FEBRUARY, rejected_findings(FEBRUARY))
            return {row[0] for row in rows_of(connection, "unconfirmed_cases", ("service_id",))}

    assert listed() == {"d2", "d4", "d6"}
    for service, outcome in (("d2", "rejected"), ("d4", "confirmed")):
        Case.objects.filter(service_id=service, code__startswith="5").update(
            outcome=outcome, assigned_to=None
        )
    assert listed() == {"d4", "d6"}


def test_an_act_that_an_advance_covers_is_paid(country: tuple[Lake, World]) -> None:
    """321/2020:13 ¶3: nothing goes to the bank, since the advance is kept; what was found stays."""
    lake, world = country
    _run_and_bring(lake, world, MONDAY)
    tick(at(date(2026, 3, 19)))
    act = an_act(world, claimed=Decimal(1000))
    facts = {"provider": act.provider, "contract_no": act.contract_no, "funding": "tmkkk"}
    advance = Advance.objects.create(
        **facts, kind="annual", amount=Decimal(1000), first_month="2026-02", at=at(MONDAY)
    )
    AdvanceKept.objects.create(
        advance=advance, act=act, funding="tmkkk", due=Decimal(1000), amount=Decimal(1000)
    )
    Act.objects.filter(pk=act.pk).update(
        advance_kept=Decimal(1000), to_pay=0, state="signed", signed_on=date(2026, 3, 21)
    )
    of_provider = Case.objects.filter(month=str(FEBRUARY), provider=act.provider)
    assert paid_cases(FEBRUARY) == set(of_provider.values_list("pk", flat=True)) != set()
    freeze(lake, FEBRUARY, "test", AT)
    put_in_force(lake, SHORTER, "test", AT, paid_upto="2026-01")
    open_cases(lake, FEBRUARY, by="test", at=at(date(2026, 3, 24)), paid=paid_cases(FEBRUARY))
    assert {outcome for _, outcome in _readmissions().values()} == {"confirmed"}


def test_a_finding_that_is_found_again_begins_anew(country: tuple[Lake, World]) -> None:
    """321/2020:13 ¶3: the edit was a mistake and is corrected by a second one; the case is open
    with a new term, its provider is told, and nothing of the first fall is lost."""
    lake, world = country
    _run_and_bring(lake, world, MONDAY)
    put_in_force(lake, SHORTER, "test", AT)
    _run_and_bring(lake, world, date(2026, 3, 3))
    case = Case.objects.get(check_slug="readmission", service_id="b2")
    assert (case.state, case.outcome) == ("fallen_away", "rejected")
    put_in_force(lake, replace(SHORTER, figures=(("readmission_days", Decimal(30)),)), "test", AT)
    _run_and_bring(lake, world, date(2026, 3, 4))
    case.refresh_from_db()
    assert (case.state, case.outcome, case.entered_on) == ("detected", "", date(2026, 3, 4))
    assert [step.event for step in case.steps.all()] == ["fall_away", "found_again"]
    assert Notice.objects.filter(case=case, user=world.providers["71"]).exists()


def test_a_closed_month_that_is_refused_stops_nothing(country: tuple[Lake, World]) -> None:
    """321/2020:21: its part was changed beside the lake's log; the day is done, head office is
    told which month, and the next run of the clock does nothing more."""
    lake, world = country
    _run_and_bring(lake, world, MONDAY)
    freeze(lake, FEBRUARY, "test", AT)
    put_in_force(lake, SHORTER, "test", AT, paid_upto="2026-01")
    with lake.paths("services", [FEBRUARY])[0].open("ab") as part:
        part.write(b"more")
    payments = Payments(lambda _: (), lambda: (FEBRUARY,))
    for _ in range(2):
        monitor_working_day(Lake(lake.root), payments, by="clock", at=at(date(2026, 3, 10)))
    assert Entry.objects.filter(verb="working_day").count() == 1
    notices = Notice.objects.filter(user=world.office, event="monitoring_refused")
    assert [notice.month for notice in notices] == ["2026-02"]


@pytest.mark.parametrize(
    ("choice", "due_on"), [("objection", date(2026, 3, 17)), ("finding_shown", date(2026, 3, 10))]
)
def test_the_first_review_is_counted_from_the_objection_or_the_finding(
    choice: str, due_on: date, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """321/2020:26, 321/2020:30: objected on the last day, the reviewer has five working days of his
    own; by the other reading of "from the day they were detected" none is left."""
    choose(monkeypatch, "review_term_start", choice)
    case = world.case(on=MONDAY)
    moment = at(date(2026, 3, 10))
    apply_event(case.pk, "object", by=world.providers["71"], at=moment, statement="x")
    case.refresh_from_db()
    assert (case.state, case.due_on) == ("first_review", due_on)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_holiday_in_doubt_is_said_wherever_a_term_crosses_it(
    language: str, world: World, client: Client, settings: Any
) -> None:
    """321/2020:26: sources differ on 15 and 16 March 2026: the letter, the list of notices and the
    list of cases say so, and nothing where the term ends before."""
    settings.QOR_SECOND_FACTOR = False
    provider = world.providers["71"]
    provider.language = language
    provider.save()
    client.force_login(provider, backend="django.contrib.auth.backends.ModelBackend")
    said = {"kk": "келіспейді", "ru": "расход", "en": "Sources differ"}[language]
    for shown_on, doubtful in ((MONDAY, False), (date(2026, 3, 12), True)):
        case = world.case(on=shown_on)
        notify(case, "objection.detected", at(shown_on))
        letter = worded(Notice.objects.get(case=case, user=provider))[1]
        pages = [client.get(address).content.decode() for address in ("/notices/", "/cases/")]
        assert [said in text for text in (letter, *pages)] == [doubtful] * 3, case.due_on
