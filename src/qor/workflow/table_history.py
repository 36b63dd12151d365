"""The history of the database's tables: one that this program did not make is refused, never half
read."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from qor.law.nouns.refusals import Refusal

_OURS = "qor.workflow."
# Apps that earlier programs had, and this one has no longer.
_GONE = frozenset({"payments"})


class TablesAreAnother(Refusal):
    """The tables were made by an earlier program, whose migrations this one does not know."""

    key = "tables_are_another"


def check_history() -> None:
    """Refuse a database whose tables another history made; an empty one passes.

    TablesAreAnother, which names what is not known.
    """
    loader = MigrationLoader(connection)
    known = {app.label for app in apps.get_app_configs() if app.name.startswith(_OURS)} | _GONE
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in known and (app, name) not in loader.disk_migrations
    )
    if unknown:
        raise TablesAreAnother(what=", ".join(unknown))
