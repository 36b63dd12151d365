"""Data quality (code 2.0) and waiting (7.0): general findings, shown and never deducted
(321/2020:12)."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Says
from qor.engine.checks.prices import not_right_otherwise
from qor.law.citations import cites

_QUALITY = cites(["321/2020:12", "321/2020:annex 1:2.0"])

DATES_INVERTED = Check(
    slug="dates-inverted",
    code="2.0",
    kind=Kind.GENERAL,
    cites=(*_QUALITY, *cites(["291/2020:15", "291/2020:75"])),
    says=Says(
        kk="Қызмет басталғанға дейін немесе енгізілгеннен кейін аяқталған.",
        ru="Услуга закончилась раньше, чем началась, или позже, чем была введена.",
        en="The service ended before it started, or after it was entered.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(CASE WHEN c.ended_at < c.started_at
            THEN c.started_at ELSE c.ended_at END AS VARCHAR) AS seen,
               CAST(CASE WHEN c.ended_at < c.started_at THEN c.ended_at
                   ELSE c.registered_at END AS VARCHAR) AS expected
        FROM cur c
        WHERE c.care_form IN ($forms) AND (c.ended_at < c.started_at
            OR c.ended_at > c.registered_at)""",
    stays_silent=(
        Says(
            kk=(
                "Өткен айда немесе жылда басталып, осы айда аяқталған жағдай; аяқталған сәтте "
                "енгізілген қызмет."
            ),
            ru=(
                "Случай, начатый в прошлом месяце или году и законченный в этом; услуга, "
                "введённая в момент окончания."
            ),
            en=(
                "A case begun last month or last year and completed in this one; a service "
                "entered at the moment it ended."
            ),
        ),
    ),
)

