"""Three months of a small country: disputed, closed, signed, paid; every invariant holds after
each."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client

from qor.demo.months import grant_demo_advance, play_month
from qor.demo.people import populate
from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.simulate.country import Size, make_country
from qor.engine.storage.lake import Lake
from qor.interfaces.cli.demo_command import receive_all
from qor.interfaces.clock import now
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.months import Month
from qor.law.rules.ways_of_paying import Way, way_of
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Act, ActLine, HeldService
from qor.workflow.proof import verify

FOUND = {
    Month(2026, 1): date(2026, 2, 2),
    Month(2026, 2): date(2026, 3, 2),
    Month(2026, 3): date(2026, 4, 2),
}


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A small country with three months run."""
    folder = tmp_path_factory.mktemp("money")
    (folder / "country").mkdir()
    files = make_country(
        folder / "country", Size(people=1500, providers=24, services=3000, cases=2)
    )
    lake = Lake(folder / "lake")
    receive_all(lake, files, lambda *_: None)
    for month, found_on in FOUND.items():
        run_month(lake, RunRequest(month, found_on, "test", now()))
    return lake


@pytest.mark.django_db
@pytest.mark.slow
def test_three_months_close(country: Lake, settings: Any) -> None:
    """Held services of one month are set free in the next; money is paid; nothing breaks an
    invariant."""
    populate(country)
    grant_demo_advance(country, Month(2026, 1))
    for month, found_on in FOUND.items():
        played = play_month(country, month, found_on)
        assert played.paid > 0
        assert {proof.name: proof.broken for proof in verify() if proof.broken} == {}
    assert HeldService.objects.filter(released_by__isnull=False).exists()
    assert Act.objects.filter(released__gt=0, disallowed__gt=0).exists()
    assert Act.objects.filter(other_deductions__gt=Decimal(0)).exists()
    assert Act.objects.filter(advance_kept__gt=Decimal(0)).count() == 3

    for act in Act.objects.filter(closing__month="2026-02", disallowed__gt=0).select_related(
        "provider"
    ):
        _services_come_to_their_lines(country, act, settings)


def _services_come_to_their_lines(country: Lake, act: Act, settings: Any) -> None:
    """A provider's workbook of statuses: what was accepted, service by service, is what its acts'
    lines of the month accepted."""
    settings.QOR_LAKE, settings.QOR_SECOND_FACTOR = str(country.root), False
    client = Client()
    client.force_login(
        User.objects.get(role="provider", organisation=act.provider),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/registers/2026-02/statuses.xlsx").content)
    ).active
    assert book is not None
    paper = [
        Decimal(str(row[4]))
        for row in book.iter_rows(min_row=2, values_only=True)
        if row[4] not in (None, "")
    ]
    lines = ActLine.objects.filter(act__provider=act.provider, service_month="2026-02")
    priced = [
        line.accepted
        for line in lines
        if line.care_form
        and way_of(CareForm(line.care_form)).way not in {Way.PER_CAPITA, Way.COMPLEX}
    ]
    if len(priced) == lines.exclude(care_form="").count():
        assert sum(paper, Decimal(0)) == sum(priced, Decimal(0))
    line = act.lines.filter(disallowed__gt=0).first()
    assert line is not None
    of_line = f"form={line.care_form}&funding={line.funding}&of={line.service_month}"
    address = f"/acts/{act.pk}/services/?{of_line}"
    assert client.get(address).status_code == client.get(f"/acts/{act.pk}/").status_code == 200
    case = act.deductions.exclude(case=None)[0].case_id
    assert f"№ {act.pk}, 2026-02" in client.get(f"/cases/{case}/").content.decode()
