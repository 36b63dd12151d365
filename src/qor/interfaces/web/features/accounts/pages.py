"""Pages of people, their sign-in and absences."""

from __future__ import annotations

from qor.interfaces.web.features.accounts import (
    account_requests,
    organisations,
    people,
    person,
    saved_views,
    sessions,
    users,
)
from qor.interfaces.web.kernel.page import ANYBODY, BOTH, POST, SIGNED_IN, Page
from qor.workflow.accounts.models import User

Role = User.Role
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
PAGES = (
    Page("home", "", sessions.home, SIGNED_IN),
    Page("sign_out", "sign-out/", sessions.sign_out, ANYBODY, takes=POST),
    Page("own_password", "security/password/", sessions.own_password, SIGNED_IN, takes=BOTH),
    Page("language", "language/", sessions.choose_language, ANYBODY, takes=POST),
    Page(
        "absences",
        "absences/",
        people.absences,
        frozenset({Role.HEAD_OFFICE}),
        takes=BOTH,
        menu=130,
    ),
    Page("saved_views", "views/", saved_views.saved_views, SIGNED_IN, takes=POST),
    Page("tokens", "tokens/", people.tokens, _ADMINISTRATOR, takes=BOTH, menu=160),
    Page("users", "users/", users.users, _ADMINISTRATOR, menu=150),
    Page("user_invite", "users/invite/", users.invite_user, _ADMINISTRATOR, takes=BOTH),
    Page("user", "users/<int:pk>/", person.person, _ADMINISTRATOR, takes=BOTH),
    Page(
        "account_requests",
        "users/requests/",
        account_requests.account_requests,
        _ADMINISTRATOR,
        takes=BOTH,
        menu=152,
    ),
    Page("organisations", "organisations/", organisations.organisations, _ADMINISTRATOR, menu=155),
    Page("organisation", "organisations/<int:pk>/", organisations.organisation, _ADMINISTRATOR),
    Page(
        "organisations_import",
        "organisations/import/",
        organisations.import_file,
        _ADMINISTRATOR,
        takes=BOTH,
    ),
)
