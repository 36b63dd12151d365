SELECT
    u.provider_bin,
    u.service_id,
    u.seen,
    u.expected
FROM (
    SELECT
        c.provider_bin,
        c.service_id,
        c.group_code AS seen,
        g.group_code AS expected,
        w.weight,
        b.weight AS billed_weight,
        row_number()
            OVER (
                PARTITION BY c.provider_bin, c.service_id ORDER BY w.weight DESC, g.group_code ASC
            )
            AS nth
    FROM stay_paths AS c
    INNER JOIN
        grouping AS g
        ON g.icd10 = c.icd10_main AND coalesce(g.operation_code, '') = c.operation_code
    INNER JOIN
        group_weights AS w
        ON w.code = g.group_code AND c.ended_on BETWEEN w.valid_from AND w.valid_to
    INNER JOIN
        group_weights AS b
        ON b.code = c.group_code AND c.ended_on BETWEEN b.valid_from AND b.valid_to
    WHERE c.care_form IN ($forms)
) AS u
WHERE u.nth = 1 AND u.billed_weight > u.weight
