"""Pages of registers, and the interface for hospital systems."""

from __future__ import annotations

from qor.interfaces.web.features.intake import api, registers
from qor.interfaces.web.kernel.page import ANYBODY, POST, Page
from qor.workflow.accounts.models import User

Role = User.Role
_PROVIDER = frozenset({Role.PROVIDER})
PAGES = (
    Page("registers", "registers/", registers.registers, _PROVIDER, menu=20),
    Page("register_try", "registers/try/", registers.try_one, _PROVIDER, takes=POST),
    Page("register_hand_in", "registers/hand-in/", registers.hand_in, _PROVIDER, takes=POST),
    Page("register_sign", "registers/sign/", registers.sign, _PROVIDER, takes=POST),
    Page("register_statuses", "registers/<str:of>/statuses.xlsx", registers.statuses, _PROVIDER),
    Page("api_registers", "api/registers/", api.hand_in, ANYBODY, takes=POST),
)
