"""Patients' words, complaints, paid services, overload, closed days; permits and referrals: both
sides of each border."""

from tests.tiny import check, lines, people

TWO = """
    id | iin | code | start            | expect
    s1 | A   | V1   | 2026-02-03 09:00 | found
    s2 | B   | V1   | 2026-02-03 09:00 |
    s3 | C   | V1   | 2026-02-03 09:00 |
"""


def _answers(first: str, second: str) -> list[dict[str, str]]:
    head = "provider_bin | service_id | iin | answer | answered_at"
    return lines(
        f"{head}\nP1 | s1 | A | {first} | 2026-02-20 09:00\nP1 | s2 | B | {second} | "
        f"2026-02-20 09:00\nP1 | s3 | A | {first} | 2026-02-20 09:00"
    )


def test_patient_denies() -> None:
    """The person's own word counts, another's does not."""
    check("patient-denies", TWO, patient_answers=_answers("not_received", "received"))


def test_patient_paid() -> None:
    """Paid is 12.2; received is in order."""
    check("patient-paid", TWO, patient_answers=_answers("paid", "received"))


def test_patient_bought_drugs() -> None:
    """Drugs bought are 12.1; money paid is another code."""
    check("patient-bought-drugs", TWO, patient_answers=_answers("bought_drugs", "paid"))


def test_complaint_justified() -> None:
    """Only a complaint found justified."""
    head = "complaint_id | provider_bin | service_id | received_at | justified"
    check(
        "complaint-justified",
        TWO,
        complaints=lines(
            f"{head}\nc1 | P1 | s1 | 2026-02-20 | true\nc2 | P1 | s2 | 2026-02-20 | false"
        ),
    )


def test_paid_in_register() -> None:
    """Sold the same day under the same code; another day or code is another service."""
    head = "provider_bin | receipt_no | iin | service_code | sold_on | amount"
    sold = lines(
        f"{head}\nP1 | r1 | A | V1 | 2026-02-03 | 5000.00\nP1 | r2 | B | V1 | 2026-02-04 "
        "| 5000.00\nP1 | r3 | C | V2 | 2026-02-03 | 1.00"
    )
    check("paid-in-register", TWO, paid_services=sold)


STAFF = lines("performer_id | bin\nD1 | P1\nD2 | P1\nD3 | P1\nD4 | P1")
MINUTES = lines("code | minutes | group_session\nV1 | 240 |\nGR | 240 | true\nLAB | |")


def test_doctor_overload() -> None:
    """Three times four hours are the limit, the fourth passes it; a group is one session, a
    laboratory has no minutes, a copy counts once."""
    check(
        "doctor-overload",
        """
        id | iin | at | code | doctor | start            | expect
        a1 | A   | P1 | V1   | D1     | 2026-02-03 08:00 |
        a2 | B   | P1 | V1   | D1     | 2026-02-03 09:00 |
        a3 | C   | P2 | V1   | D1     | 2026-02-03 10:00 |
        a4 | D   | P1 | V1   | D1     | 2026-02-03 11:00 | found
        b1 | A   | P1 | V1   | D2     | 2026-02-03 08:00 |
        b2 | B   | P1 | V1   | D2     | 2026-02-03 09:00 |
        b3 | C   | P1 | V1   | D2     | 2026-02-03 23:00 |
        b4 | C   | P1 | V1   | D2     | 2026-02-03 23:00 |
        b5 | D   | P1 | V1   | D2     | 2026-02-04 00:10 |
        c1 | A   | P1 | GR   | D3     | 2026-02-03 08:00 |
        c2 | B   | P1 | GR   | D3     | 2026-02-03 08:00 |
        c3 | C   | P1 | GR   | D3     | 2026-02-03 08:00 |
        c4 | D   | P1 | GR   | D3     | 2026-02-03 08:00 |
        d1 | A   | P1 | LAB  | D4     | 2026-02-03 08:00 |
        """,
        service_rules=MINUTES,
        staff=STAFF,
    )


