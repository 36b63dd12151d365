"""Work without a licence under order 19 (321/2020:10 ¶3): a penalty of a tenth of the contract's
sum is proposed to a person, and nothing more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from tests.engine.registers import AT
from tests.tiny import BINS, PROVIDERS, lines, make_lake, services
from tests.workflow.people import World, at

from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.storage.duck import connect, parquet
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import NoFigureOnDate
from qor.law.reading.figures import figure
from qor.law.reading.regulations import edition, in_force_since
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.models import Debt, OtherSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.acts.penalties import proposed_penalties
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.open_cases import open_cases
from qor.workflow.disputes.rights import NotYours

MARCH = Month(2026, 3)
SERVICES = """
    id | iin | at | form       | funding | start            | contract_no
    a1 | A   | P1 | outpatient | tmkkk   | 2026-03-12 09:00 | K-1
    a2 | A   | P1 | outpatient | tmkkk   | 2026-03-13 09:00 | K-1
    a3 | B   | P1 | outpatient | tmkkk   | 2026-03-14 09:00 | K-1
    a4 | C   | P1 | outpatient | tmkkk   | 2026-03-16 09:00 | K-1
    a5 | D   | P1 | outpatient | osms    | 2026-03-17 09:00 | K-2
    b1 | E   | P2 | outpatient | tmkkk   | 2026-03-17 09:00 | M-1
"""
CONTRACTS = """
    all: service_code *, valid_from 2026-01-01
    contract_no | bin | care_form  | funding | line | month   | amount
    K-1         | P1  | outpatient | tmkkk   | 1    | 2026-01 | 600000.05
    K-1         | P1  | outpatient | tmkkk   | 2    | 2026-03 | 400000.00
    K-2         | P1  | outpatient | osms    | 3    |         |
    M-1         | P2  | outpatient | tmkkk   | 4    | 2026-03 | 900000.00
