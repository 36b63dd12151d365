"""Standards of care, prescriptions, calls, autopsies, refusals: both sides of each border."""

from datetime import date

from tests.tiny import BINS, EVERYONE, PROVIDERS, check, lines, people, run_one, services

STANDARDS = lines(
    "icd10 | requirement | service_code | within_hours\nI64 | imaging | CT | 3\nI64 | "
    "imaging | MRI | 3\nI64 | imaging | SCAN | 3"
)


def test_core_service_missing() -> None:
    """Imaging within three hours, by any of its codes; a good outcome needs none; a complication
    does."""
    check(
        "core-service-missing",
        """
        id | iin | at | form       | setting   | group | code
        a1 | A   | P1 | stay_group | inpatient | G1    | -
        a2 | A   | P2 | outpatient | visit     |       | CT
        b1 | B   | P1 | stay_group | inpatient | G1    | -
        b2 | B   | P1 | outpatient | visit     |       | MRI
        c1 | C   | P1 | stay_group | inpatient | G1    | -
        d1 | D   | P1 | stay_group | inpatient | G1    | -
        e1 | E   | P1 | stay_group | inpatient | G1    | -
        f1 | F   | P1 | stay_group | inpatient | G1    | -
        g1 | G   | P1 | stay_group | inpatient | G1    | -

        id | icd   | start       | end         | out       | opened | icd10_other | expect
        a1 | I64   | 02-03 09:00 | 02-09 09:00 | worse     |        |             |
        a2 | I64   | 02-03 12:00 | 02-03 12:20 |           |        |             |
        b1 | I64   | 02-03 09:00 | 02-09 09:00 | worse     |        |             | found
        b2 | I64   | 02-03 12:01 | 02-03 12:20 |           |        |             |
        c1 | I64   | 02-03 09:00 | 02-09 09:00 | improved  |        |             |
        d1 | I64   | 02-03 09:00 | 02-09 09:00 | unchanged | SCAN   |             |
        e1 | I64   | 02-03 09:00 | 02-09 09:00 | improved  |        | T81.4       | found
        f1 | I64   | 02-03 09:00 | 02-09 09:00 | died      |        | T81.4       |
        g1 | J18.0 | 02-03 09:00 | 02-09 09:00 | worse     |        |             |
        """,
        standards=STANDARDS,
    )


CALLS = """
    station_bin | call_id | iin | received_at         | diagnosis | outcome
    P1          | a0      | A   | 2026-01-31 23:00:00 | J45.0     | left_home
    P2          | a1      | A   | 2026-02-01 23:00:00 | J45.9     | hospitalised
    P1          | b0      | B   | 2026-02-03 09:00:00 | J45.0     | left_home
    P1          | b1      | B   | 2026-02-04 09:00:01 | J45.0     | hospitalised
    P1          | c0      | C   | 2026-02-03 09:00:00 | J45.0     | left_home
    P1          | c1      | C   | 2026-02-03 19:00:00 | I10       | hospitalised
    P1          | d0      | D   | 2026-02-03 09:00:00 | J45.0     | hospitalised
    P1          | d1      | D   | 2026-02-03 19:00:00 | J45.0     | died
    P1          | e0      | E   | 2026-02-03 09:00:00 | J45.0     | left_home
    P1          | e1      | E   | 2026-02-03 19:00:00 | J45.0     | left_home
    P1          | f0      | 000000000000 | 2026-02-03 09:00:00 | J45.0 | left_home
    P1          | f1      | 000000000000 | 2026-02-03 19:00:00 | J45.0 | hospitalised
"""


def test_repeat_call() -> None:
    """Exactly twenty-four hours is within a day, a second more is not; another disease, a first
    call to hospital, a harmless end are in order.

    What cannot be anybody's IIN makes no two calls one person's.
    """
    check(
        "repeat-call",
        """
        id | iin | at | form      | setting | start            | expect
        a1 | A   | P2 | ambulance | call    | 2026-02-01 23:00 | found
        b0 | B   | P1 | ambulance | call    | 2026-02-03 09:00 |
        b1 | B   | P1 | ambulance | call    | 2026-02-04 09:00 |
        c1 | C   | P1 | ambulance | call    | 2026-02-03 19:00 |
        d1 | D   | P1 | ambulance | call    | 2026-02-03 19:00 |
        e1 | E   | P1 | ambulance | call    | 2026-02-03 19:00 |
        f1 | 000000000000 | P1 | ambulance | call | 2026-02-03 19:00 |
        """,
        calls=lines(CALLS),
    )


VISITS = """
    id | iin | form    | start
    s1 | A   | primary | 2026-02-03 09:00
    s2 | B   | primary | 2026-02-03 09:00
    s3 | C   | primary | 2026-02-03 09:00
    s4 | D   | primary | 2026-02-20 09:00
    s5 | E   | outpatient | 2026-02-03 09:00
"""
UNNAMED = "\n    s6 | F | primary | 2026-02-03 09:00"
PRESCRIBED = """
    all: prescriber_bin P1
    prescription_id | iin | service_id | drug_code | icd10 | prescribed_on | dispensed_on
    r1              | A   | s1         | C09AA02   |       | 2026-02-03    |
    r2              | B   | s2         | C09AA02   |       | 2026-02-03    | 2026-02-14
    r3              | C   | s3         | C09AA02   | I10   | 2026-02-03    | 2026-02-13
    r4              | D   | s4         | A10BA02   |       | 2026-02-20    |
    r5              | E   | s5         | C09AA02   |       | 2026-02-03    | 2026-02-14
"""


