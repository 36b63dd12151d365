"""The demo and the import, as a newcomer meets them."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from qor.interfaces.cli.main import main

ROOT = Path(__file__).parents[2]
TINY = ("--people", "3000", "--providers", "24", "--services", "6000", "--cases", "3")


@pytest.mark.slow
@pytest.mark.django_db
def test_demo_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tables of the demo as one object; the truth lies outside the lake."""
    folder = tmp_path / "demo"
    assert main(["demo", "--dir", str(folder), *TINY, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["rows"]["received"] == printed["rows"]["accepted"] + printed["rows"]["rejected"]
    assert all(check["recall"] == check["precision"] == "1.0000" for check in printed["checks"])
    assert {"check", "code", "planted", "found", "recall", "precision"} <= set(printed["checks"][0])
    acts = {
        name: printed["acts"][name].replace(".", "")
        for name in ("received", "returned", "held", "payable")
    }
    assert int(acts["received"]) == int(acts["returned"]) + int(acts["held"]) + int(acts["payable"])
    assert not list((folder / "lake").rglob("*truth*"))
    assert [month["month"] for month in printed["money"]] == ["2026-01", "2026-02", "2026-03"]
    for of in ("2026-01", "2026-02", "2026-03"):  # right after the demo the checks find what stands
        assert main(["checks", "diff", of, "--lake", str(folder / "lake"), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["cases"] == [], of
    again = [sys.executable, "-m", "qor", "demo", "--dir", str(folder), *TINY, "--lang", "kk"]
    assert subprocess.run(again, capture_output=True, check=False).returncode == 0


def test_demo_leaves_other_folders_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that is no demo is never cleared."""
    (tmp_path / "mine.txt").write_text("precious")
    assert main(["demo", "--dir", str(tmp_path), *TINY]) == 2
    assert (tmp_path / "mine.txt").exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_whole_demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The demo in its own size: at least fifty defects and fifty look-alikes of each check, all
    found, none wrongly."""
    table = tmp_path / "accuracy.md"
    assert main(["demo", "--dir", str(tmp_path / "demo"), "--json", "--accuracy", str(table)]) == 0
    assert table.read_text("utf-8") == (ROOT / "docs" / "accuracy.md").read_text("utf-8")
    printed = json.loads(capsys.readouterr().out)
    assert printed["rows"]["received"] >= 400_000
    for check in printed["checks"]:
        assert check["planted"] >= 50 and check["decoys"] >= 50, check
        assert check["recall"] == check["precision"] == "1.0000", check


HEADS = {
    "patients": "Id,BIRTHDATE,DEATHDATE,GENDER",
    "encounters": "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,"
    "DESCRIPTION,TOTAL_CLAIM_COST,REASONCODE",
    "organizations": "Id,NAME",
    "providers": "Id,ORGANIZATION,SPECIALITY",
    "payers": "Id,NAME",
    "medications": "START,PATIENT,ENCOUNTER,CODE,DISPENSES,BASE_COST",
}
ROWS = {
    "patients": ["p1,1980-01-01,2023-12-30,M", "p2,1990-05-05,,F"],
    "encounters": [
        "e1,2023-12-30T10:00:00Z,2023-12-30T10:15:00Z,p1,o1,d1,y1,wellness,162673000,x,100.50,",
        "e2,2023-12-31T10:00:00Z,2023-12-31T10:15:00Z,p1,o1,d1,y1,ambulatory,185347001,x,10.00,999",
        "e3,2024-01-02T10:00:00Z,2024-01-05T10:15:00Z,p2,o1,d1,y1,inpatient,185347001,x,1000.00,10509002",
    ],
    "organizations": ["o1,Clinic"],
    "providers": ["d1,o1,GENERAL PRACTICE"],
    "payers": ["y1,Payer", "y0,NO_INSURANCE"],
    "medications": ["2024-01-02T10:00:00Z,p2,e3,313782,2,7.24"],
}
TRANSITIONS = {
    "START_YEAR,END_YEAR": "p2,m,2020-01-01T00:00:00Z,2021-01-01T00:00:00Z,y1",
    "START_DATE,END_DATE": "p2,m,2020-01-01T00:00:00Z,,y1",
}


@pytest.mark.parametrize("schema", list(TRANSITIONS))
def test_synthea(schema: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both schema versions: every row in, dates moved together, unmapped codes counted, the service
    after death found."""
    export = tmp_path / "export"
    export.mkdir()
    for name, head in HEADS.items():
        (export / f"{name}.csv.gz").write_bytes(
            gzip.compress("\n".join([head, *ROWS[name], ""]).encode())
        )
    (export / "payer_transitions.csv").write_text(
        f"PATIENT,MEMBERID,{schema},PAYER\n{TRANSITIONS[schema]}\n"
    )
    assert main(["import", "synthea", str(export), "--lake", str(tmp_path / "lake"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["tables"]["services"]["accepted"] == 3
    assert printed["unmapped"] == {"SNOMED CT": 1, "encounter class": 0, "RxNorm": 1}
    assert printed["whole_export"]["after-death"] == 1
    assert printed["months"][-1]["month"] == "2026-02"
    assert main(["import", "synthea", str(tmp_path), "--lake", str(tmp_path / "lake2")]) == 2
