"""Dearer than it need be (codes 3.2 and 3.3): potential findings (321/2020:13)."""

from __future__ import annotations

from qor.engine.checks.check import Check, Kind, Says
from qor.law.citations import cites

COSTLY_ALTERNATIVE = Check(
    slug="costly-alternative",
    code="3.2",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:3.2"]),
    needs=("service_rules", "tariffs", "alternatives"),
    says=Says(
        kk="Осы диагнозға арзанырақ баламасы жеткілікті болғанда қымбат қызмет көрсетілген.",
        ru=(
            "Оказана более дорогая услуга, хотя при этом диагнозе достаточно более дешёвой "
            "альтернативы."
        ),
        en=(
            "The costlier service was given where a cheaper one of the same group serves the "
            "diagnosis."
        ),
    ),
    sql="""
        SELECT k.provider_bin, k.service_id, k.seen, k.expected
        FROM (SELECT c.provider_bin, c.service_id, c.service_code AS seen, l.code AS expected,
                     row_number() OVER (PARTITION BY c.provider_bin, c.service_id
                         ORDER BY t.price, l.code) AS nth
              FROM cur c
              JOIN rules_today s ON s.code = c.service_code AND s.alternative_group IS NOT NULL
              JOIN serving l ON l.alternative_group = s.alternative_group AND l.icd10 = c.icd10_main
                  AND l.code <> c.service_code
              JOIN tariff_lines o ON o.care_form = c.care_form AND o.code = c.service_code
                  AND c.ended_on BETWEEN o.valid_from AND o.valid_to
              JOIN tariff_lines t ON t.care_form = c.care_form AND t.code = l.code
                  AND c.ended_on BETWEEN t.valid_from AND t.valid_to
              WHERE c.care_form IN ($forms) AND t.price < o.price) k
        WHERE k.nth = 1""",
    stays_silent=(
        Says(
            kk="Арзан баламасы бұл диагнозға жарамайтын қызмет; топтың ең арзан қызметі.",
            ru=(
                "Услуга, дешёвая альтернатива которой при этом диагнозе не годится; самая "
                "дешёвая услуга группы."
            ),
            en=(
                "A service whose cheaper alternative does not serve the diagnosis; the "
                "cheapest of its group."
            ),
        ),
    ),
)

GROUP_UPCODING = Check(
    slug="group-upcoding",
    code="3.3",
    kind=Kind.POTENTIAL,
    cites=cites(["321/2020:13", "321/2020:annex 1:3.3"]),
    needs=("grouper", "tariffs"),
    says=Says(
        kk="Ұсынылған клиникалық-шығындық топ диагноз бен операция бойынша шығатын топтан ауыр.",
        ru=(
            "Предъявленная клинико-затратная группа тяжелее той, к которой ведут диагноз и "
            "операция."
        ),
        en=(
            "The billed clinical-cost group is heavier than the one to which diagnosis and "
            "operation lead."
        ),
    ),
    sql="""
        SELECT u.provider_bin, u.service_id, u.seen, u.expected
        FROM (SELECT c.provider_bin, c.service_id, c.group_code AS seen, g.group_code AS expected,
            w.weight, b.weight AS billed_weight,
                     row_number() OVER (PARTITION BY c.provider_bin, c.service_id
                         ORDER BY w.weight DESC, g.group_code) AS nth
              FROM stay_paths c
              JOIN grouping g ON g.icd10 = c.icd10_main
                  AND coalesce(g.operation_code, '') = c.operation_code
              JOIN group_weights w ON w.code = g.group_code AND c.ended_on BETWEEN w.valid_from
                  AND w.valid_to
              JOIN group_weights b ON b.code = c.group_code AND c.ended_on BETWEEN b.valid_from
                  AND b.valid_to
              WHERE c.care_form IN ($forms)) u
        WHERE u.nth = 1 AND u.billed_weight > u.weight""",
    stays_silent=(
        Says(
            kk="Операция ауырырақ топқа апаратын жағдай; топтауышта жоқ диагноз; жеңілірек топ.",
            ru=(
                "Случай, который операция ведёт в более тяжёлую группу; диагноз, которого нет "
                "в группировщике; более лёгкая группа."
            ),
            en=(
                "A case that its operation leads to the heavier group; a diagnosis the "
                "grouper does not know; a lighter group."
            ),
        ),
    ),
)

CHECKS = (COSTLY_ALTERNATIVE, GROUP_UPCODING)