LATE_ENTRY = Check(
    slug="late-entry",
    code="2.0",
    kind=Kind.GENERAL,
    cites=cites(["321/2020:12", "321/2020:annex 1:2.0", "291/2020:69", "291/2020:40"]),
    figures=("entry_working_days", "ambulance_entry_days"),
    says=Says(
        kk=(
            "Деректер мерзімінен кеш енгізілген: амбулаторияда үш жұмыс күні, жедел жәрдемде "
            "келесі күн."
        ),
        ru="Данные введены позже срока: амбулаторно — три рабочих дня, скорая — следующий день.",
        en=(
            "Entered later than the term: three working days for outpatient care, the next "
            "day for the ambulance."
        ),
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(c.registered_on AS VARCHAR) AS seen,
            CAST(c.ended_on AS VARCHAR) AS expected
        FROM cur c
        LEFT JOIN calendar e ON e.day = c.ended_on
        LEFT JOIN calendar r ON r.day = c.registered_on
        WHERE c.care_form IN ($forms)
          AND ((c.care_form IN ('primary', 'outpatient')
              AND r.working_days_before - e.working_days >= $entry_working_days)
            OR (c.care_form = 'ambulance' AND date_diff('day', c.ended_on,
                c.registered_on) > $ambulance_entry_days))""",
    stays_silent=(
        Says(
            kk="Арасында мереке күндері болып, үшінші жұмыс күні енгізілген қызмет.",
            ru="Услуга, введённая на третий рабочий день, с праздниками между ними.",
            en="A service entered on the third working day, with holidays in between.",
        ),
    ),
)

CODE_UNKNOWN = Check(
    slug="code-unknown",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    needs=("tariffs",),
    says=Says(
        kk="Қызмет коды қызмет көрсетілген күні тарификаторда жоқ.",
        ru="Кода услуги нет в тарификаторе на день услуги.",
        en="The service code is not in the tariff catalogue on the day of service.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.billed_code AS seen
        FROM cur c
        JOIN (SELECT b.billed_code, b.ended_on FROM billed_codes b
              WHERE NOT EXISTS (SELECT 1 FROM tariffs t WHERE t.code = b.billed_code
                                AND t.valid_from <= b.ended_on AND (t.valid_to IS NULL
                                    OR t.valid_to >= b.ended_on))) u
          ON u.billed_code = c.billed_code AND u.ended_on = c.ended_on
        WHERE c.care_form IN ($forms)""",
    stays_silent=(
        Says(
            kk="Кириллица әріптерімен жазылған код: енгізу кезінде түзетіледі.",
            ru="Код, набранный кириллицей: исправляется при приёме.",
            en="A code typed with Cyrillic letters: put right at intake.",
        ),
    ),
)

ICD_UNKNOWN = Check(
    slug="icd-unknown",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    says=Says(
        kk="Негізгі диагноз жоқ немесе АХЖ-10 коды емес.",
        ru="Основной диагноз отсутствует или не является кодом МКБ-10.",
        en="The main diagnosis is missing or not an ICD-10 code.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.icd10_main AS seen
        FROM cur c
        WHERE c.care_form IN ($forms) AND c.care_form <> 'blood'
          AND NOT EXISTS (SELECT 1 FROM icd_catalogue i WHERE i.icd10 = c.icd10_main)""",
    stays_silent=(
        Says(
            kk="Қан қызметі: диагноз болмайды.",
            ru="Служба крови: диагноза нет.",
            en="The blood service: there is no diagnosis.",
        ),
    ),
)

REQUIRED_MISSING = Check(
    slug="required-missing",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    says=Says(
        kk="Осы көмек нысаны мен жағдайы талап ететін өріс бос.",
        ru="Пусто поле, обязательное для этой формы и условий помощи.",
        en="A field that this care form and setting require is empty.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.missing AS seen
        FROM (SELECT provider_bin, service_id, care_form, $required AS missing FROM cur) c
        WHERE c.care_form IN ($forms) AND c.missing <> ''""",
    stays_silent=(
        Says(
            kk="Сол өріс талап етілмейтін нысанда бос.",
            ru="То же поле пусто там, где оно не требуется.",
            en="The same field empty where it is not required.",
        ),
    ),
)

VALUE_UNREADABLE = Check(
    slug="value-unreadable",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    says=Says(
        kk="Міндетті емес өрістегі мән оқылмады: сан, күн немесе тізімдегі сөз емес.",
        ru="Значение в необязательном поле не прочитано: не число, не дата и не слово из списка.",
        en=(
            "A value in an optional field could not be read: not a number, a date or a word "
            "of its list."
        ),
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.unreadable AS seen
        FROM cur c
        WHERE c.care_form IN ($forms) AND c.unreadable IS NOT NULL""",
    stays_silent=(
        Says(
            kk="Ондық бөлшегі үтірмен жазылған сан.",
            ru="Число с десятичной запятой.",
            en="A number with a decimal comma.",
        ),
    ),
)

DOCTOR_UNKNOWN = Check(
    slug="doctor-unknown",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    needs=("staff",),
    says=Says(
        kk="Орындаушы сол күні өнім берушінің қызметкерлер тізімінде жоқ.",
        ru="Исполнителя нет в штате поставщика на день услуги.",
        en="The performer is not on the provider's staff list on the day.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.performer_id AS seen
        FROM (SELECT p.* FROM cur p
              ANTI JOIN staff s ON s.performer_id = p.performer_id AND s.bin = p.provider_bin
                               AND s.works_from <= p.started_on AND (s.works_to IS NULL
                                   OR s.works_to >= p.started_on)
              WHERE p.care_form IN ($forms) AND p.performer_id IS NOT NULL) c
        ANTI JOIN staff s ON s.performer_id = c.performer_id AND s.bin = c.subcontract_bin
                         AND s.works_from <= c.started_on AND (s.works_to IS NULL
                             OR s.works_to >= c.started_on)""",
    stays_silent=(
        Says(
            kk="Бірлесіп орындаушының қызметкері.",
            ru="Работник соисполнителя.",
            en="A member of the co-executor's staff.",
        ),
    ),
)

AMOUNT_MISMATCH = Check(
    slug="amount-mismatch",
    code="2.0",
    kind=Kind.GENERAL,
    cites=cites(["321/2020:12", "321/2020:annex 1:2.0", "291/2020:6"]),
    needs=("tariffs",),
    figures=("amount_tolerance",),
    says=Says(
        kk="Сома тариф бойынша күтілетін сомадан аз.",
        ru="Сумма меньше ожидаемой по тарифу.",
        en="The amount is below the amount expected by the tariff.",
    ),
    sql=f"""
        SELECT c.provider_bin, c.service_id, CAST(c.amount AS VARCHAR) AS seen,
            CAST(c.expected_amount AS VARCHAR) AS expected
        FROM mispriced c
        WHERE c.care_form IN ($forms) AND c.amount < c.expected_amount - $amount_tolerance
          AND {not_right_otherwise("c")}""",
    stays_silent=(
        Says(
            kk="Өнім берушінің коэффициенті ескерілген сома.",
            ru="Сумма с коэффициентом, на который поставщик имеет право.",
            en="An amount with a coefficient to which the provider is entitled.",
        ),
    ),
)

WAITING_TIME = Check(
    slug="waiting-time",
    code="7.0",
    kind=Kind.GENERAL,
    cites=cites(["321/2020:12", "321/2020:annex 1:7.0"]),
    figures=("waiting_working_days",),
    says=Says(
        kk="Жолдамадан жоспарлы амбулаториялық қызметке дейін шектен көп жұмыс күні өткен.",
        ru=(
            "От направления до плановой амбулаторной услуги прошло больше рабочих дней, чем "
            "разрешено."
        ),
        en=(
            "More working days than allowed passed between the referral and the planned "
            "outpatient service."
        ),
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(c.started_on AS VARCHAR) AS seen,
            CAST(c.referral_date AS VARCHAR) AS expected
        FROM cur c
        JOIN calendar s ON s.day = c.started_on
        LEFT JOIN calendar r ON r.day = c.referral_date
        WHERE c.care_form IN ($forms) AND c.referral_date IS NOT NULL
            AND coalesce(c.admission, 'planned') = 'planned'
          AND c.setting IN ('visit', 'home_visit', 'remote')
          AND (r.day IS NOT NULL OR c.referral_date < (SELECT min(day) FROM calendar))
          AND s.working_days - coalesce(r.working_days, 0) > $waiting_working_days""",
    stays_silent=(
        Says(
            kk="Дәл он бесінші жұмыс күні; шұғыл қызмет.",
            ru="Ровно пятнадцатый рабочий день; экстренная услуга.",
            en="Exactly the fifteenth working day; an emergency service.",
        ),
    ),
)

CHECKS = (
    DATES_INVERTED,
    LATE_ENTRY,
    CODE_UNKNOWN,
    ICD_UNKNOWN,
    REQUIRED_MISSING,
    VALUE_UNREADABLE,
    DOCTOR_UNKNOWN,
    AMOUNT_MISMATCH,
    WAITING_TIME,
)
