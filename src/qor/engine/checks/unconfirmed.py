"""Unconfirmed cases (5.1; 5.0 in rural care, where 5.1 does not apply): potential violations
(321/2020:13, 18)."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Reach, Says
from qor.law.care_forms import CareForm
from qor.law.citations import cites

_CITES = cites(["321/2020:13", "321/2020:18", "321/2020:annex 1:5.1"])
_RURAL = ((CareForm.RURAL, "5.0"),)
# Two stays that are one record: what duplicate-service finds. A stay that a co-executor bills in
# its own register is matched, never found.
_SAME_RECORD = """coalesce(e.started_at = n.started_at AND e.priced_by = n.priced_by
    AND e.done_by = n.done_by, FALSE)"""

AFTER_DEATH = Check(
    slug="after-death",
    code="5.1",
    kind=Kind.POTENTIAL,
    cites=_CITES,
    code_by_form=_RURAL,
    needs=("people",),
    says=Says(
        kk="Қызмет адам қайтыс болған күннен кейін басталған.",
        ru="Услуга начата после дня смерти пациента.",
        en="The service starts after the person's date of death.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(c.started_on AS VARCHAR) AS seen,
            CAST(p.death_date AS VARCHAR) AS expected
        FROM cur c JOIN dead p ON p.iin = c.iin
        LEFT JOIN rules_today s ON s.code = c.service_code
        WHERE c.care_form IN ($forms) AND c.started_on > p.death_date
          AND c.care_form <> 'pathology' AND NOT coalesce(s.donor, FALSE)
          AND (c.sample_taken_on IS NULL OR c.sample_taken_on > p.death_date)""",
    stays_silent=(
        Says(
            kk=(
                "Патологиялық анатомия; қайтыс болған донор; бұрын алынған сынаманың талдауы; "
                "қайтыс болған күннің өзі."
            ),
            ru=(
                "Патологическая анатомия; посмертный донор; анализ взятой раньше пробы; сам "
                "день смерти."
            ),
            en=(
                "Pathology; a post-mortem donor; a test of a sample taken before; the day of "
                "death itself."
            ),
        ),
    ),
)

