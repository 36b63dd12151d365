SELECT
    c.provider_bin,
    c.service_id,
    c.care_form,
    c.started_at,
    c.started_on,
    c.icd10_main,
    $days AS in_cur,
    p.birth_date,
    p.death_date AS died_on,
    coalesce(p.death_cause, c.icd10_main) AS cause,
    c.iin AS child,
    (
        left(coalesce(c.icd10_main, ''), 3) IN ($complications)
        OR left(coalesce(p.death_cause, ''), 3) IN ($complications)
        OR coalesce(
            array_length(list_filter(c.icd10_other, LAMBDA o: left(o, 3) IN ($complications))) > 0,
            FALSE
        )
    ) AS complication
FROM month_rows AS c INNER JOIN (
    SELECT *
    FROM dead
    WHERE
        date_diff('day', birth_date, death_date) <= $most_days
        AND death_date BETWEEN (
            SELECT first FROM run_days) AND (
            SELECT last
            FROM run_days
        )
) AS p ON p.iin = c.iin
UNION ALL
SELECT
    c.provider_bin,
    c.service_id,
    c.care_form,
    c.started_at,
    c.started_on,
    c.icd10_main,
    $days,
    NULL,
    c.ended_on,
    c.icd10_main,
    c.provider_bin || '/' || c.service_id,
    (
        left(coalesce(c.icd10_main, ''), 3) IN ($complications)
        OR coalesce(
            array_length(list_filter(c.icd10_other, LAMBDA o: left(o, 3) IN ($complications))) > 0,
            FALSE
        )
    )
FROM
    month_rows AS c
WHERE
    c.identity_kind = 'newborn' AND c.outcome = 'died'
    AND NOT EXISTS (
        SELECT 1 FROM dead AS p
        WHERE p.iin = c.iin
    )
