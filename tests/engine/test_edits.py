"""An edit of a check takes effect from its date, shows what it would change first, and never
touches a closed month."""

import dataclasses
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import AT
from tests.tiny import BINS, EVERYONE, PROVIDERS, make_lake, services

from qor.engine.checks.edits import BadEdit, Edit, EditTouchesClosedMonth, put_in_force, read_edit
from qor.engine.monitoring.differences import difference_of_edit, difference_of_run
from qor.engine.monitoring.month import RunRequest, freeze, run_month
from qor.engine.storage.duck import connect, parquet
from qor.engine.storage.lake import Lake
from qor.interfaces.cli.main import main
from qor.law.nouns.months import month

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
def lake(tmp_path: Path) -> Lake:
    """Two people who came back: one after twenty days, one after twenty-six."""
    return make_lake(tmp_path / "lake", {"services": services(STAYS), "providers": PROVIDERS})


def _readmitted(lake: Lake) -> list[str]:
    run_month(lake, RunRequest(FEBRUARY, date(2026, 3, 2), "test", AT))
    query = f"""SELECT service_id FROM {parquet(lake.paths("findings", [FEBRUARY]))}
        WHERE "check" = 'readmission' ORDER BY 1"""
    with connect() as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def test_an_edit_holds_from_its_date(lake: Lake) -> None:
    """Ten days instead of thirty, for services completed from 10 February."""
    assert _readmitted(lake) == ["a2", "b2"]
    put_in_force(lake, SHORTER, "test", AT)
    assert _readmitted(lake) == ["a2"]


def test_what_it_would_change_is_shown_first(lake: Lake, tmp_path: Path) -> None:
    """One case less, 50,000 tenge; nothing is written."""
    commits = len(lake.entries)
    with connect() as connection:
        changes = difference_of_edit(
            connection, lake, FEBRUARY, SHORTER, date(2026, 3, 2), tmp_path
        )
    assert [(f.change, f.service_id, f.check, f.before, f.after) for f in changes] == [
        ("less", "b2", "readmission", Decimal("50000.00"), None)
    ]
    assert len(Lake(lake.root).entries) == commits


LATER = dataclasses.replace(SHORTER, valid_from=date(2026, 6, 1))


def _less(lake: Lake, draft: Edit, folder: Path) -> list[str]:
    with connect() as connection:
        changes = difference_of_edit(connection, lake, FEBRUARY, draft, date(2026, 3, 2), folder)
    assert {each.change for each in changes} <= {"less"}
    return [each.service_id for each in changes]


@pytest.mark.parametrize("since", ["2026-02-01", "2026-03-01", "2026-06-01", "2031-01-01"])
def test_the_month_asked_is_answered_whatever_the_edits_first_day(
    lake: Lake, tmp_path: Path, since: str
) -> None:
    """An edit that begins after the month is shown as if it held all month: both returns within
    thirty days fall away."""
    draft = dataclasses.replace(SHORTER, valid_from=date.fromisoformat(since))
    assert _less(lake, draft, tmp_path) == ["a2", "b2"]


def test_a_later_draft_stands_over_what_holds_in_the_month(lake: Lake, tmp_path: Path) -> None:
    """Twenty-two days hold from 10 February (b2, after twenty-six, is none already); ten days from
    June would take a2 as well."""
    longer = dataclasses.replace(SHORTER, figures=(("readmission_days", Decimal(22)),))
    put_in_force(lake, longer, "test", AT)
    assert _less(lake, LATER, tmp_path) == ["a2"]
    wider = dataclasses.replace(LATER, figures=(("readmission_days", Decimal(40)),))
    with connect() as connection:
        changes = difference_of_edit(connection, lake, FEBRUARY, wider, date(2026, 3, 2), tmp_path)
    assert [(each.change, each.service_id) for each in changes] == [("more", "b2")]


