"""Stays that need not have been, dearer codes and groups: both sides of each border."""

from tests.tiny import check, lines

ICD = lines("icd10 | outpatient_treatable | day_hospital_indicated\nI10 | true |\nM50-M54 | | true")


def test_avoidable_stay() -> None:
    """Three days are short, four are not; an emergency, an operation, a transfer and another
    diagnosis are no defect."""
    check(
        "avoidable-stay",
        """
        all: form stay_group, group G1, start 02-03 09:00
        id | iin | setting      | icd   | end         | admission | opened | out         | expect
        s1 | A   | inpatient    | I10   | 02-06 09:00 | planned   |        | improved    | found
        s2 | B   | inpatient    | I10   | 02-07 09:00 | planned   |        | improved    |
        s3 | C   | inpatient    | I10   | 02-05 09:00 | emergency |        | improved    |
        s4 | D   | inpatient    | I10   | 02-05 09:00 | planned   | 47.09  | improved    |
        s5 | E   | inpatient    | I10   | 02-05 09:00 | planned   |        | transferred |
        s6 | F   | inpatient    | J18.0 | 02-05 09:00 | planned   |        | improved    |
        s7 | G   | day_hospital | I10   | 02-05 09:00 | planned   |        | improved    |
        """,
        icd_rules=ICD,
    )


def test_stay_too_short() -> None:
    """Nine days are usual: three are a third, two are less; pro rata prices, transfers and
    self-discharges are in order.

    A short stay that need not have been is that defect; four days, too long for it, are this one.
    """
    check(
        "stay-too-short",
        """
        all: form stay_group, setting inpatient, admission planned
        id | iin | group | icd   | start       | end         | amount   | out         | expect
        s1 | A   | G1    | J18.0 | 02-03 09:00 | 02-05 09:00 | 90000.00 | improved    | found
        s2 | B   | G1    | J18.0 | 02-03 09:00 | 02-06 09:00 | 90000.00 | improved    |
        s3 | C   | G1    | J18.0 | 02-03 09:00 | 02-05 09:00 | 20000.01 | improved    |
        s4 | D   | G1    | J18.0 | 02-03 09:00 | 02-05 09:00 | 20000.02 | improved    | found
        s5 | E   | G1    | J18.0 | 02-03 09:00 | 02-05 09:00 | 90000.00 | transferred |
        s6 | F   | G1    | J18.0 | 02-03 09:00 | 02-05 09:00 | 90000.00 | left        |
        s7 | G   | G1    | I10   | 02-03 09:00 | 02-04 09:00 | 90000.00 | improved    |
        s8 | F   | G2    | I10   | 02-10 09:00 | 02-14 09:00 | 90000.00 | improved    | found
        """,
        service_rules=lines("code | usual_days\nG1 | 9\nG2 | 21"),
        tariffs=lines("code | kind | price\nG1 | group | 90000.00\nG2 | group | 90000.00"),
        icd_rules=ICD,
    )


def test_day_hospital_indicated() -> None:
    """Code 3.4 holds from 14 March 2026: the thirteenth is before it; the day hospital itself and
    emergencies are in order."""
    drawn = """
        all: form stay_group, start 2026-03-10 09:00, end 2026-03-14 09:00
        id | iin | setting      | group | icd   | admission | opened | out      | expect
        s1 | A   | inpatient    | G1    | M54.5 | planned   |        | improved | found
        s2 | B   | day_hospital | G1    | M54.5 | planned   |        | improved |
        s3 | C   | inpatient    | G1    | M54.5 | emergency |        | improved |
        s4 | D   | inpatient    | G1    | M54.5 | planned   | 03.09  | improved |
        s5 | E   | inpatient    | G1    | J18.0 | planned   |        | improved |
        """
    check("day-hospital-indicated", drawn, of="2026-03", icd_rules=ICD)
    before = drawn.split("s2 |")[0].replace("2026-03-", "2026-02-").replace("found", "")
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
            "code | kind | price\nDEAR | service | 1000.01\nFAIR | service | "
            "1000.00\nLONE | service | 5000.00"
        ),
        alternatives=lines("alternative_group | code | icd10\ng | FAIR | K29\ng | DEAR | K29"),
    )


