"""Additional findings (321/2020:14): proposed by patients' words, complaints and the calendar of
work; for unscheduled monitoring, never deducted."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Reach, Says
from qor.law.care_forms import CareForm
from qor.law.citations import cites

_BY_KEY = "a.provider_bin = c.provider_bin AND a.service_id = c.service_id"


def _answer(answer: str) -> str:
    """SQL: services of which their own person answered so; the first answer of its kind."""
    return f"""
        SELECT c.provider_bin, c.service_id, a.answer AS seen,
            CAST(min(a.answered_at) AS VARCHAR) AS expected
        FROM cur c JOIN patient_answers a ON {_BY_KEY} AND a.iin = c.iin
        WHERE c.care_form IN ($forms) AND a.answer = '{answer}'
        GROUP BY c.provider_bin, c.service_id, a.answer"""


PATIENT_DENIES = Check(
    slug="patient-denies",
    code="5.1",
    kind=Kind.ADDITIONAL,
    cites=cites(["321/2020:6:5)", "321/2020:14", "321/2020:annex 1:5.1"]),
    code_by_form=((CareForm.RURAL, "5.0"),),
    needs=("patient_answers",),
    reach=Reach.TIME,
    says=Says(
        kk="Адам бұл қызметті алмағанын айтқан.",
        ru="Пациент ответил, что услугу не получал.",
        en="The person answered that the service was not received.",
    ),
    sql=_answer("not_received"),
    stays_silent=(
        Says(
            kk="Алғанын растаған жауап; басқа адамның жауабы.",
            ru="Ответ, что услуга получена; ответ другого человека.",
            en="An answer that it was received; another person's answer.",
        ),
    ),
)

PATIENT_PAID = Check(
    slug="patient-paid",
    code="12.2",
    kind=Kind.ADDITIONAL,
    cites=cites(["321/2020:6:5)", "321/2020:14", "321/2020:annex 1:12.2"]),
    needs=("patient_answers",),
    reach=Reach.TIME,
    says=Says(
        kk="Адам пакетке кіретін қызмет үшін өз ақшасын төлегенін айтқан.",
        ru="Пациент ответил, что платил за услугу, входящую в пакет.",
        en="The person answered that they paid for a service of the package.",
    ),
    sql=_answer("paid"),
    stays_silent=(
        Says(
            kk="Қызметті тегін алғанын растаған жауап.",
            ru="Ответ, что услуга получена бесплатно.",
            en="An answer that it was received for nothing.",
        ),
    ),
)

PATIENT_BOUGHT_DRUGS = Check(
    slug="patient-bought-drugs",
    code="12.1",
    kind=Kind.ADDITIONAL,
    cites=cites(["321/2020:6:5)", "321/2020:14", "321/2020:annex 1:12.1"]),
    needs=("patient_answers",),
    reach=Reach.TIME,
    says=Says(
        kk="Адам емге қажет дәріні өзі сатып алғанын айтқан.",
        ru="Пациент ответил, что сам покупал лекарства для лечения.",
        en="The person answered that they bought the medicines of the treatment themselves.",
    ),
    sql=_answer("bought_drugs"),
    stays_silent=(
        Says(
            kk="Дәрі сатып алмағанын білдірген жауап.",
            ru="Ответ, что услуга получена без покупок.",
            en="An answer that nothing had to be bought.",
        ),
    ),
)

COMPLAINT_JUSTIFIED = Check(
    slug="complaint-justified",
    code="8.0",
    kind=Kind.ADDITIONAL,
    cites=cites(["321/2020:14", "321/2020:51", "321/2020:annex 1:8.0"]),
    needs=("complaints",),
    reach=Reach.TIME,
    says=Says(
        kk="Қызмет бойынша шағым негізді деп танылған.",
        ru="Жалоба на услугу признана обоснованной.",
        en="A complaint about the service was found justified.",
    ),
    sql=f"""
        SELECT c.provider_bin, c.service_id, min(a.complaint_id) AS seen,
            CAST(min(a.decided_on) AS VARCHAR) AS expected
        FROM cur c JOIN complaints a ON {_BY_KEY}
        WHERE c.care_form IN ($forms) AND a.justified
        GROUP BY c.provider_bin, c.service_id""",
    stays_silent=(
        Says(
            kk="Негізсіз деп танылған шағым.",
            ru="Жалоба необоснованная.",
            en="A complaint not justified.",
        ),
    ),
)

PAID_IN_REGISTER = Check(
    slug="paid-in-register",
    code="12.3",
    kind=Kind.ADDITIONAL,
    cites=cites(["321/2020:14", "321/2020:annex 1:12.3"]),
    needs=("paid_services",),
    says=Says(
        kk="Сол күні ақылы сатылған қызмет шот-тіркелімге де енгізілген.",
        ru="Услуга, проданная в тот же день за деньги, внесена и в счёт-реестр.",
        en="A service that was sold for money the same day stands in the register too.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, min(a.receipt_no) AS seen,
            CAST(min(a.sold_on) AS VARCHAR) AS expected
        FROM cur c JOIN paid_services a ON a.provider_bin = c.provider_bin AND a.iin = c.iin
            AND a.service_code = c.service_code
                                       AND a.sold_on = c.started_on
        WHERE c.care_form IN ($forms) AND NOT EXISTS (SELECT 1 FROM unknown_persons b
            WHERE b.iin = c.iin AND NOT b.valid)
        GROUP BY c.provider_bin, c.service_id""",
    stays_silent=(
        Says(
            kk="Басқа күні немесе басқа кодпен сатылған қызмет.",
            ru="Услуга, проданная в другой день или под другим кодом.",
            en="A service sold on another day or under another code.",
        ),
    ),
)

