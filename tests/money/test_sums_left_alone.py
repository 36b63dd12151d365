"""The month's sum of a line of which the linear scale leaves something alone: it stays for what the
scale touches, and goes aside only with a line of which nothing is touched."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import BIN, OTHER
from tests.money.four_contracts import choose
from tests.money.test_scale_exceptions import STAY, Tiny
from tests.money.tiny_month import MONTH

D = Decimal
LINE = {
    "contract_no": "K-1",
    "line": 50,
    "bin": BIN,
    "funding": "tmkkk",
    "valid_from": "2025-01-01",
    "month": str(MONTH),
}
CUT, KEPT = (D(1000), D(800)), (D(1800), D(0))


@pytest.mark.parametrize("setting", ["admission_department", "home_visit"])
@pytest.mark.parametrize("choice", ["apart", "counted_first"])
def test_what_a_maternity_organisation_does_elsewhere(
    tmp_path: Path, setting: str, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:76, 291/2020:78 2): the stays of a maternity organisation are spared on wards and in
    day hospitals; what it does elsewhere finds the month's sum, as another hospital's does."""
    choose(monkeypatch, "scale_exceptions_and_the_sum", choice)
    tiny = Tiny(tmp_path)
    tiny.load(
        "provider_marks", {"bin": BIN, "mark": "maternity_organisation", "valid_from": "2026-01-01"}
    )
    for day in (3, 4, 5):
        for bin_ in (BIN, OTHER):
            tiny.service(day, bin_, **STAY | {"setting": setting})
    assert tiny.lines() == {("K-1", "stay_group", ""): CUT, ("K-2", "stay_group", ""): CUT}


def test_a_ward_beside_an_admission_department(tmp_path: Path) -> None:
    """291/2020:78 2): three stays on a ward are paid whole and use nothing of the thousand up that
    two of the admission department find."""
    tiny = Tiny(tmp_path)
    tiny.load(
        "provider_marks", {"bin": BIN, "mark": "maternity_organisation", "valid_from": "2026-01-01"}
    )
    for day in (3, 4, 5):
        tiny.service(day, **STAY)
    for day in (6, 7):
        tiny.service(day, **STAY | {"setting": "admission_department"})
    lines = tiny.lines()
    assert lines["K-1", "stay_group", "unscaled"] == KEPT
    assert lines["K-1", "stay_group", ""] == (D(1000), D(200))


@pytest.mark.parametrize(
    ("span", "days"),
    [
        ({"valid_from": "2026-02-15"}, (3, 4, 14)),
        ({"valid_from": "2026-01-01", "valid_to": "2026-02-14"}, (15, 20, 27)),
        ({"valid_from": "2026-02-15", "valid_to": "2026-02-15"}, (14, 16, 20)),
    ],
)
def test_a_hospital_spared_for_a_part_of_the_month(
    tmp_path: Path, span: dict[str, str], days: tuple[int, ...]
) -> None:
    """291/2020:76, 291/2020:78 3): on the days on which its share was not so high the stays of a
    hospital find the month's sum; on the others they are spared."""
    tiny = Tiny(tmp_path)
    tiny.load("provider_marks", {"bin": BIN, "mark": "births_share", "share": "45"} | span)
    for day in days:
        tiny.service(day, **STAY)
    spared = 15 if span["valid_from"] == "2026-02-15" else 14
    for _ in range(3):
        tiny.service(spared, **STAY)
    lines = tiny.lines()
    assert lines["K-1", "stay_group", ""] == CUT
    assert lines["K-1", "stay_group", "unscaled"] == KEPT


@pytest.mark.parametrize(
    ("spans", "day", "paid"),
    [
        ([("2026-02-10", "")], 9, KEPT),
        ([("2026-01-01", "2026-02-19")], 20, KEPT),
        ([("2026-01-01", "2026-02-09"), ("2026-02-11", "")], 10, KEPT),
        ([("2026-01-01", "2026-02-09"), ("2026-02-10", "")], 9, CUT),
        ([("2026-01-01", "")], 9, CUT),
    ],
)
def test_a_line_of_a_code_that_is_marked(
    tmp_path: Path, spans: list[tuple[str, str]], day: int, paid: tuple[Decimal, Decimal]
) -> None:
    """291/2020:61, 291/2020:76: beside a thousand of other care a contract gives another for a
    code. Where the code is not left alone on each day, both are there for what the scale touches;
    where it is, also by two marks without a gap, the second is no room for others."""
    tiny = Tiny(tmp_path)
    line = {"care_form": "outpatient", "service_code": "A1", "amount": "1000.00"}
    tiny.load("contracts", LINE | line)
    for since, until in spans:
        mark = {"basis": "", "code": "A1", "mark": "antenatal", "valid_from": since}
        tiny.load("service_marks", mark | ({"valid_to": until} if until else {}))
    for _ in range(3):
        tiny.service(day, service_code="A1" if paid == KEPT else "B1")
    lines = tiny.lines()
    assert lines == {("K-1", "outpatient", ""): paid}


def test_dialysis_at_home(tmp_path: Path) -> None:
    """291/2020:78 6): dialysis is spared on wards and in day hospitals alone; at home it finds the
    sum of its own line."""
    tiny = Tiny(tmp_path, "100.00")
    line = {"care_form": "stay_group", "service_code": "G1", "amount": "1100.00"}
    tiny.load("contracts", LINE | line)
    mark = {"basis": "", "code": "G1", "mark": "dialysis", "valid_from": "2026-01-01"}
    tiny.load("service_marks", mark)
    for _ in range(2):
        tiny.service(3, **STAY | {"setting": "home_visit"}, group_code="G1")
        tiny.service(4, **STAY, group_code="G1")
    lines = tiny.lines()
    assert lines["K-1", "stay_group", ""] == (D(1200), D(0))
    assert lines["K-1", "stay_group", "unscaled"] == (D(1200), D(0))
