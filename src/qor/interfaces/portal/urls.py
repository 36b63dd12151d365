"""Every address of the portal. A test walks all of them for every role."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from qor.interfaces.portal import (
    acts,
    advances,
    api,
    cases,
    cash,
    checks,
    debts,
    demo,
    fund,
    notices,
    orders,
    people,
    registers,
    requests,
    sessions,
    sums,
)

urlpatterns = [
    path("", sessions.home, name="home"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/second/", factors.authenticate, name="mfa_authenticate"),
    path("sign-out/", sessions.sign_out, name="sign_out"),
    path("security/password/", sessions.own_password, name="own_password"),
    path("security/", factors.index, name="mfa_index"),
    path("security/totp/", totp.activate_totp, name="mfa_activate_totp"),
    path("security/totp/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/again/", account.reauthenticate, name="account_reauthenticate"),
    path("security/again/second/", factors.reauthenticate, name="mfa_reauthenticate"),
    *(
        path(f"security/not-here/{n}/", sessions.not_here, name=name)
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
    path("language/", sessions.choose_language, name="language"),
    path("cases/", cases.listed, name="cases"),
    path("cases/export.xlsx", cases.export, name="cases_export"),
    path("cases/together/", cases.together, name="cases_together"),
    path("cases/<int:pk>/", cases.one, name="case"),
    path("cases/<int:pk>/act/", cases.act_in, name="case_act"),
    path("cases/<int:pk>/remark/", cases.remark, name="case_remark"),
    path("cases/<int:pk>/person/", cases.person, name="case_person"),
    path("cases/<int:pk>/reassign/", fund.reassign_case, name="case_reassign"),
    path("cases/<int:pk>/stake/", fund.case_stake, name="case_stake"),
    path("files/<int:pk>/", cases.attachment, name="attachment"),
    path("registers/", registers.registers, name="registers"),
    path("registers/try/", registers.try_one, name="register_try"),
    path("registers/hand-in/", registers.hand_in, name="register_hand_in"),
    path("registers/sign/", registers.sign, name="register_sign"),
    path("registers/<str:of>/statuses.xlsx", registers.statuses, name="register_statuses"),
    path("api/registers/", api.hand_in, name="api_registers"),
    path("acts/", acts.acts, name="acts"),
    path("acts/<int:pk>/", acts.act, name="act"),
    path("acts/<int:pk>/move/", acts.act_move, name="act_move"),
    path("acts/<int:pk>/other/", acts.act_other, name="act_other"),
    path("acts/<int:pk>/services/", acts.act_services, name="act_services"),
    path("acts/<int:pk>/<str:paper>.<str:kind>", acts.act_paper, name="act_paper"),
    path("contracts/", cash.contracts, name="contracts"),
    path("cash/", cash.cash, name="cash"),
    path("cash/orders/", orders.orders_make, name="orders_make"),
    path("cash/orders/<int:pk>/", orders.order_told, name="order_told"),
    path("cash/send/", orders.orders_send, name="orders_send"),
    path("cash/files/<str:sha256>/", orders.bank_file, name="bank_file"),
    path("advances/", advances.advances, name="advances"),
    path("advances/<int:pk>/refund/", advances.advance_refund, name="advance_refund"),
    path("sums/", sums.sums, name="sums"),
    path("sums/<int:pk>/", sums.sum_decide, name="sum_decide"),
    path("debts/", debts.debts, name="debts"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:pk>/", requests.one, name="document_request"),
    path("notices/", notices.notices, name="notices"),
    path("checks/", checks.checks, name="checks"),
    path("absences/", people.absences, name="absences"),
    path("tokens/", people.tokens, name="tokens"),
    path("overdue/", fund.overdue, name="overdue"),
    path("outages/", fund.outages, name="outages"),
    path("journal/", fund.journal, name="journal"),
    path("demo/clock/", demo.move_clock, name="demo_clock"),
    path("users/", people.users, name="users"),
]
