"""What tests of the pages share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.core.cache import cache
from django.test import Client
from tests.engine.receive_once import receive_once
from tests.engine.registers import AT, csv_text
from tests.workflow.people import World

from qor.engine.intake.receive import Delivery
from qor.engine.storage.lake import Lake
from qor.workflow.accounts.models import User


@pytest.fixture
def world(db: None, settings: object, tmp_path: Path) -> World:
    """A small Fund; attachments and an empty lake in folders of the test."""
    settings.QOR_ATTACHMENTS = tmp_path / "attachments"  # type: ignore[attr-defined]
    settings.QOR_LAKE = str(tmp_path / "lake")  # type: ignore[attr-defined]
    settings.QOR_SECOND_FACTOR = False  # type: ignore[attr-defined]
    cache.clear()
    return World()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which a user is signed in."""

    def open_for(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_for


@pytest.fixture
def lake(world: World, tmp_path: Path) -> Lake:
    """A lake that knows the providers of the Fund."""
    lake = Lake(tmp_path / "lake")
    path = tmp_path / "providers.csv"
    path.write_text(
        csv_text(
            [{"bin": p.organisation.bin, "region": region} for region, p in world.providers.items()]
        )
    )
    receive_once(lake, Delivery(path, "providers", None, "test", AT))
    assert str(lake.root) == portal_settings.QOR_LAKE
    return lake