def _found(slug: str, on: date, **tables: list[dict[str, str]]) -> list[str]:
    rows = {
        "services": services(VISITS),
        "prescriptions": lines(PRESCRIBED),
        "providers": lines("bin | region\nP1 | 71"),
    }
    return [row["service_id"] for row in run_one(slug, rows | tables, found_on=on)]


def test_prescription_not_filled() -> None:
    """The tenth day is in time, the eleventh is not; a term that has not run out on the day of the
    run says nothing; 6.3 knows no outpatient care."""
    assert _found("prescription-not-filled", date(2026, 3, 2)) == ["s1", "s2"]
    assert _found("prescription-not-filled", date(2026, 3, 3)) == ["s1", "s2", "s4"]


def test_drug_not_indicated() -> None:
    """A dispensed drug of the list outside its diagnoses (J18.0 here); the prescription's own
    diagnosis comes first; unlisted drugs pass."""
    rules = lines("drug_code | icd10\nC09AA02 | I10-I15")
    undiagnosed = [
        row | {"icd10_main": ""} if row["service_id"] == "s6" else row
        for row in services(VISITS.rstrip() + UNNAMED)
    ]
    given = lines(
        "prescription_id | iin | prescriber_bin | service_id | drug_code | prescribed_on "
        "| dispensed_on\n"
        "r6 | F | P1 | s6 | C09AA02 | 2026-02-03 | 2026-02-04"
    )
    assert (
        _found(
            "drug-not-indicated",
            date(2026, 3, 2),
            drug_rules=rules,
            services=undiagnosed,
            prescriptions=given,
        )
        == []
    )
    assert _found("drug-not-indicated", date(2026, 3, 2), drug_rules=rules) == ["s2"]


def test_diagnosis_discrepancy() -> None:
    """Another block is a discrepancy, another code of the block is not."""
    check(
        "diagnosis-discrepancy",
        """
        all: start 2026-02-03 09:00, end 2026-02-05 09:00
        id | iin | form       | setting   | group | icd   | icd10_autopsy | out  | expect
        s1 | A   | stay_group | inpatient | G1    | I21.9 | I63.0         | died | found
        s2 | B   | stay_group | inpatient | G1    | I21.9 | I25.1         | died |
        s3 | C   | stay_group | inpatient | G1    | I21.9 |               | died |
        """,
    )


def test_refused_admission() -> None:
    """Twenty-four hours and the block decide; a planned stay, the same hospital and another block
    are no refusal of this kind; a death counts."""
    check(
        "refused-admission",
        """
        all: form stay_group, group G1
        id | iin | at | setting              | icd
        a1 | A   | P1 | admission_department | I21.0
        a2 | A   | P2 | inpatient            | I20.0
        b1 | B   | P1 | admission_department | I21.0
        b2 | B   | P2 | inpatient            | I20.0
        c1 | C   | P1 | admission_department | I21.0
        c2 | C   | P2 | inpatient            | I20.0
        d1 | D   | P1 | admission_department | I21.0
        d2 | D   | P1 | inpatient            | I20.0
        e1 | E   | P1 | admission_department | I21.0
        f1 | F   | P1 | admission_department | I21.0

        id | start       | end         | admission | out      | expect
        a1 | 02-03 09:00 | 02-03 10:00 | emergency | refused  | found
        a2 | 02-04 10:00 | 02-09 09:00 | emergency | improved |
        b1 | 02-03 09:00 | 02-03 10:00 | emergency | refused  |
        b2 | 02-04 10:01 | 02-09 09:00 | emergency | improved |
        c1 | 02-03 09:00 | 02-03 10:00 | emergency | refused  |
        c2 | 02-03 12:00 | 02-09 09:00 | planned   | improved |
        d1 | 02-03 09:00 | 02-03 10:00 | emergency | refused  |
        d2 | 02-03 12:00 | 02-09 09:00 | emergency | improved |
        e1 | 02-03 09:00 | 02-03 10:00 | emergency | refused  | found
        f1 | 02-03 09:00 | 02-03 10:00 | emergency | refused  |
        """,
        people=people(
            "person | died | cause\nA | |\nB | |\nC | |\nD | |\nE | 2026-02-04 | I25.2\nF "
            "| 2026-02-05 | I25.2"
        ),
    )


def test_refused_admission_names_one_other_stay() -> None:
    """Two hospitals took the person in: the provider and the number told belong to the same stay,
    the first."""
    drawn = """
        all: iin A, form stay_group, group G1, admission emergency
        id | at | setting              | icd   | start            | end              | out
        a1 | P1 | admission_department | I21.0 | 2026-02-03 09:00 | 2026-02-03 10:00 | refused
        b9 | P3 | inpatient            | I20.0 | 2026-02-03 11:00 | 2026-02-03 20:00 | transferred
        b1 | P2 | inpatient            | I20.0 | 2026-02-03 21:00 | 2026-02-09 09:00 | improved
    """
    tables = {"services": services(drawn), "people": EVERYONE, "providers": PROVIDERS}
    (finding,) = run_one("refused-admission", tables)
    evidence = finding.get("evidence", finding)
    assert (evidence["other_provider_bin"], evidence["other_service_id"]) == (BINS["P3"], "b9")