DOCTOR_OVERLOAD = Check(
    slug="doctor-overload",
    code="",
    kind=Kind.ADDITIONAL,
    cites=cites(["321/2020:14"]),
    needs=("service_rules", "staff"),
    figures=("overload_minutes",),
    all_forms=True,
    reach=Reach.PERFORMER,
    says=Says(
        kk="Орындаушының бір күндегі қызметтері мүмкін уақыттан асады.",
        ru="Услуги исполнителя за день занимают больше времени, чем возможно.",
        en="The performer's services of a day take more time than is possible.",
    ),
    sql="""
        SELECT o.provider_bin, o.service_id, CAST(o.running AS VARCHAR) AS seen,
            CAST($overload_minutes AS VARCHAR) AS expected
        FROM (SELECT u.provider_bin, u.service_id, u.care_form, u.in_cur, u.counted,
                     sum(u.counted) OVER (PARTITION BY u.performer_id, u.started_on
                                          ORDER BY u.registered_at, u.provider_bin, u.service_id
                                          ROWS BETWEEN UNBOUNDED PRECEDING
                                              AND CURRENT ROW) AS running
              FROM (SELECT w.*, CASE WHEN row_number()
                  OVER (PARTITION BY w.performer_id, w.service_code, w.started_at, w.whose
                                                             ORDER BY w.registered_at,
                                                                 w.provider_bin, w.service_id) = 1
                                     THEN w.minutes ELSE 0 END AS counted
                    FROM workload w
                    JOIN (SELECT performer_id, started_on FROM workload
                        GROUP BY performer_id, started_on
                          HAVING sum(minutes) > $overload_minutes) d
                      ON d.performer_id = w.performer_id AND d.started_on = w.started_on) u) o
        WHERE o.in_cur AND o.care_form IN ($forms) AND o.counted > 0
            AND o.running > $overload_minutes""",
    stays_silent=(
        Says(
            kk=(
                "Дәл шек; топтық сабақ бір рет есептеледі; зертхана; түн ортасынан асатын "
                "ауысым екі күнге бөлінеді; қайталанған жазба."
            ),
            ru=(
                "Ровно предел; групповое занятие считается один раз; лаборатория; смена через "
                "полночь делится на два дня; повторная запись."
            ),
            en=(
                "Exactly the limit; a group session counts once; a laboratory; a shift over "
                "midnight is two days; the same record twice."
            ),
        ),
    ),
)

CLOSED_DAY = Check(
    slug="closed-day",
    code="",
    kind=Kind.ADDITIONAL,
    cites=cites(["321/2020:14"]),
    needs=("providers",),
    all_forms=True,
    says=Says(
        kk="Жоспарлы амбулаториялық қызмет өнім беруші жұмыс істемейтін күні көрсетілген.",
        ru="Плановая амбулаторная услуга оказана в день, когда поставщик не работает.",
        en="A planned outpatient service on a day when the provider does not work.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(c.started_on AS VARCHAR) AS seen
        FROM cur c
        JOIN calendar d ON d.day = c.started_on AND d.working_days = d.working_days_before
        JOIN providers p ON p.bin = coalesce(c.subcontract_bin, c.provider_bin)
            AND NOT p.works_on_closed_days
        LEFT JOIN rules_today s ON s.code = c.service_code
        WHERE c.care_form IN ($forms) AND c.care_form IN ('primary', 'outpatient')
            AND c.setting = 'visit'
          AND coalesce(c.admission, 'planned') = 'planned' AND NOT coalesce(s.dialysis, FALSE)""",
    stays_silent=(
        Says(
            kk=(
                "Жұмыс күні болып ауыстырылған сенбі; шұғыл көмек; демалыста жұмыс істейтін "
                "өнім беруші; диализ."
            ),
            ru="Рабочая суббота; экстренная помощь; поставщик, работающий в выходные; диализ.",
            en=(
                "A Saturday made a working day; an emergency; a provider that works on days "
                "off; dialysis."
            ),
        ),
    ),
)

CHECKS = (
    PATIENT_DENIES,
    PATIENT_PAID,
    PATIENT_BOUGHT_DRUGS,
    COMPLAINT_JUSTIFIED,
    PAID_IN_REGISTER,
    DOCTOR_OVERLOAD,
    CLOSED_DAY,
)
