"""The pages that are written from declarations are as the declarations are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qor.engine.storage.lineage import NoWay, lineage, reads
from qor.engine.storage.steps import made_tables
from qor.interfaces.cli.docs_command import dictionary
from qor.interfaces.cli.main import main

ROOT = Path(__file__).parents[2]


def test_the_data_dictionary_is_up_to_date() -> None:
    """docs/tables.md is what `./qor docs tables --out docs/tables.md` writes."""
    assert (ROOT / "docs" / "tables.md").read_text("utf-8") == dictionary()


def test_every_made_table_says_whose_it_is() -> None:
    """An owner, a key among its columns, and which columns tell of a person."""
    for name, facts in made_tables().items():
        columns = set(facts["columns"])
        assert facts["owner"] and set(facts["key"]) <= columns, name
        assert set(facts["personal"]) <= columns, name


def test_the_way_of_a_row_from_register_to_act(capsys: pytest.CaptureFixture[str]) -> None:
    """From the billed rows to the lines of acts by names of steps; the command prints it; where no
    way leads, it says so."""
    way = lineage("services", "act_lines")
    names = [name for name, _ in way]
    assert names[0] == "services" and names[-1] == "act_lines"
    assert all(set(of) <= set(names) & reads()[name] for name, of in way)
    assert {"raw_days", "judged", "limited_services", "settled"} <= set(names)
    assert main(["docs", "lineage", "services", "act_lines", "--json"]) == 0
    assert [row["table"] for row in json.loads(capsys.readouterr().out)] == names
    with pytest.raises(NoWay):
        lineage("act_lines", "services")


def test_the_way_of_a_sum_per_capita() -> None:
    """From the attached people and from the marks of codes to the lines of acts."""
    names = [name for name, _ in lineage("attached", "act_lines")]
    assert names[:3] == ["attached", "attached_groups", "capitation_amounts"]
    marked = [name for name, _ in lineage("service_marks", "act_lines")]
    assert {"scale_marks", "marked_codes", "raw_rows", "line_plans"} <= set(marked)


def test_a_finding_comes_of_the_months_services() -> None:
    """Findings are made of what one check found and what the classification says of it."""
    names = [name for name, _ in lineage("services", "findings")]
    assert names[-4:] == ["located", "norms_of_the_day", "priced", "findings"]
    assert {"month_rows", "cur"} <= set(names)
