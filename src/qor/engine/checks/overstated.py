"""Overstated volume (codes 3.x), repeat stay (4.0): potential findings (321/2020:13)."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Reach, Says
from qor.engine.checks.prices import not_right_otherwise
from qor.law.citations import cites

QUANTITY_EXCESS = Check(
    slug="quantity-excess",
    code="3.1",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:3.1"]),
    needs=("service_rules",),
    reach=Reach.PERSON,
    says=Says(
        kk="Бір адамға бір күнде осы код рұқсат еткеннен көп қызмет көрсетілген.",
        ru="Одному пациенту за день оказано больше услуг, чем допускает код.",
        en="More units for one person in a day than the code allows.",
    ),
    sql="""
        SELECT t.provider_bin, t.service_id, CAST(t.running AS VARCHAR) AS seen,
            CAST(t.max_daily AS VARCHAR) AS expected
        FROM (SELECT f.provider_bin, f.service_id, f.care_form, f.max_daily, f.in_cur,
                     sum(f.quantity) OVER (PARTITION BY f.iin, f.service_code, f.started_on
                                           ORDER BY f.registered_at, f.provider_bin, f.service_id
                                           ROWS BETWEEN UNBOUNDED PRECEDING
                                               AND CURRENT ROW) AS running
              FROM limited f WHERE f.nth_of_same = 1) t
        WHERE t.in_cur AND t.care_form IN ($forms) AND t.running > t.max_daily""",
    stays_silent=(
        Says(
            kk="Шектің дәл өзі; келесі күнгі сол қызмет; қайталанған жазба (ол 5.1).",
            ru="Ровно предел; та же услуга на следующий день; повторная запись (это 5.1).",
            en="Exactly the limit; the same service next day; the same record twice (that is 5.1).",
        ),
    ),
)

TARIFF_OVERCHARGE = Check(
    slug="tariff-overcharge",
    code="3.3",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:3.3", "291/2020:6"]),
    needs=("tariffs",),
    figures=("amount_tolerance",),
    says=Says(
        kk="Емделген жағдай тариф бойынша күтілетін сомадан жоғары сомаға ұсынылған.",
        ru="Пролеченный случай предъявлен выше ожидаемой по тарифу суммы.",
        en="The stay is billed above the amount expected by the tariff.",
    ),
    sql=f"""
        SELECT c.provider_bin, c.service_id, CAST(c.amount AS VARCHAR) AS seen,
            CAST(c.expected_amount AS VARCHAR) AS expected
        FROM mispriced c
        WHERE c.care_form IN ($forms) AND c.setting IN ('inpatient', 'day_hospital')
          AND c.amount > c.expected_amount + $amount_tolerance AND {not_right_otherwise("c")}""",
    stays_silent=(
        Says(
            kk="Бір тиынға дейінгі айырма; өнім берушінің коэффициенті бар сома.",
            ru="Разница до одного тиына; сумма с коэффициентом поставщика.",
            en="A difference of up to one tiyn; an amount with the provider's coefficient.",
        ),
    ),
)

READMISSION = Check(
    slug="readmission",
    code="4.0",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:4.0"]),
    needs=("providers",),
    figures=("readmission_days",),
    reach=Reach.PERSON,
    says=Says(
        kk=(
            "Сол ауру бойынша тәулік бойы стационардағы ем аяқталғаннан кейін белгіленген "
            "мерзімнен бұрын қайта емдеуге жатқызылған."
        ),
        ru=(
            "Повторная госпитализация с той же болезнью раньше установленного срока после "
            "завершения круглосуточного лечения."
        ),
        en=(
            "A round-the-clock stay within the limit after an earlier one for the same "
            "disease ended."
        ),
    ),
    sql="""
        SELECT r.provider_bin, r.service_id, CAST(r.started_on AS VARCHAR) AS seen,
            CAST(r.earlier_end AS VARCHAR) AS expected,
               r.earlier_bin AS other_provider_bin, r.earlier_id AS other_service_id
        FROM (SELECT n.provider_bin, n.service_id, n.care_form, n.started_on,
            e.ended_on AS earlier_end,
                     e.provider_bin AS earlier_bin, e.service_id AS earlier_id,
                     row_number() OVER (PARTITION BY n.provider_bin, n.service_id
                                        ORDER BY e.ended_at DESC, e.provider_bin,
                                            e.service_id) AS nearest
              FROM stays n
              JOIN stays e ON e.iin = n.iin AND e.disease = n.disease AND e.ended_on <= n.started_on
                          AND date_diff('day', e.ended_on, n.started_on) <= $readmission_days
                          AND (e.started_at < n.started_at OR (e.started_at = n.started_at
                              AND e.registered_at < n.registered_at)
                            OR (e.started_at = n.started_at AND e.registered_at = n.registered_at
                                AND e.provider_bin || '/' || e.service_id < n.provider_bin || '/' ||
                                    n.service_id))
              JOIN providers p ON p.bin = n.provider_bin
              WHERE n.in_cur AND n.care_form IN ($forms)
                AND coalesce(e.outcome, '') NOT IN ('left', 'refused')
                AND NOT (coalesce(e.outcome, '') = 'transferred' AND e.ended_on = n.started_on)
                AND NOT coalesce(e.started_at = n.started_at AND e.priced_by = n.priced_by
                    AND e.done_by = n.done_by, FALSE)
                AND NOT coalesce(p.palliative, FALSE)
                AND NOT EXISTS (SELECT 1 FROM course_stays k WHERE k.provider_bin = n.provider_bin
                    AND k.service_id = n.service_id)
                AND NOT EXISTS (SELECT 1 FROM course_stays k WHERE k.provider_bin = e.provider_bin
                    AND k.service_id = e.service_id)) r
        WHERE r.nearest = 1""",
    stays_silent=(
        Says(
            kk=(
                "Паллиативтік көмек көрсететін өнім беруші; сол күнгі ауыстыру; өз еркімен "
                "кету; екі рет ұсынылған сол жатқызу (ол 5.1)."
            ),
            ru=(
                "Поставщик паллиативной помощи; перевод в тот же день; самовольный уход; то "
                "же пребывание, предъявленное дважды (это 5.1)."
            ),
            en=(
                "A palliative provider; a transfer the same day; a self-discharge before; the "
                "same stay billed twice (that is 5.1)."
            ),
        ),
        Says(
            kk=(
                "Курстар мен кезеңдер: химия- және сәулелік терапия, диализ, кезеңді "
                "операция, оңалту, жүктілік."
            ),
            ru=(
                "Курсы и этапы: химио- и лучевая терапия, диализ, этапные операции, "
                "реабилитация, беременность."
            ),
            en=(
                "Courses and stages: chemotherapy, radiation, dialysis, staged operations, "
                "rehabilitation, pregnancy."
            ),
        ),
    ),
)

CHECKS = (QUANTITY_EXCESS, TARIFF_OVERCHARGE, READMISSION)
