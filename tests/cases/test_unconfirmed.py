"""Unconfirmed cases: the dead, the unborn, two places at once, the same record twice, impossible
sex and age."""

from tests.tiny import check, lines, people

RULES = lines(
    """
    code | sex | age_min | age_max | donor | dialysis | prescription | remote_reading | screening
    W1   | f   |         |         |       |          |              |                |
    A18  |     | 18      |         |       |          |              |                |
    C17  |     |         | 17      |       |          |              |                |
    SCR  |     | 40      | 70      |       |          |              |                | true
    DON  |     |         |         | true  |          |              |                |
    DIA  |     |         |         |       | true     |              |                |
    RX   |     |         |         |       |          | true         |                |
    REM  |     |         |         |       |          |              | true           |
    """
)


def test_after_death() -> None:
    """The day of death is in order, the day after is not; pathology, donors and samples taken
    before are lawful."""
    check(
        "after-death",
        """
        id | iin | form       | code | start            | sample_taken_at  | expect
        s1 | A   | outpatient | V1   | 2026-02-10 23:00 |                  |
        s2 | A   | outpatient | V1   | 2026-02-11 00:10 |                  | found
        s3 | A   | rural      | V1   | 2026-02-11 09:00 |                  | found
        s4 | A   | pathology  | V1   | 2026-02-11 09:00 |                  |
        s5 | A   | outpatient | DON  | 2026-02-11 09:00 |                  |
        s6 | A   | outpatient | V1   | 2026-02-11 09:00 | 2026-02-10 08:00 |
        s7 | A   | outpatient | V1   | 2026-02-12 09:00 | 2026-02-11 08:00 | found
        """,
        people=people("person | died\nA | 2026-02-10"),
        service_rules=RULES,
    )


def test_before_birth() -> None:
    """The day of birth is in order, the day before is not."""
    check(
        "before-birth",
        """
        id | iin | start            | expect
        s1 | A   | 2026-02-10 00:10 |
        s2 | A   | 2026-02-09 23:00 | found
        """,
        people=people("person | born\nA | 2026-02-10"),
    )


def test_during_stay() -> None:
    """Strictly inside a stay elsewhere: not on the days of admission and discharge, not at the same
    hospital, not the lawful kinds."""
    check(
        "during-stay",
        """
        all: iin A
        id | at | form       | setting   | code
        st | P2 | stay_group | inpatient | -
        s1 | P1 | outpatient | visit     | V1
        s2 | P1 | outpatient | visit     | V1
        s3 | P1 | outpatient | visit     | V1
        s4 | P1 | outpatient | visit     | V1
        s5 | P2 | outpatient | visit     | V1
        s6 | P1 | outpatient | visit     | DIA
        s7 | P1 | outpatient | visit     | RX
        s8 | P1 | ambulance  | call      | V1
        s9 | P1 | outpatient | visit     | V1

        id | start       | end         | subcontract_bin | expect
        st | 02-09 10:00 | 02-13 11:00 |                 |
        s1 | 02-09 15:00 | 02-09 15:20 |                 |
        s2 | 02-10 09:00 | 02-10 09:20 |                 | found
        s3 | 02-12 09:00 | 02-12 09:20 |                 | found
        s4 | 02-13 08:00 | 02-13 08:20 |                 |
        s5 | 02-11 09:00 | 02-11 09:20 |                 |
        s6 | 02-11 09:00 | 02-11 09:20 |                 |
        s7 | 02-11 09:00 | 02-11 09:20 |                 |
        s8 | 02-11 09:00 | 02-11 09:20 |                 |
        s9 | 02-11 09:00 | 02-11 09:20 | P3              |
        """,
        service_rules=RULES,
    )


