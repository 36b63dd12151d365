"""Deviation from standards, diagnoses, refused admissions (codes 6.1, 6.3, 6.4, 10.0, 14.0)
(321/2020:13)."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Reach, Says
from qor.law.citations import cites

CORE_SERVICE_MISSING = Check(
    slug="core-service-missing",
    code="6.1",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:6.1"]),
    needs=("standards",),
    reach=Reach.PERSON,
    says=Says(
        kk=(
            "Диагноз талап ететін қызмет уақытында көрсетілмеген, ал емнің нәтижесі "
            "өзгеріссіз, нашар немесе асқынумен аяқталған."
        ),
        ru=(
            "Услуга, которую требует диагноз, не оказана в срок, а исход лечения — без "
            "перемен, ухудшение или осложнение."
        ),
        en=(
            "A service that the diagnosis requires was not given in time, and the outcome is "
            "unchanged, worse or a complication."
        ),
    ),
    sql="""
        SELECT m.provider_bin, m.service_id, m.requirement AS seen,
            CAST(m.within_hours AS VARCHAR) AS expected
        FROM (SELECT c.provider_bin, c.service_id, c.requirement, c.within_hours,
                     row_number() OVER (PARTITION BY c.provider_bin, c.service_id
                         ORDER BY c.requirement) AS nth
              FROM needing c
              WHERE c.in_cur AND c.care_form IN ($forms)
                AND NOT EXISTS (SELECT 1 FROM met_needs g WHERE g.provider_bin = c.provider_bin
                    AND g.service_id = c.service_id
                                AND g.requirement = c.requirement)) m
        WHERE m.nth = 1""",
    stays_silent=(
        Says(
            kk=(
                "Талаптың кез келген баламасы уақытында көрсетілген; нәтижесі жақсы жағдай; "
                "өлім (ол бөлек қаралады)."
            ),
            ru=(
                "Любая из альтернатив требования оказана в срок; хороший исход; смерть "
                "(рассматривается отдельно)."
            ),
            en=(
                "Any alternative of the requirement given in time; a good outcome; a death "
                "(looked at apart)."
            ),
        ),
    ),
)

REPEAT_CALL = Check(
    slug="repeat-call",
    code="6.1",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:6.1"]),
    needs=("calls",),
    reach=Reach.TIME,
    figures=("repeat_call_hours",),
    says=Says(
        kk=(
            "Үйде қалдырылған пациентке сол ауру бойынша бір тәулік ішінде қайта шақыру "
            "түсіп, жағдайы нашарлаған."
        ),
        ru=(
            "Повторный вызов в течение суток по той же болезни к пациенту, оставленному дома, "
            "с худшим исходом."
        ),
        en=(
            "A second call within a day for the same disease, after a first that left the "
            "person at home, and a worse end."
        ),
    ),
    sql="""
        SELECT r.provider_bin, r.service_id, r.seen, r.expected,
            r.earlier_bin AS other_provider_bin, r.earlier_id AS other_service_id
        FROM (SELECT c.provider_bin, c.service_id, CAST(n.received_at AS VARCHAR) AS seen,
            CAST(e.received_at AS VARCHAR) AS expected,
                     e.station_bin AS earlier_bin, e.call_id AS earlier_id,
                     row_number() OVER (PARTITION BY c.provider_bin, c.service_id
                                        ORDER BY e.received_at DESC, e.station_bin,
                                            e.call_id) AS nth
              FROM cur c
              JOIN all_calls n ON n.station_bin = c.provider_bin AND n.call_id = c.service_id
              JOIN all_calls e ON e.iin = n.iin AND e.disease = n.disease
                  AND e.received_at < n.received_at
                              AND n.received_at <= e.received_at + INTERVAL 1 HOUR *
                                  $repeat_call_hours
              WHERE c.care_form IN ($forms) AND e.outcome = 'left_home'
                  AND n.outcome IN ('hospitalised', 'died')) r
        WHERE r.nth = 1""",
    stays_silent=(
        Says(
            kk=(
                "Бір тәуліктен кейінгі шақыру; басқа ауру; бірінші шақыруда ауруханаға "
                "жеткізілген пациент."
            ),
            ru="Вызов позже суток; другая болезнь; пациент, госпитализированный по первому вызову.",
            en=(
                "A call after more than a day; another disease; a person taken to hospital by "
                "the first call."
            ),
        ),
    ),
)

PRESCRIPTION_NOT_FILLED = Check(
    slug="prescription-not-filled",
    code="6.3",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:6.3"]),
    needs=("prescriptions",),
    figures=("prescription_fill_days",),
    reach=Reach.TIME,
    says=Says(
        kk="Тегін рецепт бойынша дәрі мерзімінде босатылмаған.",
        ru="Лекарство по бесплатному рецепту не отпущено в срок.",
        en="A free prescription was not dispensed in time.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, min(p.prescription_id) AS seen,
            CAST(min(p.prescribed_on) AS VARCHAR) AS expected
        FROM cur c JOIN written p ON p.prescriber_bin = c.provider_bin
            AND p.service_id = c.service_id
        WHERE c.care_form IN ($forms)
          AND date_diff('day', p.prescribed_on, coalesce(p.dispensed_on,
              $found_on)) > $prescription_fill_days
        GROUP BY c.provider_bin, c.service_id""",
    stays_silent=(
        Says(
            kk="Оныншы күні босатылған рецепт; мерзімі әлі өтпеген рецепт.",
            ru="Рецепт, отпущенный на десятый день; рецепт, срок которого ещё не истёк.",
            en="A prescription dispensed on the tenth day; one whose term has not run out yet.",
        ),
    ),
)

