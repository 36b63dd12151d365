"""Every address of the portal. A test walks all of them for every role."""

from __future__ import annotations

from django.urls import path

from qor.interfaces.portal import api, cases, checks, demo, fund, notices, people, registers, sessions

urlpatterns = [
    path("", sessions.home, name="home"),
    path("sign-in/", sessions.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sessions.sign_out, name="sign_out"),
    path("language/", sessions.choose_language, name="language"),
    path("cases/", cases.listed, name="cases"),
    path("cases/export.xlsx", cases.export, name="cases_export"),
    path("cases/together/", cases.together, name="cases_together"),
    path("cases/<int:pk>/", cases.one, name="case"),
    path("cases/<int:pk>/act/", cases.act_in, name="case_act"),
    path("cases/<int:pk>/say/", cases.say_in, name="case_say"),
    path("cases/<int:pk>/person/", cases.person, name="case_person"),
    path("cases/<int:pk>/reassign/", fund.reassign_case, name="case_reassign"),
    path("files/<int:pk>/", cases.attachment, name="attachment"),
    path("registers/", registers.registers, name="registers"),
    path("registers/try/", registers.try_one, name="register_try"),
    path("registers/hand-in/", registers.hand_in, name="register_hand_in"),
    path("registers/sign/", registers.sign, name="register_sign"),
    path("registers/<str:of>/statuses.xlsx", registers.statuses, name="register_statuses"),
    path("api/registers/", api.hand_in, name="api_registers"),
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
