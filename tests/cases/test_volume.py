"""Repeats, licences, quantities, prices of stays, readmissions: both sides of each border."""

from tests.tiny import PROVIDERS, check, lines

RULES = lines("code | diagnostic | repeat_days | max_daily\nX1 | true | 30 |\nL1 | | | 2")
TARIFFS = lines("code | kind | price\nG1 | group | 90000.00")


def test_repeat_diagnostics() -> None:
    """The thirtieth day is within the limit, the thirty-first is not; another disease and a control
    around an operation are no repeat."""
    check(
        "repeat-diagnostics",
        """
        id | iin | at | code | icd
        a1 | A   | P1 | X1   | J18.0
        a2 | A   | P2 | X1   | J18.9
        b1 | B   | P1 | X1   | J18.0
        b2 | B   | P1 | X1   | J18.0
        c1 | C   | P1 | X1   | J18.0
        c2 | C   | P1 | X1   | K80.0
        d1 | D   | P1 | X1   | K80.0
        d2 | D   | P2 | -    | K80.0
        d3 | D   | P1 | X1   | K80.0

        id | setting   | start       | end         | operation_codes | expect
        a1 | visit     | 01-11 09:00 | 01-11 09:20 |                 |
        a2 | visit     | 02-10 09:00 | 02-10 09:20 |                 | found
        b1 | visit     | 01-10 09:00 | 01-10 09:20 |                 |
        b2 | visit     | 02-10 09:00 | 02-10 09:20 |                 |
        c1 | visit     | 02-03 09:00 | 02-03 09:20 |                 |
        c2 | visit     | 02-10 09:00 | 02-10 09:20 |                 |
        d1 | visit     | 02-03 09:00 | 02-03 09:20 |                 |
        d2 | inpatient | 02-05 09:00 | 02-07 09:00 | 51.22           |
        d3 | visit     | 02-10 09:00 | 02-10 09:20 |                 |
        """,
        service_rules=RULES,
    )


def test_licence_missing() -> None:
    """The licence's last day counts; a co-executor's licence serves its own services; another
    form's licence does not."""
    check(
        "licence-missing",
        """
        id | iin | at | form       | start            | subcontract_bin | expect
        s1 | A   | P1 | outpatient | 2026-02-10 09:00 |                 |
        s2 | A   | P1 | outpatient | 2026-02-11 09:00 |                 | found
        s3 | A   | P1 | pathology  | 2026-02-10 09:00 |                 | found
        s4 | A   | P1 | pathology  | 2026-02-10 09:00 | P2              |
        """,
        licences=lines(
            "bin | care_form | profile | valid_to\nP1 | outpatient | all | 2026-02-10\nP2 "
            "| pathology | all |"
        ),
    )


def test_licence_missing_after_order_19() -> None:
    """Code 1.3 is gone from 14 March 2026: the same work is then no defect (but a breach of
    contract, 321/2020:10 ¶3: `unlicensed-work`)."""
    services = """
        id | iin | at | form      | start            | expect
        s1 | A   | P1 | pathology | 2026-04-10 09:00 |
        """
    check(
        "licence-missing",
        services,
        of="2026-04",
        licences=lines("bin | care_form | profile\nP2 | pathology | all"),
    )


def test_unlicensed_work() -> None:
    """321/2020:10 ¶3: under order 19 work without a licence is found without a code; the last day
    counts, and a licensed co-executor may."""
    services = """
        id | iin | at | form       | start            | subcontract_bin | expect
        s1 | A   | P1 | outpatient | 2026-03-15 09:00 |                 |
        s2 | B   | P1 | outpatient | 2026-03-16 09:00 |                 | found
        s3 | C   | P1 | pathology  | 2026-03-20 09:00 | P2              |
        s4 | D   | P1 | pathology  | 2026-03-20 09:00 |                 | found
        s5 | E   | P2 | pathology  | 2026-03-20 09:00 |                 |
        s6 | F   | P3 | primary    | 2026-03-20 09:00 |                 |
        s7 | G   | P3 | primary    | 2026-03-21 09:00 |                 | found
        """
    licences = lines(
        "bin | care_form | profile | valid_to\nP1 | outpatient | all | 2026-03-15\nP2 | "
        "pathology | all |\nP3 | primary | all | 2026-03-20"
    )
    check("unlicensed-work", services, of="2026-03", licences=licences)


def test_quantity_excess() -> None:
    """Two a day are allowed: the entry that passes the limit is found, wherever it was made; next
    day is another day."""
    check(
        "quantity-excess",
        """
        id | iin | at | code | start            | quantity | expect
        a1 | A   | P1 | L1   | 2026-02-10 09:00 | 2        |
        a2 | A   | P2 | L1   | 2026-02-10 15:00 | 1        | found
        b1 | B   | P1 | L1   | 2026-02-10 09:00 | 3        | found
        c1 | C   | P1 | L1   | 2026-02-10 09:00 | 2        |
        c2 | C   | P1 | L1   | 2026-02-11 09:00 | 2        |
        d1 | D   | P1 | L1   | 2026-02-10 09:00 | 2        |
        d2 | D   | P1 | L1   | 2026-02-10 09:00 | 2        |
        """,
        service_rules=RULES,
    )