DRUG_NOT_INDICATED = Check(
    slug="drug-not-indicated",
    code="6.4",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:6.4"]),
    needs=("prescriptions", "drug_rules"),
    reach=Reach.TIME,
    says=Says(
        kk="Босатылған дәрі тізім рұқсат еткен диагноздардан тыс тағайындалған.",
        ru="Отпущенное лекарство назначено вне диагнозов, при которых его допускает перечень.",
        en="The dispensed drug lies outside the diagnoses for which the list allows it.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, min(p.drug_code) AS seen, min(coalesce(p.icd10,
            c.icd10_main)) AS expected
        FROM cur c
        JOIN written p ON p.prescriber_bin = c.provider_bin AND p.service_id = c.service_id
            AND p.dispensed_on IS NOT NULL
        JOIN (SELECT DISTINCT drug_code FROM drug_uses) k ON k.drug_code = p.drug_code
        WHERE c.care_form IN ($forms) AND coalesce(p.icd10, c.icd10_main) IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM drug_uses u WHERE u.drug_code = p.drug_code
              AND u.icd10 = coalesce(p.icd10, c.icd10_main))
        GROUP BY c.provider_bin, c.service_id""",
    stays_silent=(
        Says(
            kk="Тізімдегі диагноз; тізімде жоқ дәрі; босатылмаған рецепт.",
            ru="Диагноз из перечня; лекарство вне перечня; неотпущенный рецепт.",
            en=(
                "A diagnosis of the list; a drug that the list does not name; a prescription "
                "not dispensed."
            ),
        ),
    ),
)

DIAGNOSIS_DISCREPANCY = Check(
    slug="diagnosis-discrepancy",
    code="10.0",
    kind=Kind.REVIEW,
    cites=cites(["321/2020:13", "321/2020:annex 1:10.0"]),
    says=Says(
        kk="Патологиялық-анатомиялық диагноз клиникалық диагноздан басқа блокта.",
        ru="Патологоанатомический диагноз — в другом блоке, чем клинический.",
        en="The diagnosis of the autopsy lies in another block than the clinical one.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.icd10_main AS seen, c.icd10_autopsy AS expected
        FROM cur c
        JOIN icd_catalogue m ON m.icd10 = c.icd10_main
        JOIN icd_catalogue a ON a.icd10 = c.icd10_autopsy
        WHERE c.care_form IN ($forms) AND c.icd10_autopsy IS NOT NULL AND m.block <> a.block""",
    stays_silent=(
        Says(
            kk="Сол блоктағы басқа код; патологиялық диагнозы жоқ жағдай.",
            ru="Другой код того же блока; случай без патологоанатомического диагноза.",
            en="Another code of the same block; a case without an autopsy.",
        ),
    ),
)

