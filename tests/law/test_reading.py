"""What the law's data say when read: editions, clauses, days, figures, routes; both sides of each
border."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.law.test_outages import choose

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.refusals import (
    CodeNotInEdition,
    NoEditionOnDate,
    UnknownAct,
    UnknownClause,
    UnknownOrder,
)
from qor.law.pages import page, page_names
from qor.law.reading import defects, figures
from qor.law.reading.calendar import (
    CITES,
    counted_from,
    deadline,
    is_working_day,
    known_years,
    term_end,
    working_days_between,
)
from qor.law.reading.coverage import EARLIER_TEXT, coverage
from qor.law.reading.defects import (
    Cell,
    CellKind,
    classification,
    classification_of,
    defect_code,
    law_day,
    violation_codes,
)
from qor.law.reading.figures import Figure, figure, figure_names
from qor.law.reading.interpretations import fixed_readings, interpretation, interpretation_names
from qor.law.reading.machines import (
    EventNotAllowed,
    due_on,
    machine,
    machine_names,
    on_silence,
    route_of,
    step,
)
from qor.law.reading.regulations import (
    act_numbers,
    changed_clauses,
    clauses,
    clauses_on,
    edition,
    editions,
    in_force_since,
    items_of,
    texts_not_held,
)
from qor.law.reading.regulations import title as act_title
from qor.law.rules.civil_time import civil_day, civil_time

D = Decimal


BEFORE, AFTER = date(2026, 3, 13), date(2026, 3, 14)


ACT = "321/2020"


def test_terms_from_the_day_of_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """321/2020:26, 321/2020:30: by default the day after; by the other choice of term_start the day
    itself if it is worked; a term of nothing is the day itself."""
    friday, sunday = date(2026, 2, 6), date(2026, 2, 8)
    assert counted_from(friday) == date(2026, 2, 7)
    assert (term_end(friday, 1), term_end(friday, 0)) == (date(2026, 2, 9), friday)
    choose(monkeypatch, "term_start", "day_of_event")
    assert counted_from(friday) == friday
    assert (term_end(friday, 1), term_end(friday, 2)) == (friday, date(2026, 2, 9))
    assert term_end(friday, 0) == friday
    assert term_end(sunday, 1) == date(2026, 2, 9)


def test_the_calendars_edges() -> None:
    """267-II:3-4: the years end with the next one that is held; a Saturday is off, a Friday is not;
    a span that does not go forward has no days."""
    assert known_years()[-1] == 2027 and date(2027, 12, 31).year in known_years()
    friday = date(2026, 2, 6)
    assert is_working_day(friday) and not is_working_day(date(2026, 2, 7))
    assert working_days_between(friday, friday) == 0
    assert working_days_between(friday, date(2026, 2, 5)) == 0
    assert working_days_between(friday, date(2026, 2, 9)) == 1
    assert deadline(friday, 1).cites == CITES
    assert (deadline(friday, 1).started_on, deadline(friday, 1).working_days) == (friday, 1)


def test_editions_and_their_first_days() -> None:
    """321/2020, order 19: from 14 March 2026, not the day before; an order of no edition is not
    known."""
    assert [each.order for each in editions(ACT)] == ["68/2025", "19/2026"]
    assert (edition(ACT, BEFORE).order, edition(ACT, AFTER).order) == ("68/2025", "19/2026")
    assert not in_force_since(ACT, "19/2026", BEFORE) and in_force_since(ACT, "19/2026", AFTER)
    assert in_force_since(ACT, "68/2025", AFTER)
    with pytest.raises(KeyError):
        in_force_since(ACT, "1/1999", AFTER)
    with pytest.raises(NoEditionOnDate, match="earliest=2025-08-01"):
        edition(ACT, date(2025, 7, 31))
    with pytest.raises(UnknownAct, match="291/2020, 321/2020"):
        editions("1/1999")
    assert act_numbers() == ["291/2020", "321/2020"]
    assert "monitoring" in act_title(ACT, "en").lower()


def test_clauses_and_what_is_not_held() -> None:
    """321/2020:53-1, 321/2020:53-2: new with order 19; a clause that no edition has; the items of a
    clause in one edition; texts not held at all."""
    assert [item.cites.clause for item in clauses_on(ACT, "53-2", AFTER)] == ["53-2"]
    for number, on in (("53-2", BEFORE), ("999", AFTER)):
        with pytest.raises(UnknownClause):
            clauses_on(ACT, number, on)
    both = [item for item in clauses(ACT) if item.cites.clause == "1"]
    assert all(item.orders == ("68/2025", "19/2026") and item.paragraph >= 1 for item in both)
    with pytest.raises(UnknownOrder, match="68/2025, 19/2026"):
        changed_clauses(ACT, "1/1999")
    assert "1" not in changed_clauses(ACT, "68/2025")
    missing = list(texts_not_held(ACT))
    assert [(item.kind, item.status, item.orders) for item in missing] == [
        ("form", "text not held", ())
    ]
    with pytest.raises(UnknownAct):
        list(texts_not_held("1/1999"))
    assert all(isinstance(place, str) for item in clauses(ACT) for place in item.where)


def test_the_items_of_a_clause() -> None:
    """291/2020:78: twelve, counted where they are not told one by one; 321/2020:6: five that are;
    321/2020:12: one sentence; no clause, no item."""
    twelve = [f"{number})" for number in range(1, 13)]
    assert items_of(clauses_on("291/2020", "78", date(2026, 7, 1))) == twelve
    assert items_of(clauses_on(ACT, "6", AFTER)) == twelve[:5]
    assert len(items_of(clauses_on("291/2020", "2", date(2026, 7, 1)))) == 37
    assert items_of(clauses_on(ACT, "12", AFTER)) == []
    assert all(item.is_held for item in clauses_on(ACT, "6", AFTER))
    assert not any(item.is_held for item in texts_not_held(ACT))
    assert items_of([]) == []


def test_coverage_tells_earlier_texts_from_held_ones() -> None:
    """291/2020:14: implemented by an earlier text; definitions only if asked for."""
    rows = coverage()
    status = {(str(row.clause.cites), row.clause.paragraph): row.status for row in rows}
    assert status["291/2020:14", 1] == EARLIER_TEXT
    assert status["321/2020:53-2", 1] == "implemented"
    assert all((row.status == EARLIER_TEXT) <= bool(row.clause.text_not_held_from) for row in rows)
    assert {row.clause.kind for row in rows}.isdisjoint({"definition"})
    assert len(coverage(definitions=True)) > len(rows)
    assert [row for row in coverage(True) if row.clause.kind != "definition"] == rows


def test_the_classification_of_an_order() -> None:
    """321/2020:annex 1: each order's own; the codes in the order of their numbers, each under its
    group; an order that made none is not known."""
    assert classification_of("68/2025") == classification(BEFORE)
    assert classification_of("19/2026") == classification(AFTER)
    with pytest.raises(KeyError):
        classification_of("1/1999")
    codes = list(classification(AFTER))
    assert codes == sorted(codes, key=lambda code: tuple(map(int, code.split("."))))
    assert codes.index("2.0") < codes.index("10.0")
    assert classification(AFTER)["12.3"].parent == "12.0"


def test_codes_and_cells() -> None:
    """321/2020:annex 1: what a cell prints: nothing, a plus, nought, percent, norms, norms or
    percent."""
    row = classification(AFTER)
    assert row["3.4"].cells[CareForm.STAY_GROUP] == Cell(CellKind.PERCENT, D(60))
    assert row["3.4"].cells[CareForm.PRIMARY] == Cell(CellKind.NONE)
    assert row["3.4"].cells[CareForm.RURAL] == Cell(CellKind.MULTIPLE, D(10), "КЖН")
    assert row["2.0"].cells[CareForm.OUTPATIENT] == Cell(CellKind.ZERO, D(0))
    assert row["5.1"].cells[CareForm.OUTPATIENT] == Cell(CellKind.APPLIES)
    half = row["5.0"].cells[CareForm.HIV]
    assert half.alternative == Cell(CellKind.PERCENT, D(300)) and half.value == 3
    assert str(row["5.1"].cites(CareForm.HIV)) == "321/2020:annex 1:5.1/hiv"
    assert str(row["5.1"].cites()) == "321/2020:annex 1:5.1"
    assert defect_code("1.3", BEFORE).code == "1.3"
    with pytest.raises(CodeNotInEdition, match="19/2026"):
        defect_code("1.3", AFTER)
    assert violation_codes(BEFORE) == violation_codes(AFTER)


def test_a_row_with_a_cell_too_few_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """321/2020:annex 1: fifteen cells a row; a row of fourteen is not read as if it were whole."""
    facts = page("qor.law.kz.defects", "order_19.yaml")
    short = facts["codes"]["3.4"] | {"cells": facts["codes"]["3.4"]["cells"][:14]}
    monkeypatch.setitem(facts["codes"], "3.4", short)
    defects._edition.cache_clear()
    with pytest.raises(ValueError, match="shorter"):
        classification(AFTER)
    monkeypatch.undo()
    assert len(classification(AFTER)) == 28


def test_the_day_whose_law_a_finding_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """321/2020:10, 321/2020:13: that of the service's end, or by the other choice of
    edition_of_a_finding that of the finding."""
    assert law_day(BEFORE, AFTER) == BEFORE
    choose(monkeypatch, "edition_of_a_finding", "found_on")
    assert law_day(BEFORE, AFTER) == AFTER


def test_a_figures_last_day() -> None:
    """The index of 2026 holds on 31 December; a value that is not whole is not read as if it
    were."""
    assert figure("mci", date(2026, 12, 31)).value == 4325
    half = Figure("half", D("0.5"), "percent", BEFORE, None, (), "text")
    with pytest.raises(ValueError, match="half is not a whole number"):
        _ = half.whole
    assert "mci" in figure_names() and not any(name.endswith("yaml") for name in figure_names())


def test_a_figure_without_values_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that names a figure and gives none is not read as if it did."""
    monkeypatch.setitem(page("qor.law.kz.figures", "mci.yaml"), "values", [])
    figures._history.cache_clear()
    with pytest.raises(ValueError, match="longer"):
        figures.history("mci")
    monkeypatch.undo()
    assert figure("mci", AFTER).value == 4325


