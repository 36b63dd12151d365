"""Pages of cases, requests, notices and outages."""

from __future__ import annotations

from qor.interfaces.web.features.disputes import (
    case_actions,
    case_list,
    case_page,
    cases,
    head_office,
    notices,
    requests,
)
from qor.interfaces.web.kernel.page import BOTH, POST, Page
from qor.workflow.accounts.models import User

Role = User.Role
_SEEING = frozenset({Role.AUDITOR, Role.EXPERT, Role.HEAD_OFFICE, Role.PROVIDER})
_DISPUTING = frozenset({Role.EXPERT, Role.HEAD_OFFICE, Role.PROVIDER})
_HEAD_OFFICE = frozenset({Role.HEAD_OFFICE})
_PROVIDER = frozenset({Role.PROVIDER})
PAGES = (
    Page("cases", "cases/", case_list.listed, _SEEING, menu=10),
    Page("cases_export", "cases/export.xlsx", case_list.export, _SEEING),
    Page("cases_together", "cases/together/", case_actions.together, _DISPUTING, takes=POST),
    Page("case", "cases/<int:pk>/", case_page.one, _SEEING),
    Page("case_act", "cases/<int:pk>/act/", case_actions.act_in, _DISPUTING, takes=POST),
    Page("case_remark", "cases/<int:pk>/remark/", case_actions.remark, _DISPUTING, takes=POST),
    Page(
        "case_person",
        "cases/<int:pk>/person/",
        case_actions.person,
        frozenset({Role.EXPERT, Role.HEAD_OFFICE}),
        takes=POST,
    ),
    Page(
        "case_reassign",
        "cases/<int:pk>/reassign/",
        head_office.reassign_case,
        _HEAD_OFFICE,
        takes=POST,
    ),
    Page("case_stake", "cases/<int:pk>/stake/", head_office.case_stake, _HEAD_OFFICE, takes=POST),
    Page("attachment", "files/<int:pk>/", cases.attachment, _SEEING),
    Page("requests", "requests/", requests.requests, _PROVIDER, menu=30),
    Page("document_request", "requests/<int:pk>/", requests.one, _PROVIDER, takes=BOTH),
    Page(
        "notices",
        "notices/",
        notices.notices,
        frozenset({Role.ACCOUNTANT, Role.EXPERT, Role.HEAD_OFFICE, Role.PROVIDER}),
        takes=BOTH,
        menu=170,
    ),
    Page(
        "overdue",
        "overdue/",
        head_office.overdue,
        frozenset({Role.AUDITOR, Role.HEAD_OFFICE}),
        menu=100,
    ),
    Page("outages", "outages/", head_office.outages, _HEAD_OFFICE, takes=BOTH, menu=120),
)
