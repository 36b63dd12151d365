SELECT
    n.provider_bin,
    n.service_id,
    n.seen,
    n.block AS expected,
    n.other_bin AS other_provider_bin,
    n.other_id AS other_service_id
FROM (SELECT
    f.*,
    row_number() OVER (
        PARTITION BY f.provider_bin, f.service_id
        ORDER BY f.seen, f.other_bin NULLS LAST, f.other_id NULLS LAST
    ) AS nth
FROM (
    SELECT
        c.provider_bin,
        c.service_id,
        i.block,
        cast(e.started_at AS VARCHAR) AS seen,
        e.provider_bin AS other_bin,
        e.service_id AS other_id
    FROM turned_away AS c
    INNER JOIN icd_catalogue AS i ON i.icd10 = c.icd10_main
    INNER JOIN stays AS e
        ON
            e.iin = c.iin AND e.provider_bin <> c.provider_bin AND e.admission = 'emergency'
            AND e.started_at > c.ended_at
            AND e.started_at <= c.ended_at + INTERVAL 1 HOUR * $refused_admission_hours
    INNER JOIN icd_catalogue AS b ON b.icd10 = e.icd10_main AND b.block = i.block
    WHERE c.in_cur AND c.care_form IN ($forms)
    UNION ALL
    SELECT
        c.provider_bin,
        c.service_id,
        i.block,
        cast(d.death_date AS VARCHAR),
        NULL,
        NULL
    FROM turned_away AS c
    INNER JOIN icd_catalogue AS i ON i.icd10 = c.icd10_main
    INNER JOIN dead AS d
        ON
            d.iin = c.iin AND d.death_date >= c.ended_on
            AND date_diff('day', c.ended_on, d.death_date) * 24 <= $refused_admission_hours
    INNER JOIN icd_catalogue AS b ON b.icd10 = d.death_cause AND b.block = i.block
    WHERE c.in_cur AND c.care_form IN ($forms)
) AS f) AS n
WHERE n.nth = 1
