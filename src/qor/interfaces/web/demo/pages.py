"""The demo's people and its play."""

from __future__ import annotations

from qor.interfaces.web.demo import play
from qor.interfaces.web.kernel.page import POST, SIGNED_IN, Page
from qor.workflow.accounts.models import User

Role = User.Role
PAGES = (Page("demo_clock", "demo/clock/", play.move_clock, SIGNED_IN, takes=POST),)