def test_closed_day() -> None:
    """A Sunday at a provider that keeps days off; emergencies, remote words and those who work on
    Sundays are in order."""
    check(
        "closed-day",
        """
        id | iin | at | start            | admission | setting | expect
        s1 | A   | P1 | 2026-02-08 09:00 | planned   | visit   | found
        s2 | B   | P1 | 2026-02-09 09:00 | planned   | visit   |
        s3 | C   | P1 | 2026-02-08 09:00 | emergency | visit   |
        s4 | D   | P1 | 2026-02-08 09:00 | planned   | remote  |
        s5 | E   | P2 | 2026-02-08 09:00 | planned   | visit   |
        s6 | F   | P3 | 2026-02-08 09:00 | planned   | visit   |
        """,
        providers=lines(
            "bin | region | works_on_closed_days\nP1 | 71 | false\nP2 | 71 | true\nP3 | 71 |"
        ),
    )


def test_referral_missing() -> None:
    """A number or a date is a referral; an emergency needs none."""
    check(
        "referral-missing",
        """
        id | iin | code | start            | referral_no | referral_date | admission | expect
        s1 | A   | X1   | 2026-02-03 09:00 |             |               | planned   | found
        s2 | B   | X1   | 2026-02-03 09:00 | R-1         |               | planned   |
        s3 | C   | X1   | 2026-02-03 09:00 |             | 2026-02-01    | planned   |
        s4 | D   | X1   | 2026-02-03 09:00 |             |               | emergency |
        s5 | E   | V1   | 2026-02-03 09:00 |             |               | planned   |
        """,
        service_rules=lines("code | needs_referral\nX1 | true\nV1 | false"),
    )


def test_screening_age() -> None:
    """The fortieth birthday is in the group, the day before is not; seventy is, seventy-one is
    not."""
    check(
        "screening-age",
        """
        id | iin | code | start            | expect
        s1 | A   | SCR  | 2026-02-03 09:00 |
        s2 | B   | SCR  | 2026-02-03 09:00 | found
        s3 | C   | SCR  | 2026-02-03 09:00 |
        s4 | D   | SCR  | 2026-02-03 09:00 | found
        """,
        service_rules=lines("code | screening | age_min | age_max\nSCR | true | 40 | 70"),
        people=people(
            "person | born\nA | 1986-02-03\nB | 1986-02-04\nC | 1955-02-04\nD | 1955-02-03"
        ),
    )


def test_certificate_expired() -> None:
    """The last day counts; a renewal elsewhere counts; of no dates nothing is said; a certificate
    yet to come is none."""
    check(
        "certificate-expired",
        """
        id | iin | doctor | start            | expect
        s1 | A   | D1     | 2026-02-10 09:00 |
        s2 | B   | D1     | 2026-02-11 09:00 | found
        s3 | C   | D2     | 2026-02-11 09:00 |
        s4 | D   | D3     | 2026-02-11 09:00 |
        s5 | E   | D4     | 2026-02-11 09:00 | found
        s6 | F   | D5     | 2026-02-11 09:00 |
        """,
        staff=lines(
            """
            performer_id | bin | works_from | certificate_from | certificate_to
            D1           | P1  | 2020-01-01 | 2021-02-10       | 2026-02-10
            D2           | P1  | 2020-01-01 | 2021-02-10       | 2026-02-10
            D2           | P2  | 2020-01-01 | 2026-02-11       | 2031-02-11
            D3           | P1  | 2020-01-01 |                  |
            D4           | P1  | 2020-01-01 | 2026-02-12       | 2031-02-12
            D5           | P1  | 2020-01-01 | 2021-02-10       | 2026-02-10
            D5           | P2  | 2020-01-01 |                  | 2031-02-10
            """
        ),
    )


def test_attached_without_consent() -> None:
    """No consent on file, at one's own word, this month: the first service there; by order of the
    authority it is in order."""
    check(
        "attached-without-consent",
        """
        id | iin | at | form    | start            | expect
        a1 | A   | P1 | primary | 2026-02-04 09:00 | found
        a2 | A   | P1 | primary | 2026-02-05 09:00 |
        a0 | A   | P1 | primary | 2026-02-02 09:00 |
        b1 | B   | P1 | primary | 2026-02-04 09:00 |
        c1 | C   | P1 | primary | 2026-02-04 09:00 |
        d1 | D   | P1 | primary | 2026-02-04 09:00 |
        e1 | E   | P2 | primary | 2026-02-04 09:00 |
        """,
        people=people(
            """
            person | attached_bin | attached_since | attachment_consent | attachment_basis
            A      | P1           | 2026-02-03     | false              | application
            B      | P1           | 2026-02-03     | true               | application
            C      | P1           | 2026-02-03     | false              | order
            D      | P1           | 2026-01-31     | false              | application
            E      | P1           | 2026-02-03     | false              | application
            """
        ),
    )