def test_group_upcoding() -> None:
    """Diagnosis alone leads to G1, with the operation to G2: G2 without the operation is too heavy,
    G1 never is."""
    check(
        "group-upcoding",
        """
        all: form stay_group, start 2026-02-03 09:00, end 2026-02-09 09:00
        id | iin | setting   | group | icd   | admission | opened      | out      | expect
        s1 | A   | inpatient | G2    | K40.9 | planned   |             | improved | found
        s2 | B   | inpatient | G2    | K40.9 | planned   | 53.00       | improved |
        s3 | C   | inpatient | G1    | K40.9 | planned   |             | improved |
        s4 | D   | inpatient | G2    | J18.0 | planned   |             | improved |
        s5 | E   | inpatient | G3    | K40.9 | planned   | 53.00 99.99 | improved | found
        """,
        grouper=lines("icd10 | operation_code | group_code\nK40 | | G1\nK40 | 53.00 | G2"),
        tariffs=lines(
            "code | kind | price | weight\nG1 | group | 90000.00 | 0.9\nG2 | group | "
            "99000.00 | 0.900001\nG3 | group | 9.00 | 2"
        ),
    )


WEIGHED = (
    "code | kind | price | weight\nK1 | group | 686930.98 | 3.9114\nK2 | group | 452456.99 | "
    "2.5763\n"
)
LIST = WEIGHED + "K3 | group | 300000.00 |\nBD | bed_day | 24500.00 |"


def test_an_empty_quantity_is_one_unit() -> None:
    """Ten times the tariff is found whether the quantity is written or not; a right bill without
    one is not."""
    tariffs = lines(
        "code | kind | price\nG1 | group | 314568.86\nV1 | service | 13861.72\nBD | "
        "bed_day | 24500.00"
    )
    check(
        "tariff-overcharge",
        """
        all: start 2026-02-11 10:00, end 2026-02-16 11:00
        id | iin | form       | setting   | group | quantity | amount     | expect
        s1 | A   | stay_group | inpatient | G1    | 1        | 3145688.60 | found
        s2 | B   | stay_group | inpatient | G1    | -        | 3145688.60 | found
        s3 | C   | stay_group | inpatient | G1    | -        | 314568.87  |
        s4 | D   | stay_group | inpatient | G1    | -        | 314568.88  | found
        """,
        tariffs=tariffs,
    )
    visits = """
        id | iin | start            | quantity | amount    | expect
        v1 | A   | 2026-02-06 09:09 | 1        | 138617.20 | {many}
        v2 | A   | 2026-02-07 09:09 | -        | 138617.20 | {many}
        v3 | A   | 2026-02-09 09:09 | -        | 13861.72  |
        v4 | A   | 2026-02-10 09:09 | -        | 13861.70  | {few}
        """
    check("overpriced", visits.format(many="found", few=""), tariffs=tariffs)
    check("amount-mismatch", visits.format(many="", few="found"), tariffs=tariffs)


def test_an_empty_count_of_bed_days_is_the_days_between_the_dates() -> None:
    """Five days are five; on one day it is one; more than the dates hold is found, as when the
    count is written."""
    check(
        "tariff-overcharge",
        """
        all: form stay_bed_day, start 2026-02-11 10:00
        id | iin | setting   | code | bed_days | end              | amount    | expect
        s1 | A   | inpatient | BD   | -        | 2026-02-16 11:00 | 122500.00 |
        s2 | B   | inpatient | BD   | -        | 2026-02-16 11:00 | 147000.00 | found
        s3 | C   | inpatient | BD   | -        | 2026-02-11 15:00 | 24500.00  |
        s4 | D   | inpatient | BD   | -        | 2026-02-11 15:00 | 49000.00  | found
        s5 | E   | inpatient | BD   | 5        | 2026-02-16 11:00 | 147000.00 | found
        """,
        tariffs=lines(LIST),
    )


def test_an_empty_quantity_is_one_unit_of_the_days_limit() -> None:
    """Three rows without a quantity are three units of a code that allows two a day."""
    check(
        "quantity-excess",
        """
        id | iin | code | start            | quantity | entered          | expect
        a1 | A   | L1   | 2026-02-10 09:00 | -        | 2026-02-10 12:00 |
        a2 | A   | L1   | 2026-02-10 10:00 | -        | 2026-02-10 13:00 |
        a3 | A   | L1   | 2026-02-10 11:00 | -        | 2026-02-10 14:00 | found
        b1 | B   | L1   | 2026-02-10 09:00 | 2        | 2026-02-10 12:00 |
        b2 | B   | L1   | 2026-02-10 10:00 | -        | 2026-02-10 13:00 | found
        """,
        service_rules=lines("code | max_daily\nL1 | 2"),
    )