def test_the_difference_is_told_as_of_the_day_of_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A prescription that could still be filled on the day of the run is no difference a year
    later."""
    prescribed = {
        "prescription_id": "p1",
        "prescriber_bin": BINS["P1"],
        "service_id": "s1",
        "drug_code": "A10BA02",
        "prescribed_on": "2026-02-20",
    }
    rows = services("id | iin | form | start\ns1 | A | primary | 2026-02-20 09:00")
    tables = {
        "services": rows,
        "providers": PROVIDERS,
        "people": EVERYONE,
        "prescriptions": [prescribed],
    }
    country = make_lake(tmp_path / "lake", tables)
    run_month(country, RunRequest(FEBRUARY, date(2026, 2, 25), "test", AT))
    assert main(["checks", "diff", "2026-02", "--lake", str(country.root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == []
    asked_later = [
        "checks",
        "diff",
        "2026-02",
        "--lake",
        str(country.root),
        "--json",
        "--found-on",
        "2026-06-01",
    ]
    assert main(asked_later) == 0
    assert [case["check"] for case in json.loads(capsys.readouterr().out)["cases"]] == [
        "prescription-not-filled"
    ]


def test_as_if_is_said(lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who reads the comparison is told that the edit begins later."""
    _readmitted(lake)
    file = tmp_path / "edit.yaml"
    file.write_text(json.dumps(LATER.told()))
    at = ["checks", "diff", "2026-02", "--edit", str(file), "--lake", str(lake.root)]
    assert main([*at, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["as_if_from"] == "2026-02-01" and len(answer["cases"]) == 2
    assert main([*at, "--lang", "en"]) == 0
    assert "01.06.2026" in (shown := capsys.readouterr().out) and "01.02.2026" in shown


def test_a_month_that_was_never_run_has_everything_to_come(lake: Lake, tmp_path: Path) -> None:
    """No findings and no returned rows stand: all that would be found is more."""
    with connect() as connection:
        changes = difference_of_run(connection, lake, FEBRUARY, date(2026, 3, 2), tmp_path)
    assert {f.change for f in changes} == {"more"} and {"a2", "b2"} <= {
        f.service_id for f in changes
    }


def test_a_closed_month_is_not_touched(lake: Lake) -> None:
    """Findings are corrected only while the period is unpaid (order 19, clause 13)."""
    freeze(lake, FEBRUARY, "test", AT)
    with pytest.raises(EditTouchesClosedMonth):
        put_in_force(lake, SHORTER, "test", AT)


def test_the_commands(lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`checks diff`, `checks edit`, `checks edits` with a YAML file; the same checks against their
    own run differ in nothing."""
    _readmitted(lake)
    file = tmp_path / "edit.yaml"
    file.write_text(json.dumps(SHORTER.told()))
    at = ["--lake", str(lake.root), "--json"]
    assert (
        main(["checks", "diff", "2026-02", "--edit", str(file), "--found-on", "2026-03-02", *at])
        == 0
    )
    totals = json.loads(capsys.readouterr().out)["totals"]
    assert totals == [
        {
            "check": "readmission",
            "change": "less",
            "count": 1,
            "before": "50000.00",
            "after": "0.00",
        }
    ]
    assert main(["checks", "diff", "2026-02", "--found-on", "2026-03-02", *at]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == []
    assert main(["checks", "edit", str(file), *at]) == 0
    capsys.readouterr()
    assert main(["checks", "edits", *at]) == 0
    assert json.loads(capsys.readouterr().out) == [SHORTER.told()]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"check": "nothing"}, "check"),
        ({"figures": {"mci": "1"}}, "figures.mci"),
        ({"figures": {}}, "figures, sql"),
        ({"because": ""}, "because, cites"),
        ({"valid_from": "soon"}, "valid_from, cites"),
        ({"figures": {"readmission_days": "many"}}, "figures.readmission_days"),
    ],
)
def test_a_bad_edit_says_which_field(change: dict[str, object], field: str, tmp_path: Path) -> None:
    """Each missing or wrong field is named."""
    file = tmp_path / "edit.yaml"
    file.write_text(json.dumps(SHORTER.told() | change))
    with pytest.raises(BadEdit) as caught:
        read_edit(file)
    assert caught.value.facts["field"] == field