BEFORE_BIRTH = Check(
    slug="before-birth",
    code="5.1",
    kind=Kind.POTENTIAL,
    cites=_CITES,
    code_by_form=_RURAL,
    needs=("people",),
    says=Says(
        kk="Қызмет адам туғанға дейін басталған.",
        ru="Услуга начата до рождения пациента.",
        en="The service starts before the person's birth date.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(c.started_on AS VARCHAR) AS seen,
            CAST(p.birth_date AS VARCHAR) AS expected
        FROM cur c JOIN people p ON p.iin = c.iin
        WHERE c.care_form IN ($forms) AND c.started_on < p.birth_date""",
    stays_silent=(
        Says(kk="Туған күннің өзі.", ru="Сам день рождения.", en="The day of birth itself."),
    ),
)

DURING_STAY = Check(
    slug="during-stay",
    code="5.1",
    kind=Kind.POTENTIAL,
    cites=_CITES,
    code_by_form=_RURAL,
    reach=Reach.PERSON,
    says=Says(
        kk=(
            "Амбулаториялық қызмет адам басқа өнім берушінің тәулік бойы стационарында "
            "жатқанда көрсетілген."
        ),
        ru=(
            "Амбулаторная услуга оказана, когда пациент лежал в круглосуточном стационаре "
            "другого поставщика."
        ),
        en="An outpatient service strictly inside a round-the-clock stay at another provider.",
    ),
    sql="""
        SELECT d.provider_bin, d.service_id, d.seen, d.expected, d.stay_bin AS other_provider_bin,
            d.stay_id AS other_service_id
        FROM (SELECT c.provider_bin, c.service_id, CAST(c.started_on AS VARCHAR) AS seen,
            CAST(o.ended_on AS VARCHAR) AS expected,
                     o.provider_bin AS stay_bin, o.service_id AS stay_id,
                     row_number() OVER (PARTITION BY c.provider_bin, c.service_id
                                        ORDER BY o.started_at, o.provider_bin, o.service_id) AS nth
              FROM cur c
              JOIN (SELECT * FROM stays WHERE ended_on > (SELECT min(started_on) FROM cur)) o
                           ON o.iin = c.iin AND o.provider_bin <> c.provider_bin
                          AND c.started_on > o.started_on AND c.started_on < o.ended_on
              LEFT JOIN rules_today s ON s.code = c.service_code
              WHERE c.care_form IN ($forms) AND coalesce(c.setting, 'visit') IN ('visit',
                  'home_visit', 'remote', 'call')
                AND c.care_form NOT IN ('ambulance', 'pathology') AND c.subcontract_bin IS NULL
                AND NOT coalesce(s.dialysis, FALSE) AND NOT coalesce(s.prescription, FALSE)
                AND (c.sample_taken_on IS NULL OR c.sample_taken_on > o.started_on)
                AND NOT EXISTS (SELECT 1 FROM subcontracted m WHERE m.iin = c.iin
                    AND m.started_at = c.started_at
                                AND m.service_code = c.service_code
                                    AND m.subcontract_bin = c.provider_bin)) d
        WHERE d.nth = 1""",
    stays_silent=(
        Says(
            kk=(
                "Түскен және шыққан күн; бірлесіп орындаушы; диализ; жедел жәрдем; "
                "патологиялық-анатомиялық диагностика; бұрынғы сынама; рецепт."
            ),
            ru=(
                "Дни поступления и выписки; соисполнитель; диализ; скорая; "
                "патологоанатомическая диагностика; проба, взятая раньше; рецепт."
            ),
            en=(
                "Days of admission and discharge; subcontracts; dialysis; ambulance; "
                "pathology; an earlier sample; prescriptions."
            ),
        ),
    ),
)

OVERLAPPING_STAYS = Check(
    slug="overlapping-stays",
    code="5.1",
    kind=Kind.POTENTIAL,
    cites=(*_CITES, *cites(["291/2020:80"])),
    code_by_form=_RURAL,
    reach=Reach.PERSON,
    says=Says(
        kk=(
            "Бір адамның тәулік бойы стационарға екі жатқызуы, бір немесе әртүрлі өнім "
            "берушіде, кемінде бір күн қабаттасады."
        ),
        ru=(
            "Два круглосуточных пребывания одного пациента, у одного поставщика или у разных, "
            "пересекаются хотя бы на день."
        ),
        en=(
            "Two round-the-clock stays of one person, at one provider or at two, overlap by "
            "at least a day."
        ),
    ),
    sql=f"""
        SELECT s.provider_bin, s.service_id, s.seen, s.expected, s.other_provider_bin,
            s.other_service_id
        FROM (SELECT n.provider_bin, n.service_id, CAST(n.started_on AS VARCHAR) AS seen,
            CAST(e.ended_on AS VARCHAR) AS expected,
                     e.provider_bin AS other_provider_bin, e.service_id AS other_service_id,
                     row_number() OVER (PARTITION BY n.provider_bin, n.service_id
                                        ORDER BY e.registered_at, e.provider_bin,
                                            e.service_id) AS nth
              FROM stays n
              JOIN stays e ON e.iin = n.iin
                          AND n.started_on < e.ended_on AND e.started_on < n.ended_on
                          AND n.started_on < n.ended_on AND e.started_on < e.ended_on
                          AND (e.registered_at < n.registered_at
                            OR (e.registered_at = n.registered_at
                                AND (e.provider_bin < n.provider_bin
                              OR (e.provider_bin = n.provider_bin
                                  AND e.service_id < n.service_id))))
              WHERE n.in_cur AND n.care_form IN ($forms) AND NOT {_SAME_RECORD}) s
        WHERE s.nth = 1""",
    stays_silent=(
        Says(
            kk=(
                "Сол күнгі ауыстыру: бір стационардан екіншісіне немесе бір стационардың "
                "бөлімшелері арасында."
            ),
            ru=(
                "Перевод в тот же день: из одного стационара в другой или между отделениями "
                "одного стационара."
            ),
            en=(
                "A transfer the same day, from one hospital to the other or between "
                "departments of one hospital."
            ),
        ),
        Says(
            kk="Дәл сол жатқызу екі рет ұсынылған: ол қайталанған қызмет.",
            ru="То же пребывание, предъявленное дважды: это повторная услуга.",
            en="The very same stay billed twice: that is a duplicate service.",
        ),
    ),
)

DUPLICATE_SERVICE = Check(
    slug="duplicate-service",
    code="5.1",
    kind=Kind.POTENTIAL,
    cites=_CITES,
    code_by_form=_RURAL,
    reach=Reach.PERSON,
    says=Says(
        kk=(
            "Адамы, бағасы бойынша коды (стационарда тобы немесе бейіні), орындаушысы және "
            "басталу уақыты бірдей қызмет төлемге қайта ұсынылған."
        ),
        ru=(
            "Услуга с теми же пациентом, оплачиваемым кодом (в стационаре группой или "
            "профилем), исполнителем и временем начала предъявлена повторно."
        ),
        en=(
            "The same person, priced code (for stays the group or profile), performer and "
            "start are billed again."
        ),
    ),
    sql="""
        SELECT d.provider_bin, d.service_id, CAST(d.registered_at AS VARCHAR) AS seen,
            CAST(d.earlier_at AS VARCHAR) AS expected,
               d.earlier_bin AS other_provider_bin, d.earlier_id AS other_service_id
        FROM (SELECT n.provider_bin, n.service_id, n.care_form, n.in_cur, n.registered_at,
            e.registered_at AS earlier_at,
                     e.provider_bin AS earlier_bin, e.service_id AS earlier_id,
                     row_number() OVER (PARTITION BY n.provider_bin, n.service_id
                                        ORDER BY e.registered_at, e.provider_bin,
                                            e.service_id) AS nth
              FROM repeated n
              JOIN repeated e ON e.iin = n.iin AND e.priced_by = n.priced_by
                  AND e.done_by = n.done_by
                             AND e.started_at = n.started_at AND e.nth_of_same < n.nth_of_same
              WHERE coalesce(n.subcontract_bin, '') <> e.provider_bin
                  AND coalesce(e.subcontract_bin, '') <> n.provider_bin) d
        WHERE d.nth = 1 AND d.in_cur AND d.care_form IN ($forms)""",
    stays_silent=(
        Says(
            kk=(
                "Бірлесіп орындаушының өз тізілімі; сол күні басқа уақыттағы қабылдау; сол "
                "күні бір стационардың басқа бөлімшесіне ауыстыру."
            ),
            ru=(
                "Собственный реестр соисполнителя; приём в тот же день в другое время; "
                "перевод в тот же день в другое отделение стационара."
            ),
            en=(
                "A co-executor's own register; a visit the same day at another hour; a move "
                "to another department of the hospital the same day."
            ),
        ),
    ),
)

SEX_CONFLICT = Check(
    slug="sex-conflict",
    code="5.1",
    kind=Kind.POTENTIAL,
    cites=_CITES,
    code_by_form=_RURAL,
    needs=("people", "service_rules"),
    says=Says(
        kk="Қызмет осы жыныстағы адамға көрсетілуі мүмкін емес.",
        ru="Услуга не может быть оказана пациенту этого пола.",
        en="The service is impossible for the person's sex.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, p.sex AS seen, s.sex AS expected
        FROM cur c JOIN rules_today s ON s.code = c.service_code AND s.sex IS NOT NULL
        JOIN people p ON p.iin = c.iin
        WHERE c.care_form IN ($forms) AND p.sex <> s.sex""",
    stays_silent=(
        Says(
            kk="Тиісті жыныстағы адам.",
            ru="Пациент подходящего пола.",
            en="A person of the right sex.",
        ),
    ),
)

AGE_CONFLICT = Check(
    slug="age-conflict",
    code="5.1",
    kind=Kind.POTENTIAL,
    cites=_CITES,
    code_by_form=_RURAL,
    needs=("people", "service_rules"),
    says=Says(
        kk="Қызмет осы жастағы адамға көрсетілуі мүмкін емес.",
        ru="Услуга не может быть оказана пациенту этого возраста.",
        en="The service is impossible for the person's age.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(p.birth_date AS VARCHAR) AS seen,
               coalesce(CAST(s.age_min AS VARCHAR), '') || '-' || coalesce(CAST(s.age_max AS
                   VARCHAR), '') AS expected
        FROM cur c JOIN rules_today s ON s.code = c.service_code AND (s.age_min IS NOT NULL
            OR s.age_max IS NOT NULL)
        JOIN people p ON p.iin = c.iin
        WHERE c.care_form IN ($forms) AND NOT coalesce(s.screening, FALSE)
            AND c.started_on >= p.birth_date
          AND (full_years(p.birth_date, c.started_on) < s.age_min
              OR full_years(p.birth_date, c.started_on) > s.age_max)""",
    stays_silent=(
        Says(
            kk="Шекті жасқа толған күн; жас тобынан тыс скрининг (ол 1.2).",
            ru=(
                "День, когда исполнился предельный возраст; скрининг вне возрастной группы "
                "(это 1.2)."
            ),
            en="The birthday of the limiting age; a screening outside its age group (that is 1.2).",
        ),
    ),
)

DOCTOR_TWO_PLACES = Check(
    slug="doctor-two-places",
    code="",
    kind=Kind.REVIEW,
    cites=cites(["321/2020:5", "321/2020:13"]),
    needs=("staff",),
    reach=Reach.PERFORMER,
    says=Says(
        kk="Орындаушы бір уақытта екі өнім берушіде қызмет көрсеткен болып шығады.",
        ru="Исполнитель в одно и то же время оказывал услуги у двух поставщиков.",
        en="The performer was at two providers at overlapping times.",
    ),
    sql="""
        SELECT d.provider_bin, d.service_id, d.seen, d.expected, d.other_provider_bin,
            d.other_service_id
        FROM (SELECT n.provider_bin, n.service_id, CAST(n.started_at AS VARCHAR) AS seen,
            CAST(e.ended_at AS VARCHAR) AS expected,
                     e.provider_bin AS other_provider_bin, e.service_id AS other_service_id,
                     row_number() OVER (PARTITION BY n.provider_bin, n.service_id
                                        ORDER BY e.registered_at, e.provider_bin,
                                            e.service_id) AS nth
              FROM two_places n
              JOIN two_places e ON e.performer_id = n.performer_id AND e.on_day = n.on_day
                               AND e.place <> n.place
                               AND ((n.started_at < e.ended_at AND e.started_at < n.ended_at)
                                   OR n.started_at = e.started_at)
                               AND (e.registered_at < n.registered_at
                                 OR (e.registered_at = n.registered_at
                                     AND (e.provider_bin < n.provider_bin
                                   OR (e.provider_bin = n.provider_bin
                                       AND e.service_id < n.service_id))))
              WHERE n.in_cur AND n.care_form IN ($forms)
                AND NOT coalesce(e.iin = n.iin AND e.started_at = n.started_at
                    AND e.service_code = n.service_code, FALSE)) d
        WHERE d.nth = 1""",
    all_forms=True,
    stays_silent=(
        Says(
            kk=(
                "Уақыты қабаттаспайтын екінші жұмыс; қашықтан сипаттау; бірлесіп орындаушының "
                "өз орнындағы қызметі; ешбір тізімде жоқ нөмір."
            ),
            ru=(
                "Вторая работа без пересечения по времени; дистанционное описание; услуга "
                "соисполнителя на его месте; номер, которого нет ни в одном штате."
            ),
            en=(
                "A second job with no overlap; remote reading; a co-executor's service at its "
                "own place; an identifier on no staff list."
            ),
        ),
    ),
)

CHECKS = (
    AFTER_DEATH,
    BEFORE_BIRTH,
    DURING_STAY,
    OVERLAPPING_STAYS,
    DUPLICATE_SERVICE,
    SEX_CONFLICT,
    AGE_CONFLICT,
    DOCTOR_TWO_PLACES,
)
