"""What tests of the money share."""

import pytest
from tests.workflow.people import World


@pytest.fixture
def world(db: None) -> World:
    """A small Fund."""
    return World()