def test_tariff_overcharge() -> None:
    """One tiyn above the tariff is in order, two are found; only for stays."""
    check(
        "tariff-overcharge",
        """
        id | iin | form       | setting   | group | start            | amount   | expect
        s1 | A   | stay_group | inpatient | G1    | 2026-02-10 09:00 | 90000.01 |
        s2 | B   | stay_group | inpatient | G1    | 2026-02-10 09:00 | 90000.02 | found
        """,
        tariffs=TARIFFS,
    )


def test_own_tariff_from_mid_month() -> None:
    """A tariff of the form of care itself holds from its day on; before it, the general one; after
    it ends, the general one again."""
    check(
        "tariff-overcharge",
        """
        all: form stay_group
        id | iin | setting   | group | start            | end              | amount   | expect
        s1 | A   | inpatient | G1    | 2026-02-02 09:00 | 2026-02-09 09:00 | 90000.00 |
        s2 | B   | inpatient | G1    | 2026-02-03 09:00 | 2026-02-10 09:00 | 90000.00 | found
        s3 | C   | inpatient | G1    | 2026-02-03 09:00 | 2026-02-10 09:00 | 80000.00 |
        s4 | D   | inpatient | G1    | 2026-02-14 09:00 | 2026-02-20 09:00 | 80000.02 | found
        s5 | E   | inpatient | G1    | 2026-02-14 09:00 | 2026-02-21 09:00 | 90000.00 |
        """,
        tariffs=lines(
            """
            code | kind  | care_form  | price    | valid_from | valid_to
            G1   | group |            | 90000.00 | 2020-01-01 |
            G1   | group | stay_group | 80000.00 | 2026-02-10 | 2026-02-20
            """
        ),
    )


def test_readmission() -> None:
    """Thirty days after the discharge are within the limit, thirty-one are not; the earlier stay
    may be last month's."""
    check(
        "readmission",
        """
        all: form stay_group
        id | iin | at | setting   | start            | end              | icd   | expect
        a1 | A   | P1 | inpatient | 2026-01-05 09:00 | 2026-01-11 09:00 | J18.0 |
        a2 | A   | P2 | inpatient | 2026-02-10 09:00 | 2026-02-14 09:00 | J18.9 | found
        b1 | B   | P1 | inpatient | 2026-01-05 09:00 | 2026-01-10 09:00 | J18.0 |
        b2 | B   | P2 | inpatient | 2026-02-10 09:00 | 2026-02-14 09:00 | J18.0 |
        c1 | C   | P1 | inpatient | 2026-02-02 09:00 | 2026-02-05 09:00 | J18.0 |
        c2 | C   | P1 | inpatient | 2026-02-10 09:00 | 2026-02-14 09:00 | K80.0 |
        """,
    )


def test_readmission_exceptions() -> None:
    """No readmission: palliative care, a transfer the same day, after a self-discharge, courses by
    the dated table."""
    check(
        "readmission",
        """
        all: form stay_group, setting inpatient
        id | iin | at | start            | end              | icd   | outcome     | expect
        a1 | A   | P1 | 2026-02-02 09:00 | 2026-02-05 09:00 | J18.0 | improved    |
        a2 | A   | P3 | 2026-02-10 09:00 | 2026-02-14 09:00 | J18.0 | improved    |
        b1 | B   | P1 | 2026-02-02 09:00 | 2026-02-05 09:00 | J18.0 | transferred |
        b2 | B   | P2 | 2026-02-05 12:00 | 2026-02-14 09:00 | J18.0 | improved    |
        c1 | C   | P1 | 2026-02-02 09:00 | 2026-02-05 09:00 | J18.0 | left        |
        c2 | C   | P2 | 2026-02-06 09:00 | 2026-02-14 09:00 | J18.0 | improved    |
        d1 | D   | P1 | 2026-02-02 09:00 | 2026-02-03 09:00 | Z51.1 | improved    |
        d2 | D   | P1 | 2026-02-16 09:00 | 2026-02-17 09:00 | Z51.1 | improved    |
        e1 | E   | P1 | 2026-02-02 09:00 | 2026-02-05 09:00 | J18.0 | transferred |
        e2 | E   | P2 | 2026-02-06 09:00 | 2026-02-14 09:00 | J18.0 | improved    | found
        """,
        providers=[*PROVIDERS[:2], PROVIDERS[2] | {"palliative": "true"}],
        courses=lines("basis | code\nicd10 | Z51"),
    )