def test_pages_are_only_those_of_the_data() -> None:
    """Names of YAML files, sorted."""
    names = page_names("qor.law.kz.defects")
    assert list(names) == sorted(names) and all(name.endswith(".yaml") for name in names)
    assert {"order_19.yaml", "order_68.yaml"} <= set(names)


def test_readings_are_written_in_three_languages() -> None:
    """Settings and fixed readings: a choice among the choices, a reason, a citation."""
    for name in interpretation_names():
        setting = interpretation(name)
        assert setting.choice in setting.choices and len(setting.choices) >= 2
        assert set(setting.says) == {"kk", "ru", "en"} and setting.cites
    assert all(each.reading and each.cites for each in fixed_readings())


def test_silence_has_the_outcome_of_the_rules_only() -> None:
    """321/2020:27, 321/2020:32, 321/2020:44: a provider's silence confirms; the Fund's leads
    nowhere; a final state has nothing after it."""
    silent = on_silence("objection", "detected")
    assert silent is not None and silent.final and silent.outcome == "confirmed"
    assert on_silence("objection", "first_review") is None
    assert on_silence("objection", silent.name) is None
    assert due_on("objection", silent.name, BEFORE) is None


def test_what_is_no_event_is_refused_by_name() -> None:
    """321/2020:26: the event, the state and the clause of the state."""
    with pytest.raises(EventNotAllowed) as caught:
        step("objection", "detected", "sign")
    assert caught.value.facts == {"event": "sign", "state": "detected"}
    assert step("objection", "detected", "object").to_machine == "objection"


