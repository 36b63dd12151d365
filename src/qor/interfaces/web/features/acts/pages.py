"""Pages of acts, advances, debts and sums."""

from __future__ import annotations

from qor.interfaces.web.features.acts import act_services, acts, advances, debts, sums
from qor.interfaces.web.kernel.page import BOTH, POST, Page
from qor.workflow.accounts.models import User

Role = User.Role
_READERS = frozenset({Role.ACCOUNTANT, Role.AUDITOR, Role.HEAD_OFFICE, Role.PROVIDER})
_ENTER = frozenset({Role.ACCOUNTANT, Role.HEAD_OFFICE})
PAGES = (
    Page("acts", "acts/", acts.acts, _READERS, menu=40),
    Page("act", "acts/<int:pk>/", acts.act, _READERS),
    Page(
        "act_move",
        "acts/<int:pk>/move/",
        acts.act_move,
        frozenset({Role.ACCOUNTANT, Role.PROVIDER}),
        takes=POST,
    ),
    Page("act_other", "acts/<int:pk>/other/", acts.act_other, _ENTER, takes=POST),
    Page("act_services", "acts/<int:pk>/services/", act_services.act_services, _READERS),
    Page("act_paper", "acts/<int:pk>/<str:paper>.<str:kind>", acts.act_paper, _READERS),
    Page("advances", "advances/", advances.advances, _READERS, menu=60),
    Page(
        "advance_refund", "advances/<int:pk>/refund/", advances.advance_refund, _ENTER, takes=POST
    ),
    Page(
        "sums",
        "sums/",
        sums.sums,
        frozenset({Role.ACCOUNTANT, Role.AUDITOR, Role.HEAD_OFFICE}),
        menu=90,
    ),
    Page("sum_decide", "sums/<int:pk>/", sums.sum_decide, _ENTER, takes=POST),
    Page("debts", "debts/", debts.debts, _READERS, takes=BOTH, menu=70),
)
