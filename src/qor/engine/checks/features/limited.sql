-- One record is the same person, code, performer and start; without a performer, every row is a
-- record of its own. An empty quantity is one unit.
SELECT
    c.provider_bin,
    c.service_id,
    c.iin,
    c.service_code,
    c.care_form,
    c.started_on,
    c.registered_at,
    g.max_daily,
    coalesce(c.quantity, 1) AS quantity,
    $days AS in_cur,
    row_number() OVER (PARTITION BY
        c.iin, c.service_code, coalesce(
            c.performer_id,
            c.provider_bin || '/' || c.service_id
        ), c.started_at
    ORDER BY c.registered_at, c.provider_bin, c.service_id) AS nth_of_same
FROM month_rows AS c INNER JOIN (
    SELECT
        c.iin,
        c.service_code,
        c.started_on,
        s.max_daily
    FROM month_rows AS c
    INNER JOIN rules_today AS s ON s.code = c.service_code AND s.max_daily IS NOT NULL
    WHERE
        c.iin IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM unknown_persons AS b
            WHERE b.iin = c.iin AND NOT b.valid
        )
    GROUP BY c.iin, c.service_code, c.started_on, s.max_daily
    HAVING sum(coalesce(c.quantity, 1)) > s.max_daily
) AS g
    ON g.iin = c.iin AND g.service_code = c.service_code AND g.started_on = c.started_on
