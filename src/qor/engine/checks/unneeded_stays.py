"""Stays that need not have been, or not round the clock (codes 1.1 and 3.4): potential findings
(321/2020:13)."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Says
from qor.law.citations import cites

AVOIDABLE_STAY = Check(
    slug="avoidable-stay",
    code="1.1",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:1.1"]),
    needs=("icd_rules",),
    figures=("avoidable_stay_days",),
    says=Says(
        kk=(
            "Амбулаториялық жағдайда емделетін диагнозбен, операциясыз және қысқа мерзімге "
            "жоспарлы түрде тәулік бойы стационарға жатқызылған."
        ),
        ru=(
            "Плановая короткая госпитализация в круглосуточный стационар без операции с "
            "диагнозом, который лечится амбулаторно."
        ),
        en=(
            "A short planned round-the-clock stay without an operation for a diagnosis "
            "treatable in outpatient care."
        ),
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.icd10_main AS seen, CAST(date_diff('day',
            c.started_on, c.ended_on) AS VARCHAR) AS expected
        FROM cur c JOIN icd_limits l ON l.icd10 = c.icd10_main AND l.outpatient_treatable
        WHERE c.care_form IN ($forms) AND c.setting = 'inpatient'
            AND coalesce(c.admission, 'planned') = 'planned'
          AND coalesce(array_length(c.operation_codes), 0) = 0
          AND date_diff('day', c.started_on, c.ended_on) <= $avoidable_stay_days
          AND coalesce(c.outcome, '') NOT IN ('died', 'transferred')""",
    stays_silent=(
        Says(
            kk="Шұғыл жатқызу; операция жасалған емдеу; шектен ұзақ емдеу; өлім және ауыстыру.",
            ru=(
                "Экстренная госпитализация; лечение с операцией; лечение дольше предела; "
                "смерть и перевод."
            ),
            en=(
                "An emergency; a stay with an operation; a stay longer than the limit; a "
                "death and a transfer."
            ),
        ),
    ),
)

STAY_TOO_SHORT = Check(
    slug="stay-too-short",
    code="1.1",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:1.1", "291/2020:85"]),
    needs=("service_rules", "tariffs"),
    figures=("short_stay_divisor", "amount_tolerance", "avoidable_stay_days"),
    says=Says(
        kk=(
            "Пациент топтың әдеттегі ұзақтығынан әлдеқайда ерте шығарылған, ал жағдай толық "
            "тарифпен ұсынылған."
        ),
        ru=(
            "Пациент выписан намного раньше обычной для группы длительности, а случай "
            "предъявлен по полному тарифу."
        ),
        en="Discharged far sooner than the group's usual length, and billed at the full tariff.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(date_diff('day', c.started_on,
            c.ended_on) AS VARCHAR) AS seen,
               CAST(s.usual_days AS VARCHAR) AS expected
        FROM cur c JOIN rules_today s ON s.code = c.group_code AND s.usual_days IS NOT NULL
        LEFT JOIN icd_limits l ON l.icd10 = c.icd10_main
        WHERE c.care_form IN ($forms) AND c.setting = 'inpatient'
            AND c.outcome IN ('discharged', 'improved', 'unchanged', 'worse')
          AND date_diff('day', c.started_on, c.ended_on) * $short_stay_divisor < s.usual_days
          AND NOT (coalesce(l.outpatient_treatable, FALSE)
              AND coalesce(c.admission, 'planned') = 'planned'
                   AND coalesce(array_length(c.operation_codes), 0) = 0
                   AND date_diff('day', c.started_on, c.ended_on) <= $avoidable_stay_days)
          AND NOT EXISTS (SELECT 1 FROM mispriced m WHERE m.provider_bin = c.provider_bin
              AND m.service_id = c.service_id
                          AND (m.amount - $amount_tolerance) * s.usual_days
                           <= m.expected_amount * CASE WHEN c.ended_on > c.started_on
                                                       THEN date_diff('day', c.started_on,
                                                           c.ended_on) ELSE 1 END)""",
    stays_silent=(
        Says(
            kk="Дәл үштен бірі; ауыстыру мен өз еркімен кету; күндеріне қарай төленген жағдай.",
            ru="Ровно треть; перевод и самовольный уход; случай, оплаченный пропорционально дням.",
            en="Exactly a third; a transfer and a self-discharge; a case already paid by its days.",
        ),
    ),
)

DAY_HOSPITAL_INDICATED = Check(
    slug="day-hospital-indicated",
    code="3.4",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:3.4"]),
    needs=("icd_rules",),
    says=Says(
        kk="Күндізгі стационарда емдеуге көрсетілген диагнозбен тәулік бойы стационарда емделген.",
        ru="Лечение в круглосуточном стационаре с диагнозом, показанным для дневного стационара.",
        en="A round-the-clock stay for a diagnosis that is indicated for the day hospital.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.icd10_main AS seen
        FROM cur c JOIN icd_limits l ON l.icd10 = c.icd10_main AND l.day_hospital_indicated
        WHERE c.care_form IN ($forms) AND c.setting = 'inpatient'
            AND coalesce(c.admission, 'planned') = 'planned'
          AND coalesce(array_length(c.operation_codes), 0) = 0
              AND NOT coalesce(l.outpatient_treatable, FALSE)
          AND coalesce(c.outcome, '') NOT IN ('died', 'transferred')""",
    stays_silent=(
        Says(
            kk=(
                "Күндізгі стационардың өзі; шұғыл жатқызу; операция; 2026 жылғы 14 наурызға "
                "дейінгі жағдай."
            ),
            ru=(
                "Сам дневной стационар; экстренная госпитализация; операция; случай до 14 "
                "марта 2026 года."
            ),
            en="The day hospital itself; an emergency; an operation; a case before 14 March 2026.",
        ),
    ),
)

CHECKS = (AVOIDABLE_STAY, STAY_TOO_SHORT, DAY_HOSPITAL_INDICATED)
