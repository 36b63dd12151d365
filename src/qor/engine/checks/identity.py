"""Who the service was for (code 2.0): general findings, shown and never deducted (321/2020:12)."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Says
from qor.law.citations import cites

_QUALITY = cites(["321/2020:12", "321/2020:annex 1:2.0"])

IIN_INVALID = Check(
    slug="iin-invalid",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    says=Says(
        kk="ЖСН жоқ, он екі цифрдан тұрмайды, бақылау цифры қате немесе туған күні мүмкін емес.",
        ru=(
            "ИИН отсутствует, не из двенадцати цифр, с неверной контрольной цифрой или "
            "невозможной датой рождения."
        ),
        en=(
            "The IIN is missing, not twelve digits, has a wrong check digit or an impossible "
            "birth date."
        ),
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(NULL AS VARCHAR) AS seen
        FROM cur c
        WHERE c.iin IS NULL AND c.care_form IN ($forms) AND coalesce(c.identity_kind, 'iin') = 'iin'
        UNION ALL
        SELECT c.provider_bin, c.service_id, masked(c.iin) AS seen
        FROM cur c JOIN unknown_persons s ON s.iin = c.iin AND NOT s.valid
        WHERE c.care_form IN ($forms) AND coalesce(c.identity_kind, 'iin') = 'iin'""",
    stays_silent=(
        Says(
            kk="Жаңа туған нәресте, шетелдік, белгісіз, анонимді адам және қан: ЖСН болмайды.",
            ru="Новорождённый, иностранец, неизвестный, анонимный пациент и кровь: ИИН нет.",
            en=(
                "A newborn, foreigner, unidentified or anonymous person, and blood: there is "
                "no IIN."
            ),
        ),
    ),
)

PERSON_UNKNOWN = Check(
    slug="person-unknown",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    needs=("people",),
    says=Says(
        kk="ЖСН дұрыс, бірақ халық тіркелімінде жоқ.",
        ru="ИИН верен, но его нет в регистре населения.",
        en="The IIN is valid but not in the population register.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, masked(c.iin) AS seen
        FROM cur c JOIN unknown_persons s ON s.iin = c.iin
        WHERE c.care_form IN ($forms) AND coalesce(c.identity_kind, 'iin') = 'iin' AND s.valid""",
    stays_silent=(
        Says(
            kk="ЖСН-сыз шетелдік: тіркелімде болмауы заңды.",
            ru="Иностранец без ИИН: в регистре его и не должно быть.",
            en="A foreigner without an IIN: the register need not know them.",
        ),
    ),
)

BIRTH_SEX_MISMATCH = Check(
    slug="birth-sex-mismatch",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    needs=("people",),
    says=Says(
        kk="ЖСН-дегі туған күні немесе жынысы халық тіркелімінен өзгеше.",
        ru="Дата рождения или пол в ИИН расходятся с регистром населения.",
        en="Birth date or sex coded in the IIN differs from the population register.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, masked(c.iin) AS seen,
            CAST(p.birth_date AS VARCHAR) AS expected
        FROM cur c JOIN disagreeing p ON p.iin = c.iin
        WHERE c.care_form IN ($forms) AND coalesce(c.identity_kind, 'iin') = 'iin'""",
    stays_silent=(
        Says(
            kk="Жетінші цифры 0 болатын ЖСН туған ғасыр мен жынысты білдірмейді.",
            ru="ИИН с седьмой цифрой 0 не кодирует век и пол.",
            en="An IIN whose seventh digit is 0 codes neither century nor sex.",
        ),
    ),
)

SEX_CONFLICT_DIAGNOSIS = Check(
    slug="sex-conflict-diagnosis",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    needs=("people", "icd_rules"),
    says=Says(
        kk="Диагноз адамның жынысына сәйкес келмейді.",
        ru="Диагноз невозможен для пола пациента.",
        en="The diagnosis is impossible for the person's sex.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.icd10_main AS seen, l.sex AS expected
        FROM cur c JOIN icd_limits l ON l.icd10 = c.icd10_main AND l.sex IS NOT NULL
        JOIN people p ON p.iin = c.iin
        WHERE c.care_form IN ($forms) AND p.sex <> l.sex""",
    stays_silent=(
        Says(
            kk="Сол диагноз тиісті жыныстағы адамда.",
            ru="Тот же диагноз у пациента подходящего пола.",
            en="The same diagnosis in a person of the right sex.",
        ),
    ),
)

AGE_CONFLICT_DIAGNOSIS = Check(
    slug="age-conflict-diagnosis",
    code="2.0",
    kind=Kind.GENERAL,
    cites=_QUALITY,
    needs=("people", "icd_rules"),
    says=Says(
        kk="Диагноз адамның жасына сәйкес келмейді.",
        ru="Диагноз невозможен для возраста пациента.",
        en="The diagnosis is impossible for the person's age.",
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.icd10_main AS seen,
            CAST(p.birth_date AS VARCHAR) AS expected
        FROM cur c JOIN icd_limits l ON l.icd10 = c.icd10_main AND (l.age_min IS NOT NULL
            OR l.age_max IS NOT NULL)
        JOIN people p ON p.iin = c.iin
        WHERE c.care_form IN ($forms) AND c.started_on >= p.birth_date
          AND (full_years(p.birth_date, c.started_on) < l.age_min
              OR full_years(p.birth_date, c.started_on) > l.age_max)""",
    stays_silent=(
        Says(
            kk="Жас шегінің дәл өзі: шекті жасқа толған күн.",
            ru="Ровно предельный возраст: в день, когда он исполнился.",
            en="Exactly the limiting age, on the birthday itself.",
        ),
    ),
)

CHECKS = (
    IIN_INVALID,
    PERSON_UNKNOWN,
    BIRTH_SEX_MISMATCH,
    SEX_CONFLICT_DIAGNOSIS,
    AGE_CONFLICT_DIAGNOSIS,
)
