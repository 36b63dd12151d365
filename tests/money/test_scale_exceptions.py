"""What the linear scale leaves alone, on both sides of each border: days, shares, beds, settings,
and how counsel reads the text."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.engine.registers import BIN, OTHER, csv_text, load
from tests.money.four_contracts import choose
from tests.money.tiny_month import CLOSED_ON, MONTH, write_settlement_inputs

from qor.engine.settlement.act_lines import make_act_lines
from qor.engine.storage.duck import connect, rows
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.reading.figures import figure
from qor.law.rules.scale_exceptions import scale_exceptions

OUTPATIENT = {"antenatal", "trauma_point", "preventive_examination", "screening"}
STAY = {"care_form": "stay_group", "setting": "inpatient"}
D = Decimal


@pytest.mark.parametrize(
    ("on", "outpatient", "inpatient"),
    [
        (date(2024, 12, 31), 0, 0),
        (date(2025, 1, 1), 0, 11),
        (date(2025, 9, 30), 0, 11),
        (date(2025, 10, 1), 4, 11),
        (date(2026, 6, 1), 4, 11),
    ],
)
def test_exceptions_begin_on_their_day(on: date, outpatient: int, inpatient: int) -> None:
    """291/2020:61 since 1 October 2025, 291/2020:78 since 1 January 2025; before, their texts are
    not held and nothing is excepted."""
    found = scale_exceptions(on)
    scales = [each.scale for each in found]
    assert (scales.count("outpatient"), scales.count("inpatient")) == (outpatient, inpatient)
    assert {each.name for each in found if each.scale == "outpatient"} <= OUTPATIENT
    assert {c.item for each in found if each.scale == "inpatient" for c in each.cites} <= {
        f"{n})" for n in range(1, 12)
    }


def test_the_share_is_forty_five_per_cent() -> None:
    """291/2020:78 3)-5): forty-five per cent and above."""
    assert figure("scale_exception_share", date(2025, 1, 1)).value == 45
    assert {
        e.least_share for e in scale_exceptions(MONTH.last) if e.provider.endswith("share")
    } == {D(45)}


class Tiny:
    """K-1 of one provider and K-2 of another: a thousand for outpatient care and for stays each;
    services of six hundred tenge."""

    def __init__(self, root: Path, plan: str = "1000.00") -> None:
        self.root, self.lake, self.services, self.files = (
            root,
            Lake(root / "lake"),
            list[dict[str, Any]](),
            0,
        )
        self.load("providers", {"bin": BIN, "region": "71"}, {"bin": OTHER, "region": "75"})
        for number, bin_ in (("K-1", BIN), ("K-2", OTHER)):
            line = {
                "contract_no": number,
                "bin": bin_,
                "funding": "tmkkk",
                "service_code": "*",
                "valid_from": "2025-01-01",
            }
            forms = ("outpatient", "stay_group", "pathology")
            self.load(
                "contracts",
                *(
                    line | {"line": n, "care_form": f, "month": str(MONTH), "amount": plan}
                    for n, f in enumerate(forms)
                ),
                line
                | {"line": 9, "care_form": "outpatient", "month": "2026-03", "amount": "90000.00"},
            )

    def load(self, table: str, *given: dict[str, Any], of: str | None = None) -> None:
        """Rows of a table."""
        self.files += 1
        columns = list(dict.fromkeys(name for row in given for name in row))
        load(
            self.lake,
            self.root,
            f"{self.files}.csv",
            csv_text([{n: row.get(n, "") for n in columns} for row in given]),
            table,
            of,
        )

    def service(self, day: int, bin_: str = BIN, **facts: Any) -> None:
        """One more service, on a day."""
        same = {
            "provider_bin": bin_,
            "service_id": f"s{len(self.services)}",
            "identity_kind": "foreigner",
            "care_form": "outpatient",
            "setting": "visit",
            "funding": "tmkkk",
            "started_at": f"2026-02-{day:02d} 09:00:00",
            "ended_at": f"2026-02-{day:02d} 09:20:00",
            "card_no": "C1",
            "registered_at": f"2026-02-{day:02d} 10:00:00",
            "quantity": "1",
            "amount": "600.00",
        }
        self.services.append(same | facts)

    def lines(self) -> dict[tuple[str, str, str], tuple[Decimal, Decimal]]:
        """(accepted, beyond) by contract, care form and kind."""
        self.load("services", *self.services, of=str(MONTH))
        with connect() as connection:
            make_act_lines(
                connection,
                self.lake,
                MONTH,
                CLOSED_ON,
                write_settlement_inputs(self.root, {}),
                self.root,
            )
            self.unready = {
                (r["provider_bin"], r["care_form"], r["what"])
                for r in rows(connection, "SELECT * FROM unready")
            }
            found = rows(connection, "SELECT * FROM act_lines")
        return {
            (r["contract_no"], r["care_form"], r["kind"]): (r["accepted"], r["beyond"])
            for r in found
        }


@pytest.mark.parametrize(
    ("mark", "marked", "other"),
    [
        ({"code": "A1", "mark": "antenatal"}, {"service_code": "A1"}, {"service_code": "A2"}),
        (
            {"code": "A1", "mark": "trauma_point", "basis": "service_code"},
            {"service_code": "A1"},
            {"group_code": "A1"},
        ),
        (
            {"code": "G1", "mark": "dialysis"},
            STAY | {"group_code": "G1"},
            STAY | {"group_code": "G1", "setting": "admission_department"},
        ),
        (
            {"code": "G1", "mark": "dialysis"},
            STAY | {"group_code": "G1", "setting": "day_hospital"},
            {"service_code": "G1"},
        ),
        (
            {"code": "39.95", "mark": "dialysis", "basis": "operation_code"},
            STAY | {"operation_codes": "39.95"},
            STAY | {"operation_codes": "39.96"},
        ),
        (
            {"code": "M1", "mark": "child_cancer"},
            STAY | {"group_code": "M1"},
            STAY | {"group_code": "M2"},
        ),
        (
            {"code": "C91", "mark": "blood_cancer", "basis": "icd10"},
            STAY | {"icd10_main": "C91.0"},
            STAY | {"icd10_main": "C92.0"},
        ),
        (
            {"code": "H1", "mark": "high_technology"},
            STAY | {"group_code": "H1"},
            {"service_code": "H1"},
        ),
        (
            {"code": "P1", "mark": "infectious_beds", "basis": "bed_profile"},
            STAY | {"bed_profile": "P1"},
            STAY | {"bed_profile": "P1", "setting": "day_hospital"},
        ),
    ],
)
def test_each_mark(
    tmp_path: Path, mark: dict[str, Any], marked: dict[str, Any], other: dict[str, Any]
) -> None:
    """291/2020:61, 291/2020:78 6), 7), 9), 10), 11): three marked services are paid whole; of three
    like them without the mark the third finds no room."""
    tiny = Tiny(tmp_path)
    tiny.load("service_marks", {"basis": ""} | mark | {"valid_from": "2026-01-01"})
    for day in (3, 4, 5):
        tiny.service(day, **marked)
        tiny.service(day, OTHER, **other)
    found = tiny.lines()
    assert [key[2] for key in found if key[0] == "K-1"] == ["unscaled"]
    assert [(key[2], sums) for key, sums in found.items() if key[0] == "K-2"] == [
        ("", (D(1000), D(800)))
    ]
    assert sum(found[key][0] for key in found if key[0] == "K-1") == D(1800)


def test_the_edition_is_that_of_the_day(tmp_path: Path) -> None:
    """291/2020:61: marked from the 10th to the 19th: the services of the 9th and the 20th are
    scaled, those of the 10th and the 19th are not."""
    tiny = Tiny(tmp_path)
    tiny.load(
        "service_marks",
        {
            "basis": "",
            "code": "A1",
            "mark": "antenatal",
            "valid_from": "2026-02-10",
            "valid_to": "2026-02-19",
        },
    )
    for day in (9, 10, 19, 20):
        tiny.service(day, service_code="A1")
        tiny.service(day, OTHER, service_code="A1" if day == 9 else "B1")
    found = tiny.lines()
    assert found["K-1", "outpatient", "unscaled"] == (D(1200), D(0))
    assert found["K-1", "outpatient", ""] == (D(1000), D(200))
    assert found["K-2", "outpatient", ""] == (D(1000), D(1400))


@pytest.mark.parametrize(
    ("mark", "spared"),
    [
        ({"mark": "births_share", "share": "45"}, True),
        ({"mark": "births_share", "share": "44.99"}, False),
        ({"mark": "infants_share", "share": "45"}, True),
        ({"mark": "births_and_infants_share", "share": "44.999999"}, False),
        ({"mark": "births_and_infants_share", "share": "60"}, True),
        ({"mark": "births_share", "share": ""}, False),
        ({"mark": "maternity_organisation", "share": ""}, True),
        ({"mark": "republican_tuberculosis", "share": ""}, True),
    ],
)
def test_a_providers_mark(tmp_path: Path, mark: dict[str, str], spared: bool) -> None:
    """291/2020:78 2)-5), 8): the stays of a marked provider are spared, its outpatient care is not,
    nor are another's stays; a missing share is told, also where the other one is known."""
    tiny = Tiny(tmp_path)
    tiny.load("provider_marks", mark | {"bin": BIN, "valid_from": "2026-01-01"})
    for day in (3, 4, 5):
        for bin_ in (BIN, OTHER):
            tiny.service(day, bin_, **STAY)
            tiny.service(day, bin_)
    found = tiny.lines()
    assert (
        ("K-1", "stay_group", "unscaled") in found
        if spared
        else found["K-1", "stay_group", ""] == (D(1000), D(800))
    )
    assert found["K-1", "outpatient", ""] == found["K-2", "outpatient", ""] == (D(1000), D(800))
    assert (
        (BIN, "stay_group", "share_not_loaded") in tiny.unready
        if mark["mark"] == "births_share" and not spared
        else True
    )
    assert (OTHER, "stay_group", "share_not_loaded") in tiny.unready
    if spared or mark["mark"] == "births_and_infants_share":
        assert (BIN, "stay_group", "share_not_loaded") not in tiny.unready


