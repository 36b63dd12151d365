"""Every address of the portal: the pages of the site, and a library's pages of sign-in. A test
walks all of them for every role."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from qor.interfaces.web.features.accounts.sessions import not_here
from qor.interfaces.web.server.site import SITE

urlpatterns = [
    *(page.pattern() for page in SITE),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/second/", factors.authenticate, name="mfa_authenticate"),
    path("security/", factors.index, name="mfa_index"),
    path("security/totp/", totp.activate_totp, name="mfa_activate_totp"),
    path("security/totp/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/again/", account.reauthenticate, name="account_reauthenticate"),
    path("security/again/second/", factors.reauthenticate, name="mfa_reauthenticate"),
    *(
        path(f"security/not-here/{n}/", not_here, name=name)
        for n, name in enumerate(
            (
                "account_signup",
                "account_reset_password",
                "account_email",
                "account_logout",
                "account_inactive",
                "mfa_download_recovery_codes",
            )
        )
    ),
]
