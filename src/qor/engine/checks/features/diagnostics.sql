-- More on one day is the daily limit's affair where the code has one, and the same record twice
-- is a duplicate: neither is a repeat.
WITH examined AS NOT MATERIALIZED (
    SELECT
        c.*,
        s.repeat_days,
        s.max_daily
    FROM (
        SELECT
            provider_bin,
            service_id,
            iin,
            service_code,
            care_form,
            performer_id,
            substr(icd10_main, 1, 3) AS disease,
            started_at,
            started_on,
            registered_at,
            $days AS in_cur
        FROM month_rows
        UNION ALL
        SELECT
            provider_bin,
            service_id,
            iin,
            service_code,
            care_form,
            performer_id,
            substr(icd10_main, 1, 3),
            started_at,
            cast(started_at AS DATE),
            registered_at,
            FALSE
        FROM year_services
    ) AS c
    INNER JOIN
        rules_today AS s
        ON s.code = c.service_code AND s.diagnostic AND s.repeat_days IS NOT NULL
    WHERE c.iin IS NOT NULL AND c.disease IS NOT NULL
)

SELECT
    c.*,
    row_number() OVER (
        PARTITION BY
            c.iin, c.service_code, c.disease, c.started_on,
            CASE
                WHEN c.max_daily IS NULL
                    THEN c.started_at
            END, CASE
                WHEN c.max_daily IS NULL THEN c.performer_id
            END
        ORDER BY
            c.started_at, c.registered_at, c.provider_bin,
            c.service_id
    ) AS nth_of_day
FROM examined AS c
INNER JOIN
    (SELECT
        iin,
        service_code
    FROM examined
    GROUP BY iin, service_code
    HAVING count(*) > 1) AS g
    ON g.iin = c.iin AND g.service_code = c.service_code
WHERE
    c.iin IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM unknown_persons AS b
        WHERE b.iin = c.iin AND NOT b.valid
    )
