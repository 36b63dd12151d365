"""Unjustified care (codes 1.x): potential findings (321/2020:13)."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Reach, Says
from qor.law.citations import cites

REPEAT_DIAGNOSTICS = Check(
    slug="repeat-diagnostics",
    code="1.2",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:1.2"]),
    needs=("service_rules",),
    figures=("operation_control_days",),
    reach=Reach.PERSON,
    says=Says(
        kk=(
            "Сол адамға сол ауру бойынша сол диагностикалық қызмет рұқсат етілген мерзімнен "
            "бұрын қайталанған."
        ),
        ru=(
            "Та же диагностическая услуга тому же пациенту при той же болезни повторена "
            "раньше разрешённого срока."
        ),
        en=(
            "The same diagnostic service for the same person and disease was repeated within "
            "the limit."
        ),
    ),
    sql="""
        SELECT n.provider_bin, n.service_id, CAST(n.started_on AS VARCHAR) AS seen,
            CAST(n.earlier_on AS VARCHAR) AS expected,
               n.earlier_bin AS other_provider_bin, n.earlier_id AS other_service_id
        FROM (SELECT d.provider_bin, d.service_id, d.iin, d.started_on, d.care_form, d.repeat_days,
            d.in_cur,
                     lag(d.started_on) OVER same AS earlier_on, lag(d.provider_bin)
                         OVER same AS earlier_bin,
                     lag(d.service_id) OVER same AS earlier_id
              FROM diagnostics d WHERE d.nth_of_day = 1
              WINDOW same AS (PARTITION BY d.iin, d.service_code, d.disease
                              ORDER BY d.started_at, d.registered_at, d.provider_bin,
                                  d.service_id)) n
        WHERE n.in_cur AND n.care_form IN ($forms) AND date_diff('day', n.earlier_on,
            n.started_on) <= n.repeat_days
          AND NOT EXISTS (SELECT 1 FROM operations o WHERE o.iin = n.iin
                          AND date_diff('day', n.started_on, o.started_on) <=
                              $operation_control_days
                          AND date_diff('day', o.ended_on, n.started_on) <=
                              $operation_control_days)""",
    stays_silent=(
        Says(
            kk="Операцияға дейінгі және кейінгі бақылау зерттеуі.",
            ru="Контрольное исследование до и после операции.",
            en="A control examination before and after an operation.",
        ),
        Says(
            kk="Сол зерттеу басқа ауру бойынша немесе мерзімнен кейін.",
            ru="То же исследование при другой болезни или после срока.",
            en="The same examination for another disease, or after the limit.",
        ),
    ),
)

LICENCE_MISSING = Check(
    slug="licence-missing",
    code="1.3",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:1.3"]),
    needs=("licences",),
    says=Says(
        kk="Қызмет күні өнім берушінің осы көмек нысанына лицензиясы болмаған.",
        ru="В день услуги у поставщика не было лицензии на эту форму помощи.",
        en="On the day of service the provider had no licence for this form of care.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.care_form AS seen,
            CAST(c.started_on AS VARCHAR) AS expected
        FROM cur c
        JOIN (SELECT DISTINCT r.provider_bin, r.care_form, r.subcontract_bin, r.started_on
            FROM kinds_of_rows r
              WHERE r.care_form IN ($forms)
                AND NOT EXISTS (SELECT 1 FROM licences l WHERE l.bin = r.provider_bin
                    AND l.care_form = r.care_form
                                AND l.valid_from <= r.started_on AND (l.valid_to IS NULL
                                    OR l.valid_to >= r.started_on))
                AND NOT EXISTS (SELECT 1 FROM licences l WHERE l.bin = r.subcontract_bin
                    AND l.care_form = r.care_form
                                AND l.valid_from <= r.started_on AND (l.valid_to IS NULL
                                    OR l.valid_to >= r.started_on))) u
          ON u.provider_bin = c.provider_bin AND u.care_form = c.care_form
              AND u.started_on = c.started_on
         AND coalesce(u.subcontract_bin, '') = coalesce(c.subcontract_bin, '')""",
    stays_silent=(
        Says(
            kk="Лицензияның бірінші және соңғы күні; лицензиясы бар бірлесіп орындаушы.",
            ru="Первый и последний день лицензии; соисполнитель с лицензией.",
            en="The first and the last day of a licence; a co-executor that has one.",
        ),
    ),
)

CHECKS = (REPEAT_DIAGNOSTICS, LICENCE_MISSING)
