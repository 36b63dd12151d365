"""A database whose tables an earlier program made is refused in words, and stays as it is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from qor.workflow.table_history import TablesAreAnother, check_history

pytestmark = pytest.mark.django_db


def test_the_own_history_passes() -> None:
    """Tables that this program made."""
    check_history()


@pytest.mark.parametrize(
    ("app", "name"),
    [("payments", "0006_kinds_of_lines_and_what_is_missing"), ("accounts", "0002_tokens")],
)
def test_another_history_is_named(app: str, name: str) -> None:
    """A room that is gone, and a migration that is no longer there."""
    MigrationRecorder(connection).record_applied(app, name)
    with pytest.raises(TablesAreAnother) as refused:
        check_history()
    assert refused.value.facts["what"] == f"{app}.{name}"


def test_libraries_may_know_more() -> None:
    """What a library's newer release made is not ours to judge."""
    MigrationRecorder(connection).record_applied("axes", "0999_later")
    check_history()
