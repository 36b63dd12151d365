"""Deaths (321/2020:40-42) and services outside the contract (321/2020:50): a person must look
before anything else."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Reach, Says
from qor.law.citations import cites

DEATH_IN_STAY = Check(
    slug="death-in-stay",
    code="9.0",
    kind=Kind.REVIEW,
    cites=cites(["321/2020:40:1)", "321/2020:41", "321/2020:annex 1:9.0"]),
    says=Says(
        kk="Стационарлық ем өліммен аяқталған: әр жағдай қаралады.",
        ru="Лечение в стационаре завершилось летальным исходом: рассматривается каждый случай.",
        en="The stay ended in death: every such case is looked at.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.icd10_main AS seen
        FROM cur c
        WHERE c.care_form IN ($forms) AND c.setting IN ('inpatient', 'day_hospital')
            AND c.outcome = 'died'
          AND coalesce(c.icd10_main, '') NOT BETWEEN 'O00' AND 'O99.9'""",
    all_forms=True,
    stays_silent=(
        Says(
            kk="Ана өлімі (O00–O99): сараптаманы мемлекеттік орган жүргізеді.",
            ru="Материнская смертность (O00–O99): экспертизу проводит государственный орган.",
            en="Maternal deaths (O00–O99): the state body examines them.",
        ),
    ),
)

INFANT_DEATH = Check(
    slug="infant-death",
    code="",
    kind=Kind.REVIEW,
    cites=cites(["321/2020:40:2)", "321/2020:42"]),
    figures=("infant_age_years",),
    reach=Reach.PERSON,
    says=Says(
        kk="Бір жасқа дейінгі бала қайтыс болған: әр жағдай қаралады.",
        ru="Умер ребёнок в возрасте до года: рассматривается каждый случай.",
        en="A child under one year died: every such case is looked at.",
    ),
    sql="""
        SELECT d.provider_bin, d.service_id, d.cause AS seen, CAST(d.died_on AS VARCHAR) AS expected
        FROM (SELECT i.provider_bin, i.service_id, i.care_form, i.cause, i.died_on, i.in_cur,
                     row_number() OVER (PARTITION BY i.child
                         ORDER BY i.started_at DESC, i.provider_bin, i.service_id) AS last,
                     max(CASE WHEN i.complication THEN 1 ELSE 0 END)
                         OVER (PARTITION BY i.child) AS any_complication
              FROM infants i
              WHERE i.started_on <= i.died_on
                AND (i.birth_date IS NULL OR full_years(i.birth_date,
                    i.died_on) < $infant_age_years)) d
        WHERE d.last = 1 AND d.in_cur AND d.care_form IN ($forms)
          AND (d.any_complication = 1 OR coalesce(d.cause, '') NOT BETWEEN 'V01' AND 'X59.9')""",
    needs=("people",),
    all_forms=True,
    stays_silent=(
        Says(
            kk=(
                "Жазатайым оқиға (V01–X59); медициналық көмектің асқынуы ешқашан алынып "
                "тасталмайды."
            ),
            ru="Несчастный случай (V01–X59); осложнения медицинской помощи не исключаются никогда.",
            en="An accident (V01–X59); complications of care are never excepted.",
        ),
        Says(
            kk="Бір жасқа толған күні қайтыс болған бала.",
            ru="Ребёнок, умерший в день, когда ему исполнился год.",
            en="A child who died on the first birthday.",
        ),
    ),
)

NOT_IN_CONTRACT = Check(
    slug="not-in-contract",
    code="11.0",
    kind=Kind.REVIEW,
    cites=cites(["321/2020:50", "321/2020:annex 1:11.0"]),
    needs=("contracts",),
    says=Says(
        kk="Қызмет немесе көмек нысаны сол күні өнім берушінің шартында жоқ.",
        ru="Услуги или формы помощи нет в договоре поставщика на этот день.",
        en="The service or form of care is not covered by the provider's contract on the day.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.care_form AS seen, coalesce(c.billed_code,
            '') AS expected
        FROM cur c
        JOIN (SELECT DISTINCT r.provider_bin, r.care_form, r.funding, r.ended_on
            FROM kinds_of_rows r
              WHERE r.care_form IN ($forms)
                AND NOT EXISTS (SELECT 1 FROM contracts k WHERE k.bin = r.provider_bin
                    AND k.care_form = r.care_form
                                AND k.funding = coalesce(r.funding, k.funding)
                                    AND coalesce(k.service_code, '*') = '*'
                                AND k.valid_from <= r.ended_on AND (k.valid_to IS NULL
                                    OR k.valid_to >= r.ended_on))) u
          ON u.provider_bin = c.provider_bin AND u.care_form = c.care_form
              AND u.ended_on = c.ended_on
         AND coalesce(u.funding, '') = coalesce(c.funding, '')
        WHERE NOT EXISTS (SELECT 1 FROM contracts k WHERE k.bin = c.provider_bin
            AND k.care_form = c.care_form
                          AND k.funding = coalesce(c.funding, k.funding)
                              AND k.service_code = c.billed_code
                          AND k.valid_from <= c.ended_on AND (k.valid_to IS NULL
                              OR k.valid_to >= c.ended_on))""",
    stays_silent=(
        Says(
            kk="Шарттың бірінші және соңғы күні; коды шартта аталған қызмет.",
            ru="Первый и последний день договора; услуга, названная в договоре по коду.",
            en=(
                "The first and the last day of the contract; a service that the contract "
                "names by its code."
            ),
        ),
    ),
)

CHECKS = (DEATH_IN_STAY, INFANT_DEATH, NOT_IN_CONTRACT)
