"""What the clerk reads in the law: the worth of a service, sums per capita, the linear scale and
what it leaves alone. Whole tiyn; knows nothing of the product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from tests.money.worlds.plan import Mark, Plan, Service, last_day

KPN = {"per_capita": True, "per_capita_unpaid": False}  # whether contributions are paid
_NINETY, _EIGHTY = 90, 80
_SCALE_OF = {"outpatient": "outpatient", "stay_group": "inpatient"}
_OUTPATIENT = {"antenatal", "trauma_point", "preventive_examination", "screening"}
_STAYS = ("inpatient", "day_hospital")


def half_up(numerator: int, denominator: int) -> int:
    """A fraction that is not negative, rounded to the nearest whole, a half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def worth(plan: Plan, service: Service, carries: bool) -> int:
    """By service or case the bill; nothing where a norm is paid per capita (39, 47); one complex
    tariff a patient and month, by the service that carries it."""
    if service.form == "primary":
        return 0
    if service.form == "mental":
        return plan.norms[service.provider, "КТ"] if carries else 0
    return service.amount


def carriers(month: Iterable[tuple[Service, bool, bool]]) -> set[tuple[int, str]]:
    """Which services of a month carry their patient's complex tariff: the first by its end of those
    that can be paid; else of those whose monitoring goes on; else of those that no contract is
    for.

    `month`: each service, whether it is of no contract, whether a case of it is open.
    """
    first: dict[tuple[int, str], tuple] = {}
    for service, lost, is_open in month:
        if service.form == "mental":
            patient = (service.provider, service.patient or service.sid)
            rank = (lost, is_open, service.ended, service.sid)
            first[patient] = min(first.get(patient, rank), rank)
    return {(provider, rank[3]) for (provider, _), rank in first.items()}


def attached(plan: Plan, provider: int, month: int, *, insured: bool) -> list[str]:
    """Letters of people attached by a month's end, with contributions or without."""
    day = last_day(month)
    return [
        person.letter
        for person in plan.persons
        if person.provider == provider and person.since <= day and person.is_insured(day) == insured
    ]


def capitation(plan: Plan, provider: int, month: int) -> Iterator[tuple[str, int]]:
    """Sums of primary care that hang on no service: their kind, tiyn (41, 43-45, 47, 47-1, 48)."""
    if "primary" not in plan.forms:
        return
    norm = plan.norms[provider, "КЖН"] * plan.factors.get(provider, 100)
    paid, unpaid = (
        len(attached(plan, provider, month, insured=insured)) for insured in (True, False)
    )
    yield "per_capita", half_up(norm * paid, 100)
    yield "per_capita_unpaid", half_up(norm * unpaid * _NINETY, 10_000)
    yield "urgent_care", plan.norms[provider, "urgent_care"] * (paid + unpaid)
    for kind in ("pupils", "split_up"):
        yield kind, plan.norms[provider, kind] * plan.groups.get((provider, month, kind), 0)
    yield "phenylketonuria", plan.reported.get((provider, month, "phenylketonuria"), 0)


def lost_by_never_served(
    plan: Plan, provider: int, paid: dict[tuple[int, str], tuple[int, int]]
) -> int:
    """What December takes back for people whom the provider served in no month of the year (47-1):
    of each month what was paid of the norm above eighty per cent of it.

    `paid`: what was accepted and claimed, by month and kind.
    """
    norm = plan.norms.get((provider, "КЖН"), 0) * plan.factors.get(provider, 100)
    served = {s.patient for s in plan.services if s.provider == provider}
    numerator, denominator = 0, 1
    for (month, kind), (accepted, claimed) in paid.items():
        people = set(attached(plan, provider, month, insured=KPN[kind])) - served
        per_cent = 100 if KPN[kind] else _NINETY
        # accepted / claimed of so many per cent of the norm, less eighty per cent of it
        above = max(accepted * per_cent - claimed * _EIGHTY, 0)
        part, of = norm * len(people) * above, claimed * 10_000
        numerator, denominator = numerator * of + part * denominator, denominator * of
    return half_up(numerator, denominator)


def line_pays(plan: Plan, line: tuple[str, str, str, int], on: date, total: int) -> int:
    """What a line pays of a total: up to its month's sum all, above it what the bands of its scale
    say (61, 76); without a scale the month's sum is the end (41)."""
    sum_ = plan.line_sum(line, on)
    if total <= sum_:
        return total
    hundred_thousandths = 0
    for low, high, per_cent in plan.bands.get(_SCALE_OF.get(line[1], ""), []):
        width = max(total * 1000 - sum_ * (1000 + low), 0)
        if high is not None:
            width = min(width, sum_ * (high - low))
        hundred_thousandths += width * per_cent
    return sum_ + half_up(hundred_thousandths, 100_000)


def left_alone(plan: Plan, service: Service) -> bool:
    """Whether the linear scale does not touch a service: clause 61 of outpatient care, 78 of
    stays."""
    marks = {mark.mark: mark for mark in plan.service_marks if _is_marked(mark, service)}
    if service.form == "outpatient":
        return bool(_OUTPATIENT & set(marks))
    if service.form != "stay_group":
        return False
    return (
        bool({"child_cancer", "high_technology"} & set(marks))
        or ("dialysis" in marks and service.setting in _STAYS)
        or ("infectious_beds" in marks and service.setting == "inpatient")
        or any(_is_spared(mark, service) for mark in plan.provider_marks)
    )


def _is_marked(mark: Mark, service: Service) -> bool:
    code = service.bed if mark.basis else service.group or service.code
    return mark.code == code and _holds(mark, service)


def _holds(mark: Mark, service: Service) -> bool:
    return mark.since <= service.ended_on <= (mark.until or date.max)


def _is_spared(mark: Mark, service: Service) -> bool:
    """Whether a hospital's stays are spared: by its kind, or a share of 45 per cent and above."""
    if mark.code != str(service.provider) or not _holds(mark, service):
        return False
    if mark.mark == "maternity_organisation":
        return service.setting in _STAYS
    return not mark.share or float(mark.share) >= 45
