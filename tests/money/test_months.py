"""Three months of a small country: disputed, closed, signed, paid; every invariant holds after each."""

from datetime import date
from decimal import Decimal

import pytest

from qor.engine.lake import Lake
from qor.engine.settlement.close_month import Order, close_month
from qor.engine.simulate.country import Size, make_country
from qor.interfaces.cli.demo_command import receive_all
from qor.interfaces.clock import now
from qor.interfaces.portal.demo import populate
from qor.interfaces.portal.demo_money import grant_demo_advance, play_month
from qor.law.months import Month
from qor.workflow.payments.models import Act, HeldService
from qor.workflow.payments.verify import verify

FOUND = {Month(2026, 1): date(2026, 2, 2), Month(2026, 2): date(2026, 3, 2), Month(2026, 3): date(2026, 4, 2)}


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A small country with three months run."""
    folder = tmp_path_factory.mktemp("money")
    (folder / "country").mkdir()
    files = make_country(folder / "country", Size(people=1500, providers=24, services=3000, cases=2))
    lake = Lake(folder / "lake")
    receive_all(lake, files, lambda *_: None)
    for month, found_on in FOUND.items():
        close_month(lake, Order(month, found_on, "test", now()))
    return lake


@pytest.mark.django_db
def test_three_months_close(country: Lake) -> None:
    """Held services of one month are set free in the next; money is paid; nothing breaks an invariant."""
    populate(country)
    grant_demo_advance(Month(2026, 1))
    for month, found_on in FOUND.items():
        played = play_month(country, month, found_on)
        assert played.paid > 0
        assert {proof.name: proof.broken for proof in verify() if proof.broken} == {}
    assert HeldService.objects.filter(released_by__isnull=False).exists()
    assert Act.objects.filter(released__gt=0, disallowed__gt=0).exists()
    assert Act.objects.filter(other_deductions__gt=Decimal(0)).exists()
    assert Act.objects.filter(advance_kept__gt=Decimal(0)).count() == 3
