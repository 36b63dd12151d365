"""Referrals, screening ages, certificates, attachment (codes 1.2, 1.3 or 6.2, 5.2): potential
findings (321/2020:13); work without a licence under order 19, which has no code for it
(321/2020:10).
"""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Reach, Says
from qor.engine.checks.unjustified import LICENCE_MISSING
from qor.law.citations import cites

REFERRAL_MISSING = Check(
    slug="referral-missing",
    code="1.2",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:1.2"]),
    needs=("service_rules",),
    says=Says(
        kk="Жолдама қажет қызмет жолдамасыз көрсетілген.",
        ru="Услуга, для которой нужно направление, оказана без него.",
        en="A service that needs a referral was given without one.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.service_code AS seen
        FROM cur c JOIN rules_today s ON s.code = c.service_code AND s.needs_referral
        WHERE c.care_form IN ($forms) AND c.referral_no IS NULL AND c.referral_date IS NULL
          AND coalesce(c.admission, 'planned') = 'planned' AND c.care_form <> 'ambulance'""",
    stays_silent=(
        Says(
            kk="Шұғыл көмек; жолдама нөмірі немесе күні бар қызмет.",
            ru="Экстренная помощь; услуга с номером или датой направления.",
            en="An emergency; a service with the number or the date of a referral.",
        ),
    ),
)

SCREENING_AGE = Check(
    slug="screening-age",
    code="1.2",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:1.2"]),
    needs=("people", "service_rules"),
    says=Says(
        kk="Скрининг жас тобынан тыс адамға жүргізілген.",
        ru="Скрининг проведён человеку вне возрастной группы.",
        en="A screening of a person outside its age group.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(p.birth_date AS VARCHAR) AS seen,
               coalesce(CAST(s.age_min AS VARCHAR), '') || '-' || coalesce(CAST(s.age_max AS
                   VARCHAR), '') AS expected
        FROM cur c JOIN rules_today s ON s.code = c.service_code AND s.screening
        JOIN people p ON p.iin = c.iin
        WHERE c.care_form IN ($forms) AND c.started_on >= p.birth_date
          AND (full_years(p.birth_date, c.started_on) < s.age_min
              OR full_years(p.birth_date, c.started_on) > s.age_max)""",
    stays_silent=(
        Says(
            kk="Шекті жасқа толған күн; жас шегі жоқ скрининг.",
            ru="День, когда исполнился предельный возраст; скрининг без возрастных пределов.",
            en="The birthday of the limiting age; a screening without limits.",
        ),
    ),
)

CERTIFICATE_EXPIRED = Check(
    slug="certificate-expired",
    code="1.3",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:1.3", "321/2020:annex 1:6.2"]),
    code_by_order=(("19/2026", "6.2"),),
    needs=("staff",),
    says=Says(
        kk="Қызмет күні орындаушының жарамды сертификаты болмаған.",
        ru="В день услуги у исполнителя не было действующего сертификата.",
        en="On the day of service the performer had no valid certificate.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.performer_id AS seen,
            CAST(max(s.certificate_to) AS VARCHAR) AS expected
        FROM cur c
        JOIN staff s ON s.performer_id = c.performer_id
            AND s.bin = coalesce(c.subcontract_bin, c.provider_bin)
                    AND s.works_from <= c.started_on AND (s.works_to IS NULL
                        OR s.works_to >= c.started_on)
                    AND (s.certificate_to < c.started_on OR s.certificate_from > c.started_on)
        WHERE c.care_form IN ($forms)
          AND NOT EXISTS (SELECT 1 FROM staff v WHERE v.performer_id = c.performer_id
                          AND coalesce(v.certificate_from, v.certificate_to) IS NOT NULL
                          AND (v.certificate_from IS NULL OR v.certificate_from <= c.started_on)
                          AND (v.certificate_to IS NULL OR v.certificate_to >= c.started_on))
        GROUP BY c.provider_bin, c.service_id, c.performer_id""",
    stays_silent=(
        Says(
            kk=(
                "Сертификаттың соңғы күні; жаңартылған сертификат; сертификат мерзімі туралы "
                "дерек жоқ қызметкер."
            ),
            ru=(
                "Последний день сертификата; обновлённый сертификат; работник, о сроках "
                "которого данных нет."
            ),
            en=(
                "The certificate's last day; a renewed certificate; staff of whose "
                "certificate nothing is held."
            ),
        ),
    ),
)

ATTACHED_WITHOUT_CONSENT = Check(
    slug="attached-without-consent",
    code="5.2",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:18", "321/2020:annex 1:5.2"]),
    needs=("people",),
    reach=Reach.PERSON,
    says=Says(
        kk=(
            "Адам басқа МСАК ұйымына келісімінсіз бекітілген; ақау осы айдағы алғашқы "
            "қызметінде тұр."
        ),
        ru=(
            "Пациент прикреплён к другой организации ПМСП без согласия; дефект стоит на его "
            "первой услуге месяца."
        ),
        en=(
            "Attached to another primary-care provider without consent; it stands on the "
            "person's first service there in the month."
        ),
    ),
    sql="""
        SELECT a.provider_bin, a.service_id, CAST(a.attached_since AS VARCHAR) AS seen
        FROM (SELECT c.provider_bin, c.service_id, c.in_cur, c.care_form, c.attached_since,
                     row_number() OVER (PARTITION BY c.iin
                         ORDER BY c.started_at, c.registered_at, c.service_id) AS nth
              FROM newly_attached c) a
        WHERE a.nth = 1 AND a.in_cur AND a.care_form IN ($forms)""",
    stays_silent=(
        Says(
            kk=(
                "Келісімі бар бекіту; денсаулық сақтау органының бұйрығымен бөлу; туу бойынша "
                "бекіту; басқа айдағы бекіту."
            ),
            ru=(
                "Прикрепление с согласием; распределение приказом органа здравоохранения; по "
                "рождению; в другом месяце."
            ),
            en=(
                "An attachment with consent; a distribution by order of the health authority; "
                "by birth; in another month."
            ),
        ),
    ),
)

UNLICENSED_WORK = Check(
    slug="unlicensed-work",
    code="",
    kind=Kind.REVIEW,
    cites=cites(["321/2020:10"]),
    needs=("licences",),
    all_forms=True,
    since="19/2026",
    says=Says(
        kk=(
            "Лицензиясыз жұмыс: шарт сомасынан тұрақсыздық айыбы ұсынылады, шешімді адам "
            "қабылдайды."
        ),
        ru="Работа без лицензии: предлагается неустойка от суммы договора, решает человек.",
        en="Work without a licence: a penalty of the contract's sum is proposed, a person decides.",
    ),
    sql=LICENCE_MISSING.sql,
    stays_silent=(
        *LICENCE_MISSING.stays_silent,
        Says(
            kk="14 наурызға дейін аяқталған қызмет: оған 1.3 коды қолданылады.",
            ru="Услуга, завершённая до 14 марта: к ней применяется код 1.3.",
            en="A service completed before 14 March: code 1.3 holds for it.",
        ),
    ),
)

CHECKS = (
    REFERRAL_MISSING,
    SCREENING_AGE,
    CERTIFICATE_EXPIRED,
    ATTACHED_WITHOUT_CONSENT,
    UNLICENSED_WORK,
)
