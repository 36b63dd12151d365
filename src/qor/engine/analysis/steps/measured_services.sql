-- The month's services with what is measured of them beside their peers' (`$keys`: of whom).
SELECT
    c.*,
    w.weight AS weight_of_group,
    d.working_days = d.working_days_before AS day_off,
    c.registered_on > cast(
        strptime($month || '-01', '%Y-%m-%d') + INTERVAL 1 MONTH - INTERVAL 3 DAY AS DATE
    )
    AND date_diff('day', c.ended_on, c.registered_on) > 5 AS registered_late,
    mode(c.icd10_main) OVER (PARTITION BY $keys) AS usual_icd,
    row_number() OVER (
        PARTITION BY c.provider_bin, c.iin, c.service_code
        ORDER BY c.started_at, c.service_id
    ) AS nth_of_person,
    o.iin IS NOT NULL AS seen_elsewhere
FROM (
    SELECT
        provider_bin,
        service_id,
        iin,
        performer_id,
        care_form,
        setting,
        admission,
        service_code,
        group_code,
        amount,
        icd10_main,
        started_at,
        started_on,
        ended_on,
        registered_on
    FROM month_rows
) AS c
INNER JOIN calendar AS d ON d.day = c.started_on
LEFT JOIN (
    SELECT
        code,
        max(weight) AS weight
    FROM group_weights
    GROUP BY code
) AS w ON w.code = c.group_code
LEFT JOIN (
    SELECT
        iin,
        started_on
    FROM month_rows
    WHERE iin IS NOT NULL
    GROUP BY iin, started_on
    HAVING count(DISTINCT provider_bin) > 1
) AS o ON o.iin = c.iin AND o.started_on = c.started_on
