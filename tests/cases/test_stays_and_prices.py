"""Stays that need not have been, dearer codes and groups: both sides of each border."""

from tests.tiny import check, lines

ICD = lines("icd10 | outpatient_treatable | day_hospital_indicated\nI10 | true |\nM50-M54 | | true")
STAYS = """
    id | iin | form       | setting   | group | icd   | start            | end              | admission | opened | out      | expect
"""


def test_avoidable_stay() -> None:
    """Three days are short, four are not; an emergency, an operation, a transfer and another diagnosis are no defect."""
    check(
        "avoidable-stay",
        STAYS
        + """
        s1 | A | stay_group | inpatient    | G1 | I10   | 2026-02-03 09:00 | 2026-02-06 09:00 | planned   |       | improved    | found
        s2 | B | stay_group | inpatient    | G1 | I10   | 2026-02-03 09:00 | 2026-02-07 09:00 | planned   |       | improved    |
        s3 | C | stay_group | inpatient    | G1 | I10   | 2026-02-03 09:00 | 2026-02-05 09:00 | emergency |       | improved    |
        s4 | D | stay_group | inpatient    | G1 | I10   | 2026-02-03 09:00 | 2026-02-05 09:00 | planned   | 47.09 | improved    |
        s5 | E | stay_group | inpatient    | G1 | I10   | 2026-02-03 09:00 | 2026-02-05 09:00 | planned   |       | transferred |
        s6 | F | stay_group | inpatient    | G1 | J18.0 | 2026-02-03 09:00 | 2026-02-05 09:00 | planned   |       | improved    |
        s7 | G | stay_group | day_hospital | G1 | I10   | 2026-02-03 09:00 | 2026-02-05 09:00 | planned   |       | improved    |
        """,
        icd_rules=ICD,
    )


def test_stay_too_short() -> None:
    """Nine days are usual: three are a third, two are less; pro rata prices, transfers and self-discharges are in order.

    A short stay that need not have been is that defect; four days, too long for it, are this one.
    """
    check(
        "stay-too-short",
        """
        id | iin | form       | setting   | group | icd   | start            | end              | admission | amount   | out         | expect
        s1 | A   | stay_group | inpatient | G1    | J18.0 | 2026-02-03 09:00 | 2026-02-05 09:00 | planned   | 90000.00 | improved    | found
        s2 | B   | stay_group | inpatient | G1    | J18.0 | 2026-02-03 09:00 | 2026-02-06 09:00 | planned   | 90000.00 | improved    |
        s3 | C   | stay_group | inpatient | G1    | J18.0 | 2026-02-03 09:00 | 2026-02-05 09:00 | planned   | 20000.01 | improved    |
        s4 | D   | stay_group | inpatient | G1    | J18.0 | 2026-02-03 09:00 | 2026-02-05 09:00 | planned   | 20000.02 | improved    | found
        s5 | E   | stay_group | inpatient | G1    | J18.0 | 2026-02-03 09:00 | 2026-02-05 09:00 | planned   | 90000.00 | transferred |
        s6 | F   | stay_group | inpatient | G1    | J18.0 | 2026-02-03 09:00 | 2026-02-05 09:00 | planned   | 90000.00 | left        |
        s7 | G   | stay_group | inpatient | G1    | I10   | 2026-02-03 09:00 | 2026-02-04 09:00 | planned   | 90000.00 | improved    |
        s8 | F   | stay_group | inpatient | G2    | I10   | 2026-02-10 09:00 | 2026-02-14 09:00 | planned   | 90000.00 | improved    | found
        """,
        service_rules=lines("code | usual_days\nG1 | 9\nG2 | 21"),
        tariffs=lines("code | kind | price\nG1 | group | 90000.00\nG2 | group | 90000.00"),
        icd_rules=ICD,
    )


def test_day_hospital_indicated() -> None:
    """Code 3.4 holds from 14 March 2026: the thirteenth is before it; the day hospital itself and emergencies are in order."""
    drawn = (
        STAYS
        + """
        s1 | A | stay_group | inpatient    | G1 | M54.5 | 2026-03-10 09:00 | 2026-03-14 09:00 | planned   |       | improved | found
        s2 | B | stay_group | day_hospital | G1 | M54.5 | 2026-03-10 09:00 | 2026-03-14 09:00 | planned   |       | improved |
        s3 | C | stay_group | inpatient    | G1 | M54.5 | 2026-03-10 09:00 | 2026-03-14 09:00 | emergency |       | improved |
        s4 | D | stay_group | inpatient    | G1 | M54.5 | 2026-03-10 09:00 | 2026-03-14 09:00 | planned   | 03.09 | improved |
        s5 | E | stay_group | inpatient    | G1 | J18.0 | 2026-03-10 09:00 | 2026-03-14 09:00 | planned   |       | improved |
        """
    )
    check("day-hospital-indicated", drawn, of="2026-03", icd_rules=ICD)
    before = (
        STAYS
        + "s1 | A | stay_group | inpatient | G1 | M54.5 | 2026-02-10 09:00 | 2026-02-13 09:00 | planned | | improved |"
    )
    check("day-hospital-indicated", before, icd_rules=ICD)


def test_costly_alternative() -> None:
    """The dearer of two is found where the cheaper serves the diagnosis, and only there."""
    check(
        "costly-alternative",
        """
        id | iin | code | icd   | start            | expect
        s1 | A   | DEAR | K29.7 | 2026-02-03 09:00 | found
        s2 | B   | FAIR | K29.7 | 2026-02-03 09:00 |
        s3 | C   | DEAR | K80.0 | 2026-02-03 09:00 |
        s4 | D   | LONE | K29.7 | 2026-02-03 09:00 |
        """,
        service_rules=lines("code | alternative_group\nDEAR | g\nFAIR | g\nLONE | h"),
        tariffs=lines(
            "code | kind | price\nDEAR | service | 1000.01\nFAIR | service | 1000.00\nLONE | service | 5000.00"
        ),
        alternatives=lines("alternative_group | code | icd10\ng | FAIR | K29\ng | DEAR | K29"),
    )


def test_group_upcoding() -> None:
    """Diagnosis alone leads to G1, with the operation to G2: G2 without the operation is too heavy, G1 never is."""
    check(
        "group-upcoding",
        STAYS
        + """
        s1 | A | stay_group | inpatient | G2 | K40.9 | 2026-02-03 09:00 | 2026-02-09 09:00 | planned |             | improved | found
        s2 | B | stay_group | inpatient | G2 | K40.9 | 2026-02-03 09:00 | 2026-02-09 09:00 | planned | 53.00       | improved |
        s3 | C | stay_group | inpatient | G1 | K40.9 | 2026-02-03 09:00 | 2026-02-09 09:00 | planned |             | improved |
        s4 | D | stay_group | inpatient | G2 | J18.0 | 2026-02-03 09:00 | 2026-02-09 09:00 | planned |             | improved |
        s5 | E | stay_group | inpatient | G3 | K40.9 | 2026-02-03 09:00 | 2026-02-09 09:00 | planned | 53.00 99.99 | improved | found
        """,
        grouper=lines("icd10 | operation_code | group_code\nK40 | | G1\nK40 | 53.00 | G2"),
        tariffs=lines(
            "code | kind | price | weight\nG1 | group | 90000.00 | 0.9\nG2 | group | 99000.00 | 0.900001\nG3 | group | 9.00 | 2"
        ),
    )
