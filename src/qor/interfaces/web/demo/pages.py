"""The page of the demo's clock."""

from __future__ import annotations

from qor.interfaces.web.demo import clock
from qor.interfaces.web.kernel.page import POST, SIGNED_IN, Page
from qor.workflow.accounts.models import User

Role = User.Role
PAGES = (Page("demo_clock", "demo/clock/", clock.move_clock, SIGNED_IN, takes=POST),)