REFUSED_ADMISSION = Check(
    slug="refused-admission",
    code="14.0",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:14.0"]),
    figures=("refused_admission_hours",),
    reach=Reach.PERSON,
    says=Says(
        kk=(
            "Қабылдау бөлімшесінде бас тартылған пациент бір тәулік ішінде басқа жерде шұғыл "
            "жатқызылған немесе қайтыс болған."
        ),
        ru=(
            "Пациент, получивший отказ в приёмном отделении, в течение суток экстренно "
            "госпитализирован в другом месте или умер."
        ),
        en=(
            "A person refused at the admission department was admitted elsewhere as an "
            "emergency, or died, within a day."
        ),
    ),
    sql="""
        SELECT n.provider_bin, n.service_id, n.seen, n.block AS expected,
            n.other_bin AS other_provider_bin, n.other_id AS other_service_id
        FROM (SELECT f.*, row_number() OVER (PARTITION BY f.provider_bin, f.service_id
                                             ORDER BY f.seen, f.other_bin NULLS LAST,
                                                 f.other_id NULLS LAST) AS nth
        FROM (SELECT c.provider_bin, c.service_id, i.block, CAST(e.started_at AS VARCHAR) AS seen,
            e.provider_bin AS other_bin,
                     e.service_id AS other_id
              FROM turned_away c
              JOIN icd_catalogue i ON i.icd10 = c.icd10_main
              JOIN stays e ON e.iin = c.iin AND e.provider_bin <> c.provider_bin
                  AND e.admission = 'emergency'
                          AND e.started_at > c.ended_at
                              AND e.started_at <= c.ended_at + INTERVAL 1 HOUR *
                              $refused_admission_hours
              JOIN icd_catalogue b ON b.icd10 = e.icd10_main AND b.block = i.block
              WHERE c.in_cur AND c.care_form IN ($forms)
              UNION ALL
              SELECT c.provider_bin, c.service_id, i.block, CAST(d.death_date AS VARCHAR), NULL,
                  NULL
              FROM turned_away c
              JOIN icd_catalogue i ON i.icd10 = c.icd10_main
              JOIN dead d ON d.iin = c.iin AND d.death_date >= c.ended_on
                         AND date_diff('day', c.ended_on, d.death_date) * 24 <=
                             $refused_admission_hours
              JOIN icd_catalogue b ON b.icd10 = d.death_cause AND b.block = i.block
              WHERE c.in_cur AND c.care_form IN ($forms)) f) n
        WHERE n.nth = 1""",
    stays_silent=(
        Says(
            kk=(
                "Бір тәуліктен кейінгі жатқызу; басқа блоктағы диагноз; жоспарлы жатқызу; сол "
                "ауруханаға жатқызу."
            ),
            ru=(
                "Госпитализация позже суток; диагноз другого блока; плановая госпитализация; "
                "госпитализация туда же."
            ),
            en=(
                "An admission after more than a day; another block; a planned one; one at the "
                "same hospital."
            ),
        ),
    ),
)

CHECKS = (
    CORE_SERVICE_MISSING,
    REPEAT_CALL,
    PRESCRIPTION_NOT_FILLED,
    DRUG_NOT_INDICATED,
    DIAGNOSIS_DISCREPANCY,
    REFUSED_ADMISSION,
)