def test_which_routes_ask_whether_a_death_was_preventable() -> None:
    """321/2020:43: the lethal one alone."""
    assert [name for name in machine_names() if machine(name).says_preventable] == ["lethal"]


@pytest.mark.parametrize(
    ("kind", "code", "lethal", "route"),
    [
        ("general", "2.0", True, "general"),
        ("potential", "11.0", False, "code_11"),
        ("additional", "11.0", False, "look"),
        ("review", "9.0", False, "look"),
    ],
)
def test_routes_by_kind_before_code(kind: str, code: str, lethal: bool, route: str) -> None:
    """321/2020:12, 321/2020:14, 321/2020:50: general findings are shown and additional ones looked
    at, whatever their code or the outcome."""
    assert route_of(kind, code, lethal) == route


def test_a_moment_without_an_offset_has_no_day() -> None:
    """321/2020:26: refused, not guessed; the clock of Kazakhstan is five hours before UTC."""
    with pytest.raises(ValueError, match="without an offset"):
        civil_day(datetime(2026, 3, 2, 12))
    assert civil_time(datetime(2026, 3, 2, 7, tzinfo=UTC)).hour == 12
    assert civil_time(datetime(2024, 2, 29, 17, 59, tzinfo=UTC)).hour == 23
    assert civil_time(datetime(2024, 2, 29, 18, tzinfo=UTC)).hour == 23