"""


@pytest.fixture
def lake(tmp_path: Path, world: World) -> Lake:
    """The licence of P1 ended on 12 March; P2 has one; the month is run and brought in."""
    licences = lines(
        "bin | care_form | profile | valid_to\nP1 | outpatient | all | 2026-03-12\nP2 | "
        "outpatient | all |"
    )
    contracts = [
        {key: BINS.get(cell, cell) for key, cell in row.items()} for row in lines(CONTRACTS)
    ]
    tables = {
        "services": services(SERVICES),
        "providers": PROVIDERS,
        "licences": licences,
        "contracts": contracts,
    }
    lake = make_lake(tmp_path / "lake", tables)
    run_month(lake, RunRequest(MARCH, date(2026, 4, 2), "test", AT))
    open_cases(lake, MARCH, by="test", at=at(date(2026, 4, 2)))
    return lake


def test_each_edition_finds_it_in_its_own_way(lake: Lake) -> None:
    """321/2020:10 ¶3, 321/2020:13 ¶2, 321/2020:annex 1: the 12th is licensed, the 13th carries code
    1.3, from the 14th there is no code and nothing is at stake.
    """
    with connect() as connection:
        findings = connection.execute(f"""SELECT service_id, "check", code, proposed_deduction
            FROM {parquet(lake.paths("findings", [MARCH]))}
            WHERE "check" IN ('licence-missing', 'unlicensed-work')
            ORDER BY service_id""").fetchall()
    assert [row[:3] for row in findings] == [
        ("a2", "licence-missing", "1.3"),
        ("a3", "unlicensed-work", None),
        ("a4", "unlicensed-work", None),
        ("a5", "unlicensed-work", None),
    ]
    assert [row[3] for row in findings[1:]] == [None, None, None]
    assert set(
        Case.objects.filter(check_slug="unlicensed-work").values_list("route", "outcome")
    ) == {("look", "")}


def test_the_penalty_is_proposed_with_its_sum_and_never_imposed(lake: Lake, world: World) -> None:
    """321/2020:10 ¶3: a tenth of each contract's whole sum, once; a contract without a sum says so;
    nothing is owed until a person enters it."""
    providers = Organisation.objects.filter(kind="provider")
    proposed = {each.contract_no: each for each in proposed_penalties(lake, providers)}
    assert {
        no: (each.services, each.contract_sum, each.penalty) for no, each in proposed.items()
    } == {"K-1": (2, Decimal("1000000.05"), Decimal("100000.01")), "K-2": (1, None, None)}
    assert not Debt.objects.exists() and not OtherSum.objects.exists()
    for case in Case.objects.filter(check_slug="unlicensed-work", service_id__in=("a3", "a4")):
        apply_event(
            case.pk,
            "find_no_defect",
            by=case.assigned_to,
            at=at(date(2026, 4, 3)),
            statement="the licence was shown",
        )
    assert [each.contract_no for each in proposed_penalties(lake, providers)] == ["K-2"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_funds_people_read_it_and_the_provider_does_not(
    language: str, lake: Lake, world: World, settings: object
) -> None:
    """321/2020:10 ¶3, 321/2020:15: on the page of contracts and in the case; to a provider and
    another region nothing of it is shown."""
    settings.QOR_LAKE = str(lake.root)  # type: ignore[attr-defined]
    settings.QOR_SECOND_FACTOR = False  # type: ignore[attr-defined]
    User.objects.update(language=language)
    case = Case.objects.get(service_id="a3", check_slug="unlicensed-work")
    of = Organisation.objects.get(pk=case.provider_id)
    region = of.region
    sign = "100\u00a0000,01"

    def shown(user: User, address: str) -> bool:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return sign in client.get(address).content.decode()

    elsewhere = next(other for other in world.accountants if other != region)
    assert shown(world.office, "/contracts/") and shown(world.accountants[region], "/contracts/")
    assert shown(case.assigned_to, f"/cases/{case.pk}/") and shown(
        world.office, f"/cases/{case.pk}/"
    )
    assert not shown(world.accountants[elsewhere], "/contracts/")
    assert not shown(world.providers[region], "/contracts/")


def test_the_first_day_of_order_19_is_inferred_data() -> None:
    """321/2020:10 ¶3: 14 March 2026 is computed from the day of the order, another source names the
    16th; the data say so, and the penalty with them."""
    amended = edition("321/2020", date(2026, 3, 14))
    assert (amended.order, amended.status, amended.or_on) == (
        "19/2026",
        "inferred",
        date(2026, 3, 16),
    )
    assert figure("no_licence_penalty", date(2026, 3, 14)).status == "inferred"
    with pytest.raises(NoFigureOnDate):
        figure("no_licence_penalty", date(2026, 3, 13))
    assert [in_force_since("321/2020", "19/2026", date(2026, 3, day)) for day in (13, 14)] == [
        False,
        True,
    ]


def test_a_penalty_of_the_contract_is_entered_by_a_person(lake: Lake, world: World) -> None:
    """321/2020:10 ¶2: for a breach of contract a person enters the penalty with its ground; the
    provider owes it, and the list says so."""
    proposed = next(
        each
        for each in proposed_penalties(lake, Organisation.objects.filter(kind="provider"))
        if each.contract_no == "K-1"
    )
    assert proposed.penalty is not None and not proposed.entered
    sum_of = Other(
        proposed.provider,
        "K-1",
        False,
        OtherSum.Ground.PENALTY,
        proposed.penalty,
        "321/2020:10",
        funding="tmkkk",
    )
    with pytest.raises(NotYours):
        enter_other(sum_of, by=world.experts["71"][0], at=at(date(2026, 4, 6)), lake=lake)
    enter_other(sum_of, by=world.office, at=at(date(2026, 4, 6)), lake=lake)
    assert Debt.objects.get().amount == Decimal("100000.01")
    again = proposed_penalties(lake, Organisation.objects.filter(kind="provider"))
    assert [each.entered for each in again] == [True, False]


def test_two_providers_with_contracts_of_one_number(tmp_path: Path, world: World) -> None:
    """321/2020:10 ¶3: the penalty is a tenth of the provider's own contract, not of both."""
    contracts = lines("""
    all: contract_no K-1, care_form outpatient, funding tmkkk, service_code *, month 2026-03
    bin | line | amount     | valid_from
    P1  | 1    | 1000000.00 | 2026-01-01
    P2  | 2    | 9000000.00 | 2026-01-01
    """)
    licences = lines("bin | care_form | profile | valid_to\nP1 | outpatient | all | 2026-03-12")
    tables = {
        "services": services(SERVICES),
        "providers": PROVIDERS,
        "licences": licences,
        "contracts": contracts,
    }
    lake = make_lake(tmp_path / "lake", tables)
    run_month(lake, RunRequest(MARCH, date(2026, 4, 2), "test", AT))
    open_cases(lake, MARCH, by="test", at=at(date(2026, 4, 2)))
    providers = Organisation.objects.filter(bin=BINS["P1"])
    sums = {(p.contract_no, p.contract_sum) for p in proposed_penalties(lake, providers)}
    assert ("K-1", Decimal(1000000)) in sums and ("K-1", Decimal(10000000)) not in sums