DAY_CASES = """
    all: end 2026-02-16 09:00
    id | iin | form       | setting      | group | start       | amount    | expect
    d1 | A   | stay_group | day_hospital | K1    | 02-11 09:00 | 274779.42 | {right}
    d2 | B   | stay_group | day_hospital | K1    | 02-11 09:00 | 274772.39 | {right}
    d3 | C   | stay_group | day_hospital | K1    | 02-11 09:00 | 274779.44 | {above}
    d4 | D   | stay_group | day_hospital | K1    | 02-11 09:00 | 274772.37 | {below}
    d5 | E   | stay_group | day_hospital | K1    | 02-11 09:00 | 274775.00 | {between}
    d6 | F   | stay_group | day_hospital | K2    | 02-11 09:00 | 180979.29 | {right}
    d7 | G   | stay_group | day_hospital | K2    | 02-11 09:00 | 180982.80 | {right}
    e1 | A   | stay_group | day_hospital | K3    | 02-10 09:00 | 120000.00 | {right}
    e2 | B   | stay_group | day_hospital | K3    | 02-10 09:00 | 300000.00 | {above}
    e3 | C   | stay_group | inpatient    | K1    | 02-10 09:00 | 686930.98 | {right}
    e4 | D   | rural      | day_hospital | K1    | 02-10 09:00 | 274779.42 | {right}
"""


def test_day_hospital_price() -> None:
    """291/2020:71: forty per cent of the weight to four places times the base, or of the tariff:
    right by either is no finding, by neither it is."""
    marks = {"right": "", "above": "", "below": "", "between": ""}
    for slug, marked in (
        ("tariff-overcharge", {"above"}),
        ("amount-mismatch", {"below", "between"}),
    ):
        drawn = DAY_CASES.format(**{mark: "found" if mark in marked else "" for mark in marks})
        check(slug, drawn, tariffs=lines(LIST))


def test_day_hospital_price_of_listed_operations_and_bed_days() -> None:
    """291/2020:71, 291/2020:88: seventy-five per cent for a listed operation and a coronary
    arteriography; bed-days forty per cent."""
    drawn = """
        all: setting day_hospital, start 02-10 09:00
        id | iin | form         | group | code
        s1 | A   | stay_group   | K3    | -
        s2 | B   | stay_group   | K3    | -
        s3 | C   | stay_group   | K3    | -
        s4 | D   | stay_bed_day | -     | BD
        s5 | E   | stay_bed_day | -     | BD

        id | opened | bed_days | end         | amount    | expect
        s1 | 13.73  | 1        | 02-11 09:00 | 225000.00 | {a}
        s2 | 88.56  | 1        | 02-11 09:00 | 225000.00 | {a}
        s3 | 47.09  | 1        | 02-11 09:00 | 225000.00 | {b}
        s4 | -      | 6        | 02-16 09:00 | 58800.00  | {a}
        s5 | -      | 6        | 02-16 09:00 | 147000.00 | {b}
        """
    check("tariff-overcharge", drawn.format(a="", b="found"), tariffs=lines(LIST))
    check("amount-mismatch", drawn.format(a="", b=""), tariffs=lines(LIST))


def test_day_hospital_price_as_printed() -> None:
    """A price that the list prints for the day hospital is the price; a share of the
    round-the-clock tariff is then not."""
    printed = LIST + "\n"
    tariffs = [row | {"setting": ""} for row in lines(printed)]
    tariffs += lines(
        "code | kind | price | setting\nK1 | group | 274779.50 | day_hospital\nK9 | group "
        "| 5000.00 | day_hospital"
    )
    drawn = """
        all: start 2026-02-03 09:00, end 2026-02-09 09:00
        id | iin | form       | setting      | group | quantity | amount    | expect
        s1 | A   | stay_group | day_hospital | K1    | 1        | 274779.50 |
        s2 | B   | stay_group | day_hospital | K1    | 1        | 274779.42 | {below}
        s3 | C   | stay_group | day_hospital | K1    | 1        | 274779.52 | {above}
        s4 | D   | stay_group | inpatient    | K1    | 1        | 686930.98 |
        s5 | E   | stay_group | day_hospital | K9    | 1        | 5000.02   | {above}
        s6 | F   | stay_group | inpatient    | K9    | 1        | 9000.00   |
        """
    check("tariff-overcharge", drawn.format(above="found", below=""), tariffs=tariffs)
    check("amount-mismatch", drawn.format(above="", below="found"), tariffs=tariffs)


def test_day_hospital_price_begins_on_its_day() -> None:
    """291/2020:71 in this wording holds from 1 October 2025: on 30 September the tariff is judged
    whole."""
    drawn = """
        all: start 2025-09-20 09:00, end 2025-09-30 09:00
        id | iin | form       | setting      | group | quantity | amount    | expect
        s1 | A   | stay_group | day_hospital | K3    | 1        | 300000.00 |
        s2 | B   | stay_group | day_hospital | K3    | 1        | 300000.02 | found
        """
    check("tariff-overcharge", drawn, of="2025-09", tariffs=lines(LIST))
    after = drawn.split("s2 |")[0].replace("2025-09-30", "2025-10-01")
    after = after.replace("300000.00 |", "300000.00 | found")
    check("tariff-overcharge", after, of="2025-10", tariffs=lines(LIST))