def test_overlapping_stays() -> None:
    """By a day or more, at two hospitals or at one: the one entered later is found; a transfer the
    same day is lawful, between departments too."""
    check(
        "overlapping-stays",
        """
        all: form stay_group, setting inpatient
        id | iin | at | group | start            | end              | entered          | expect
        a1 | A   | P1 | G1    | 2026-02-02 09:00 | 2026-02-06 09:00 | 2026-02-12 09:00 | found
        a2 | A   | P2 | G1    | 2026-02-05 09:00 | 2026-02-10 09:00 | 2026-02-11 09:00 |
        b1 | B   | P1 | G1    | 2026-02-02 09:00 | 2026-02-05 09:00 | 2026-02-05 10:00 |
        b2 | B   | P2 | G1    | 2026-02-05 12:00 | 2026-02-10 09:00 | 2026-02-11 09:00 |
        c1 | C   | P1 | G1    | 2026-02-02 09:00 | 2026-02-06 09:00 | 2026-02-06 10:00 |
        c2 | C   | P1 | G1    | 2026-02-05 09:00 | 2026-02-10 09:00 | 2026-02-10 10:00 | found
        d1 | D   | P1 | G1    | 2026-02-02 09:00 | 2026-02-05 09:00 | 2026-02-05 10:00 |
        d2 | D   | P1 | G2    | 2026-02-05 08:00 | 2026-02-10 09:00 | 2026-02-11 09:00 |
        e1 | E   | P1 | G1    | 2026-02-02 09:00 | 2026-02-06 09:00 | 2026-02-06 10:00 |
        e2 | E   | P1 | G2    | 2026-02-02 09:00 | 2026-02-06 09:00 | 2026-02-06 10:00 | found
        f1 | F   | P1 | G1    | 2026-02-02 09:00 | 2026-02-06 09:00 | 2026-02-06 10:00 |
        f2 | F   | P1 | G1    | 2026-02-02 09:00 | 2026-02-06 09:00 | 2026-02-06 11:00 |
        g1 | G   | P1 | G1    | 2026-02-02 09:00 | 2026-02-06 09:00 | 2026-02-06 10:00 |
        g2 | G   | P1 | G1    | 2026-02-03 09:00 | 2026-02-03 15:00 | 2026-02-06 11:00 |
        """,
    )


def test_overlapping_stays_of_nobody() -> None:
    """Two people whose IIN is a placeholder are not one person."""
    check(
        "overlapping-stays",
        """
        all: iin 000000000000
        id | at | form       | setting   | start            | end              | expect
        a1 | P1 | stay_group | inpatient | 2026-02-02 09:00 | 2026-02-06 09:00 |
        a2 | P2 | stay_group | inpatient | 2026-02-05 09:00 | 2026-02-10 09:00 |
        """,
    )


def test_duplicate_service() -> None:
    """Same person, code, performer and start: all but the first entered; a co-executor's own
    register is matched, not doubled."""
    check(
        "duplicate-service",
        """
        id | iin | at | doctor | start            | entered          | subcontract_bin | expect
        a1 | A   | P1 | D1     | 2026-02-10 09:00 | 2026-02-10 12:00 |                 | found
        a2 | A   | P1 | D1     | 2026-02-10 09:00 | 2026-02-10 11:00 |                 |
        a3 | A   | P2 | D1     | 2026-02-10 09:00 | 2026-02-11 11:00 |                 | found
        b1 | B   | P1 | D1     | 2026-02-10 09:00 | 2026-02-10 11:00 | P2              |
        b2 | B   | P2 | D1     | 2026-02-10 09:00 | 2026-02-10 12:00 |                 |
        c1 | C   | P1 | D1     | 2026-02-10 09:00 | 2026-02-10 11:00 |                 |
        c2 | C   | P1 | D1     | 2026-02-10 09:01 | 2026-02-10 12:00 |                 |
        """,
    )


def test_the_same_stay_twice() -> None:
    """By the group, the bed-day's code or the profile, whatever the form is priced by; a day
    hospital's case too; never for want of a performer.

    A move to another department the same day, another group and a co-executor's own register are no
    duplicates.
    """
    check(
        "duplicate-service",
        """
        id | iin | at | form         | setting      | group | code
        a1 | A   | P1 | stay_group   | inpatient    | G1    | -
        a2 | A   | P1 | stay_group   | inpatient    | G1    | -
        a3 | A   | P2 | stay_group   | inpatient    | G1    | -
        b1 | B   | P1 | stay_bed_day | inpatient    | -     | BD
        b2 | B   | P1 | stay_bed_day | inpatient    | -     | BD
        c1 | C   | P1 | stay_group   | day_hospital | G1    | -
        c2 | C   | P1 | stay_group   | day_hospital | G1    | -
        d1 | D   | P1 | stay_group   | inpatient    | G1    | -
        d2 | D   | P1 | stay_group   | inpatient    | G1    | -
        e1 | E   | P1 | stay_group   | inpatient    | G1    | -
        e2 | E   | P1 | stay_group   | inpatient    | G2    | -
        f1 | F   | P1 | stay_group   | inpatient    | G1    | -
        f2 | F   | P2 | stay_group   | inpatient    | G1    | -
        g1 | G   | P1 | stay_actual  | inpatient    | -     | -
        g2 | G   | P1 | stay_actual  | inpatient    | -     | -

        id | doctor | start       | end         | entered     | subcontract_bin | expect
        a1 | D1     | 02-11 10:00 | 02-16 11:00 | 02-16 14:00 |                 |
        a2 | D1     | 02-11 10:00 | 02-16 11:00 | 02-17 09:00 |                 | found
        a3 | D1     | 02-11 10:00 | 02-16 11:00 | 02-18 09:00 |                 | found
        b1 | D1     | 02-11 10:00 | 02-16 11:00 | 02-16 14:00 |                 |
        b2 | D1     | 02-11 10:00 | 02-16 11:00 | 02-17 14:00 |                 | found
        c1 | D1     | 02-11 10:00 | 02-16 11:00 | 02-16 14:00 |                 |
        c2 | D1     | 02-11 10:00 | 02-16 11:00 | 02-17 14:00 |                 | found
        d1 | -      | 02-11 10:00 | 02-16 11:00 | 02-16 14:00 |                 |
        d2 | -      | 02-11 10:00 | 02-16 11:00 | 02-17 14:00 |                 | found
        e1 | D1     | 02-11 10:00 | 02-13 11:00 | 02-13 14:00 |                 |
        e2 | D1     | 02-13 11:00 | 02-16 11:00 | 02-17 14:00 |                 |
        f1 | D1     | 02-11 10:00 | 02-16 11:00 | 02-16 14:00 | P2              |
        f2 | D1     | 02-11 10:00 | 02-16 11:00 | 02-17 14:00 |                 |
        g1 | D1     | 02-11 10:00 | 02-16 11:00 | 02-16 14:00 |                 |
        g2 | D1     | 02-11 10:00 | 02-16 11:00 | 02-17 14:00 |                 | found
        """,
    )


