"""Pages of the journal."""

from __future__ import annotations

from qor.interfaces.web.features.audit import journal
from qor.interfaces.web.kernel.page import Page
from qor.workflow.accounts.models import User

Role = User.Role
PAGES = (
    Page(
        "journal",
        "journal/",
        journal.journal,
        frozenset({Role.AUDITOR, Role.HEAD_OFFICE}),
        menu=140,
    ),
)
