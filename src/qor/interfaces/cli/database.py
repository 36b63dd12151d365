"""Opening the database that a command works on."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from qor.engine.storage.lake import Lake
from qor.interfaces.clock import check_demo_clock, now

SETTINGS = "qor.interfaces.web.server.settings"


def open_portal(
    database: str = "", lake: str = "", *, must_exist: bool = False, any_key: bool = False
) -> None:
    """Make Django ready over a database (an address, or the settings' own), its tables up to date,
    the journal's key at hand.

    `must_exist`: NoSuchDatabase where nothing was ever kept; else the database is made (init, demo,
    bring-in, serve). `any_key`: also over a journal that was begun without one. WrongJournalKey,
    JournalKeyMissing, JournalIsOld.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if database:
        os.environ["QOR_DATABASE_URL"] = database
    if lake:
        os.environ["QOR_LAKE"] = lake
    import django
    from django.conf import settings
    from django.core.management import call_command

    from qor.interfaces.web.server import start

    django.setup()
    facts = settings.DATABASES["default"]
    check_demo_clock(str(facts["NAME"]))
    if must_exist:
        start.check_exists(facts)
    start.check_database(facts)
    start.check_letters(settings.EMAIL_HOST, settings.QOR_ADDRESS)
    from qor.workflow.database_roles import may_not_migrate
    from qor.workflow.table_history import check_history

    check_history()
    if not may_not_migrate():
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    from qor.workflow.audit.journal import check_key

    if not any_key:
        check_key()
    if lake:
        join(Lake(Path(lake)))


def join(lake: Lake) -> None:
    """Enter into the journal the commits of a lake that it does not tell of yet: made without a
    database, or cut off by a kill. LakeIsAnother."""
    from qor.workflow.audit.lake_commits import enter_commits

    enter_commits(lake, by=getpass.getuser(), at=now())


def attachments_in(folder: Path) -> None:
    """Keep attachments under a folder."""
    os.environ["QOR_ATTACHMENTS"] = str(folder)
