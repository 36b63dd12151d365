SELECT
    o.provider_bin,
    o.service_id,
    cast(o.running AS VARCHAR) AS seen,
    cast($overload_minutes AS VARCHAR) AS expected
FROM (SELECT
    u.provider_bin,
    u.service_id,
    u.care_form,
    u.in_cur,
    u.counted,
    sum(u.counted) OVER (
        PARTITION BY u.performer_id, u.started_on
        ORDER BY u.registered_at, u.provider_bin, u.service_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS running
FROM (
    SELECT
        w.*,
        CASE
            WHEN
                row_number() OVER (
                    PARTITION BY w.performer_id, w.service_code, w.started_at, w.whose
                    ORDER BY w.registered_at, w.provider_bin, w.service_id
                ) = 1
                THEN w.minutes
            ELSE 0
        END AS counted
    FROM workload AS w
    INNER JOIN (
        SELECT
            performer_id,
            started_on
        FROM workload
        GROUP BY performer_id, started_on
        HAVING sum(minutes) > $overload_minutes
    ) AS d
        ON d.performer_id = w.performer_id AND d.started_on = w.started_on
) AS u) AS o
WHERE o.in_cur AND o.care_form IN ($forms) AND o.counted > 0 AND o.running > $overload_minutes
