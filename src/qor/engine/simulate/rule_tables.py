"""The invented country's price list, rules of codes and diagnoses, courses, clinical rules and
norms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qor.engine.simulate.world import (
    DRUGS,
    EXAMINATIONS,
    GROUPS,
    INTERCHANGEABLE,
    OPEN_FROM,
    PRINTED_FOR_DAYS,
    REPEAT_DAYS,
    SPECIAL,
    SPECIAL_GROUPS,
    VISITS,
    WEIGHTS,
    Provider,
    price,
)


def tariff_rows() -> list[dict[str, object]]:
    """The price list."""
    always: dict[str, object] = {
        "valid_from": OPEN_FROM,
        "valid_to": None,
        "care_form": None,
        "weight": None,
    }
    rows = [
        {"code": code, "kind": "service", "price": price(code), **always}
        for code in (*VISITS, *EXAMINATIONS, *SPECIAL.values(), *INTERCHANGEABLE)
    ]
    rows += [{"code": code, "kind": "group", "price": price(code), **always} for code in GROUPS]
    rows += [
        {"code": code, "kind": "group", "price": price(code), **always, "weight": Decimal(weight)}
        for code, weight in WEIGHTS.items()
    ]
    rows += [
        {"code": code, "kind": "group", **always, "price": printed, "setting": "day_hospital"}
        for code, printed in PRINTED_FOR_DAYS.items()
    ]
    rows += [{"code": "BD.001", "kind": "bed_day", "price": Decimal("24500.00"), **always}]
    for row in rows:
        if row["code"] == SPECIAL["ended"]:
            row["valid_to"] = date(2026, 2, 12)
        if row["code"] == SPECIAL["begun"]:
            row["valid_from"] = date(2026, 2, 12)
    return rows


def rule_rows() -> list[dict[str, object]]:
    """What may be billed under a code."""
    limits: dict[str, dict[str, object]] = {
        "women": {"sex": "f"},
        "men": {"sex": "m"},
        "adults": {"age_min": 18},
        "children": {"age_max": 17},
        "screening": {"age_min": 40, "age_max": 70, "screening": True},
        "donor": {"donor": True},
        "dialysis": {"dialysis": True},
        "prescription": {"prescription": True},
        "remote": {"remote_reading": True},
        "limited": {"max_daily": 2},
        "referred": {"needs_referral": True},
        "long": {"minutes": 240},
        "session": {"minutes": 240, "group_session": True},
    }
    rows: list[dict[str, object]] = [
        {"code": SPECIAL[name], "valid_from": OPEN_FROM, **facts} for name, facts in limits.items()
    ]
    rows += [
        {"code": code, "valid_from": OPEN_FROM, "alternative_group": "interchangeable"}
        for code in INTERCHANGEABLE
    ]
    rows += [{"code": SPECIAL_GROUPS["long_stay"], "valid_from": OPEN_FROM, "usual_days": 12}]
    return rows + [
        {"code": code, "valid_from": OPEN_FROM, "diagnostic": True, "repeat_days": REPEAT_DAYS}
        for code in EXAMINATIONS
    ]


def icd_rule_rows() -> list[dict[str, object]]:
    """Limits of diagnoses by sex and age."""
    return [
        {"icd10": "N70-N77", "sex": "f"},
        {"icd10": "N40", "sex": "m"},
        {"icd10": "P00-P96", "age_max": 0},
        {"icd10": "F10", "age_min": 18},
        {"icd10": "I10", "outpatient_treatable": True},
        {"icd10": "M50-M54", "day_hospital_indicated": True},
    ]


def course_rows() -> list[dict[str, object]]:
    """Courses and stages that are no readmission."""
    courses = (
        ("icd10", "Z51", "chemotherapy and radiation"),
        ("icd10", "O00-O99", "pregnancy"),
        ("icd10", "Z50", "rehabilitation"),
        ("bed_profile", "REHABILITATION", "rehabilitation"),
        ("operation_code", "STAGED", "staged operations"),
    )
    return [
        {"basis": basis, "code": code, "valid_from": OPEN_FROM, "reason": reason}
        for basis, code, reason in courses
    ]


def care_rules() -> dict[str, list[dict[str, object]]]:
    """Small plausible versions of the tables of clinical rules, by table: alternatives, grouper,
    standards, drug_rules."""
    groups = SPECIAL_GROUPS
    tables: dict[str, list[dict[str, object]]] = {
        "alternatives": [
            {"alternative_group": "interchangeable", "code": code, "icd10": "K29"}
            for code in INTERCHANGEABLE
        ],
        "grouper": [
            {"icd10": "K40", "operation_code": None, "group_code": groups["hernia"]},
            {"icd10": "K40", "operation_code": "53.00", "group_code": groups["hernia_operated"]},
        ],
        "standards": [
            {
                "icd10": "I64",
                "requirement": "imaging",
                "service_code": SPECIAL["tomography"],
                "within_hours": 3,
            },
            {"icd10": "I64", "requirement": "imaging", "service_code": "88.91", "within_hours": 3},
        ],
        "drug_rules": [{"drug_code": DRUGS["listed"], "icd10": "I10-I15"}],
    }
    return {
        table: [row | {"valid_from": OPEN_FROM} for row in rows] for table, rows in tables.items()
    }


def norm_rows(all_providers: list[Provider]) -> list[dict[str, object]]:
    """Per-capita norms and complex tariffs: general ones, and one provider's own."""
    general = (("КЖН", "1380.50"), ("БКЖН", "1512.00"), ("ЖБН", "412.25"), ("КТ", "38450.00"))
    rows: list[dict[str, object]] = [
        {"bin": "*", "kind": kind, "valid_from": OPEN_FROM, "value": Decimal(value)}
        for kind, value in general
    ]
    return [
        *rows,
        {
            "bin": all_providers[0].bin,
            "kind": "КЖН",
            "valid_from": OPEN_FROM,
            "value": Decimal("1402.10"),
        },
    ]
