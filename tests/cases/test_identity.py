"""Who the service was for: cases a lawyer can read."""

from tests.tiny import PEOPLE, check, lines, people


def test_iin_invalid() -> None:
    """An IIN is missing, not twelve digits, with a wrong check digit or an impossible date;
    newborns and foreigners have none."""
    good = str(PEOPLE["A"])
    wrong = good[:11] + str((int(good[11]) + 1) % 10)
    check(
        "iin-invalid",
        f"""
        id | iin          | start            | identity_kind | expect
        ok | A            | 2026-02-10 09:00 | iin           |
        s1 |              | 2026-02-10 09:00 | iin           | found
        s2 | {wrong}      | 2026-02-10 09:00 | iin           | found
        s3 | {good[:11]}  | 2026-02-10 09:00 | iin           | found
        s4 | 009900000008 | 2026-02-10 09:00 | iin           | found
        n1 |              | 2026-02-10 09:00 | newborn       |
        n2 |              | 2026-02-10 09:00 | foreigner     |
        """,
    )


def test_person_unknown() -> None:
    """A valid IIN that the register does not hold is found; a known one and a foreigner without an
    IIN are not."""
    check(
        "person-unknown",
        """
        id | iin | start            | identity_kind | expect
        s1 | A   | 2026-02-10 09:00 | iin           |
        s2 | B   | 2026-02-10 09:00 | iin           | found
        s3 |     | 2026-02-10 09:00 | foreigner     |
        """,
        people=people("person\nA"),
    )


def test_birth_sex_mismatch() -> None:
    """The register disagrees with what the IIN codes."""
    check(
        "birth-sex-mismatch",
        """
        id | iin | start            | expect
        s1 | A   | 2026-02-10 09:00 |
        s2 | B   | 2026-02-10 09:00 | found
        """,
        people=people("person | iin_agrees\nA | true\nB | false"),
    )


def test_sex_conflict_diagnosis() -> None:
    """A man with a woman's disease is found, a woman with it is not; a rule on a block covers its
    diagnoses."""
    check(
        "sex-conflict-diagnosis",
        """
        id | iin | start            | icd   | expect
        s1 | A   | 2026-02-10 09:00 | N70.1 |
        s2 | B   | 2026-02-10 09:00 | N70.1 | found
        s3 | B   | 2026-02-10 09:00 | N78   |
        """,
        people=people("person | sex\nA | f\nB | m"),
        icd_rules=lines("icd10 | sex\nN70-N77 | f"),
    )


def test_age_conflict_diagnosis() -> None:
    """The limit is eighteen full years: the birthday itself is in order, the day before is not."""
    check(
        "age-conflict-diagnosis",
        """
        id | iin | start            | icd   | expect
        s1 | A   | 2026-02-10 09:00 | F10.2 |
        s2 | B   | 2026-02-10 09:00 | F10.2 | found
        """,
        people=people("person | born\nA | 2008-02-10\nB | 2008-02-11"),
        icd_rules=lines("icd10 | age_min\nF10 | 18"),
    )