@pytest.mark.parametrize(
    ("choice", "ward_only"), [("departments", True), ("whole_hospital", False)]
)
def test_maternity_departments(
    tmp_path: Path, choice: str, ward_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:78 1): in a city hospital the beds of the maternity departments are spared, or the
    whole hospital; never in a hospital not so marked."""
    choose(monkeypatch, "scale_maternity_departments", choice)
    tiny = Tiny(tmp_path)
    tiny.load(
        "service_marks",
        {
            "basis": "bed_profile",
            "code": "MB",
            "mark": "maternity_beds",
            "valid_from": "2026-01-01",
        },
    )
    tiny.load(
        "provider_marks",
        {"bin": BIN, "mark": "city_or_regional_hospital", "valid_from": "2026-01-01"},
    )
    for bin_ in (BIN, OTHER):
        tiny.service(3, bin_, **STAY, bed_profile="MB")
        tiny.service(4, bin_, **STAY, bed_profile="T1")
    found = tiny.lines()
    assert (("K-1", "stay_group", "") in found) is ward_only
    assert found["K-2", "stay_group", ""] == (D(1000), D(200))


@pytest.mark.parametrize(("choice", "spared"), [("beds", 2), ("beds_and_diagnosis", 1)])
def test_infectious_patients(
    tmp_path: Path, choice: str, spared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:78 11): who lies on an infectious bed, or only who has a disease of the list as
    well."""
    choose(monkeypatch, "scale_infectious_patients", choice)
    tiny = Tiny(tmp_path, "100.00")
    marks = (
        {"basis": "bed_profile", "code": "INF", "mark": "infectious_beds"},
        {"basis": "icd10", "code": "A09", "mark": "infectious_disease"},
    )
    tiny.load("service_marks", *(mark | {"valid_from": "2026-01-01"} for mark in marks))
    tiny.service(3, **STAY, bed_profile="INF", icd10_main="A09")
    tiny.service(4, **STAY, bed_profile="INF", icd10_main="J18.0")
    found = tiny.lines()
    assert (
        sum(sums[0] + sums[1] for key, sums in found.items() if key[2] == "unscaled")
        == 600 * spared
    )


