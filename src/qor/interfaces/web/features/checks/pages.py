"""Pages of the checks."""

from __future__ import annotations

from qor.interfaces.web.features.checks import checks
from qor.interfaces.web.kernel.page import BOTH, Page
from qor.workflow.accounts.models import User

Role = User.Role
PAGES = (
    Page("checks", "checks/", checks.checks, frozenset({Role.HEAD_OFFICE}), takes=BOTH, menu=110),
)