def test_the_same_stay_twice_across_the_turn_of_the_month() -> None:
    """One row ended on 31 January, the other on 1 February."""
    check(
        "duplicate-service",
        """
        all: start 2026-01-28 09:00
        id | iin | form       | setting   | group | end              | entered          | expect
        a1 | A   | stay_group | inpatient | G1    | 2026-01-31 09:00 | 2026-02-01 01:00 |
        a2 | A   | stay_group | inpatient | G1    | 2026-02-01 09:00 | 2026-02-01 12:00 | found
        """,
    )


def test_sex_conflict() -> None:
    """A women's service for a man."""
    check(
        "sex-conflict",
        """
        id | iin | code | start            | expect
        s1 | A   | W1   | 2026-02-10 09:00 |
        s2 | B   | W1   | 2026-02-10 09:00 | found
        """,
        people=people("person | sex\nA | f\nB | m"),
        service_rules=RULES,
    )


def test_age_conflict() -> None:
    """Adults' care begins on the eighteenth birthday and children's ends the day before; a
    screening outside its group is another code."""
    check(
        "age-conflict",
        """
        id | iin | code | start            | expect
        s1 | A   | A18  | 2026-02-10 09:00 |
        s2 | A   | A18  | 2026-02-09 09:00 | found
        s3 | A   | C17  | 2026-02-10 09:00 | found
        s4 | A   | C17  | 2026-02-09 09:00 |
        s5 | A   | SCR  | 2026-02-09 09:00 |
        """,
        people=people("person | born\nA | 2008-02-10"),
        service_rules=RULES,
    )


def test_doctor_two_places() -> None:
    """One minute of overlap is found in the record entered later; none, remote reading, a
    placeholder and the co-executor's place are lawful."""
    check(
        "doctor-two-places",
        """
        id | iin | at | doctor | code | start       | end         | subcontract_bin | expect
        a1 | A   | P1 | D1     | V1   | 02-10 09:00 | 02-10 09:20 |                 |
        a2 | B   | P2 | D1     | V1   | 02-10 09:19 | 02-10 09:40 |                 | found
        b1 | A   | P1 | D2     | V1   | 02-10 09:00 | 02-10 09:20 |                 |
        b2 | B   | P2 | D2     | V1   | 02-10 09:20 | 02-10 09:40 |                 |
        c1 | A   | P1 | D3     | V1   | 02-10 09:00 | 02-10 09:20 |                 |
        c2 | B   | P2 | D3     | REM  | 02-10 09:10 | 02-10 09:40 |                 |
        d1 | A   | P1 | D4     | V1   | 02-10 09:00 | 02-10 09:20 | P2              |
        d2 | B   | P2 | D4     | V1   | 02-10 09:10 | 02-10 09:40 |                 |
        e1 | A   | P1 | 0      | V1   | 02-10 09:00 | 02-10 09:20 |                 |
        e2 | B   | P2 | 0      | V1   | 02-10 09:10 | 02-10 09:40 |                 |
        """,
        service_rules=RULES,
        staff=lines("performer_id | bin\nD1 | P1\nD2 | P1\nD3 | P1\nD4 | P2"),
    )