@pytest.mark.parametrize(
    ("choice", "scaled"), [("apart", (D(1000), D(200))), ("counted_first", (D(400), D(800)))]
)
def test_whether_exceptions_use_the_sum(
    tmp_path: Path, choice: str, scaled: tuple[Decimal, Decimal], monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:61: of a thousand, one excepted service of six hundred leaves all of it, or four
    hundred, to the two others."""
    choose(monkeypatch, "scale_exceptions_and_the_sum", choice)
    tiny = Tiny(tmp_path)
    tiny.load(
        "service_marks",
        {"basis": "", "code": "A1", "mark": "antenatal", "valid_from": "2026-01-01"},
    )
    for bin_ in (BIN, OTHER):
        tiny.service(9, bin_, service_code="A1")
        tiny.service(3, bin_, service_code="B1")
        tiny.service(4, bin_, service_code="B1")
    found = tiny.lines()
    for number in ("K-1", "K-2"):
        assert found[number, "outpatient", "unscaled"] == (D(600), D(0))
        assert found[number, "outpatient", ""] == scaled


def test_the_sum_of_an_excepted_line_is_no_room_for_others(tmp_path: Path) -> None:
    """291/2020:61: a contract line of antenatal care has its own thousand: other outpatient care
    still finds only its own thousand."""
    tiny = Tiny(tmp_path)
    line = {
        "contract_no": "K-1",
        "bin": BIN,
        "funding": "tmkkk",
        "valid_from": "2025-01-01",
        "care_form": "outpatient",
        "month": str(MONTH),
    }
    tiny.load("contracts", line | {"line": 50, "service_code": "A1", "amount": "1000.00"})
    tiny.load(
        "service_marks",
        {"basis": "", "code": "A1", "mark": "antenatal", "valid_from": "2026-01-01"},
    )
    for day in (3, 4, 5):
        tiny.service(day, service_code="B1")
        tiny.service(day, OTHER, service_code="B1")
    found = tiny.lines()
    assert found["K-1", "outpatient", ""] == found["K-2", "outpatient", ""] == (D(1000), D(800))


def test_the_year_still_cuts(tmp_path: Path) -> None:
    """291/2020:27: excepted services pass the month's sum, not the year's: a contract of 3,000 pays
    five of six hundred."""
    tiny = Tiny(tmp_path)
    tiny.load(
        "service_marks",
        {"basis": "", "code": "A1", "mark": "antenatal", "valid_from": "2026-01-01"},
    )
    line = {
        "contract_no": "K-1",
        "bin": BIN,
        "funding": "tmkkk",
        "valid_from": "2026-01-15",
        "care_form": "outpatient",
        "month": "2026-03",
        "service_code": "*",
    }
    tiny.load("contracts", line | {"line": 60, "amount": "0.00", "agreement_no": "2"})
    for day in range(3, 10):
        tiny.service(day, service_code="A1")
    tiny.service(3, OTHER, service_code="A1")
    found = tiny.lines()
    assert found["K-1", "outpatient", "unscaled"] == (D(3000), D(1200))
    assert found["K-2", "outpatient", "unscaled"] == (D(600), D(0))


@pytest.mark.parametrize(
    ("choice", "paid"), [("limit", (D(1000), D(800))), ("year_only", (D(1800), D(0)))]
)
def test_forms_without_a_scale(
    tmp_path: Path, choice: str, paid: tuple[Decimal, Decimal], monkeypatch: pytest.MonkeyPatch
) -> None:
    """291/2020:41: pathology has no linear scale: the month's sum is the end, or only the year's
    is; outpatient care has one either way."""
    choose(monkeypatch, "month_sum_without_scale", choice)
    tiny = Tiny(tmp_path)
    for day in (3, 4, 5):
        tiny.service(day, care_form="pathology")
        tiny.service(day, OTHER)
    found = tiny.lines()
    assert found["K-1", "pathology", ""] == paid
    assert found["K-2", "outpatient", ""] == (D(1000), D(800))


def test_no_mark_reads_no_column(tmp_path: Path) -> None:
    """291/2020:61: where nothing is marked the condition is a constant, so that no column of a
    nation's services is read for it."""
    from qor.engine.settlement.exceptions import unscaled_by_month

    tiny = Tiny(tmp_path)
    with connect() as connection:
        assert unscaled_by_month(connection, tiny.lake, [MONTH]) == {str(MONTH): "FALSE"}
        tiny.load(
            "service_marks",
            {"basis": "icd10", "code": "C91", "mark": "blood_cancer", "valid_from": "2026-01-01"},
        )
        before = Month(2024, 12)
        marked = unscaled_by_month(connection, tiny.lake, [before, MONTH])
        assert "icd10_main" in marked[str(MONTH)] and "service_code" not in marked[str(MONTH)]
        assert marked[str(before)] == "FALSE"
