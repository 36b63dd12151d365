"""Rows that go back to the provider: no defect, but not payable as they stand (291/2020:6, 15)."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Says
from qor.law.citations import cites

OVERPRICED = Check(
    slug="overpriced",
    code="",
    kind=Kind.RETURN,
    cites=cites(["291/2020:6", "291/2020:15"]),
    needs=("tariffs",),
    figures=("amount_tolerance",),
    says=Says(
        kk=(
            "Амбулаториялық қызмет тариф бойынша күтілетін сомадан жоғары сомаға ұсынылған: "
            "түзетуге қайтарылады."
        ),
        ru=(
            "Амбулаторная услуга предъявлена выше ожидаемой по тарифу суммы: возвращается на "
            "исправление."
        ),
        en=(
            "An outpatient service is billed above the expected amount: it goes back to be "
            "put right."
        ),
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, CAST(c.amount AS VARCHAR) AS seen,
            CAST(c.expected_amount AS VARCHAR) AS expected
        FROM mispriced c
        WHERE c.care_form IN ($forms) AND coalesce(c.setting, 'visit') NOT IN ('inpatient',
            'day_hospital')
          AND c.amount > c.expected_amount + $amount_tolerance""",
    all_forms=True,
    stays_silent=(
        Says(
            kk="Бір тиынға дейінгі айырма.",
            ru="Разница до одного тиына.",
            en="A difference of up to one tiyn.",
        ),
    ),
)

NOT_INSURED = Check(
    slug="not-insured",
    code="",
    kind=Kind.RETURN,
    cites=cites(["291/2020:15"]),
    needs=("insured", "people"),
    says=Says(
        kk=(
            "МӘМС есебінен көрсетілген қызмет күні адам сақтандырылмаған: мәртебесі қалпына "
            "келген соң қайта тапсырылады."
        ),
        ru=(
            "В день услуги за счёт ОСМС пациент не был застрахован: предъявляется снова, "
            "когда статус восстановлен."
        ),
        en=(
            "A МӘМС-funded service on a day when the person was not insured: hand it in again "
            "when the status is restored."
        ),
    ),
    sql="""
        SELECT c.provider_bin, c.service_id, c.funding AS seen,
            CAST(c.started_on AS VARCHAR) AS expected
        FROM cur c
        ANTI JOIN insured i ON i.iin = c.iin AND i.valid_from <= c.started_on
            AND (i.valid_to IS NULL OR i.valid_to >= c.started_on)
        ANTI JOIN unknown_persons s ON s.iin = c.iin
        WHERE c.care_form IN ($forms) AND c.funding = 'osms' AND c.iin IS NOT NULL
          AND coalesce(c.admission, 'planned') <> 'emergency' AND c.care_form <> 'ambulance'""",
    all_forms=True,
    stays_silent=(
        Says(
            kk="Шұғыл көмек; ТМККК қызметтері; сақтандырудың соңғы күні.",
            ru="Экстренная помощь; услуги ГОБМП; последний день страхования.",
            en="Emergency care; ТМККК services; the last day of insurance.",
        ),
    ),
)

CHECKS = (OVERPRICED, NOT_INSURED)
