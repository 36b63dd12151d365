SELECT
    n.provider_bin,
    n.service_id,
    cast(n.started_on AS VARCHAR) AS seen,
    cast(n.earlier_on AS VARCHAR) AS expected,
    n.earlier_bin AS other_provider_bin,
    n.earlier_id AS other_service_id
FROM (SELECT
    d.provider_bin,
    d.service_id,
    d.iin,
    d.started_on,
    d.care_form,
    d.repeat_days,
    d.in_cur,
    lag(d.started_on) OVER same AS earlier_on,
    lag(d.provider_bin) OVER same AS earlier_bin,
    lag(d.service_id) OVER same AS earlier_id
FROM diagnostics AS d
WHERE d.nth_of_day = 1
WINDOW same AS (
    PARTITION BY d.iin, d.service_code, d.disease
    ORDER BY d.started_at, d.registered_at, d.provider_bin, d.service_id
)) AS n
WHERE
    n.in_cur
    AND n.care_form IN ($forms)
    AND date_diff('day', n.earlier_on, n.started_on) <= n.repeat_days
    AND NOT EXISTS (
        SELECT 1
        FROM operations AS o
        WHERE
            o.iin = n.iin
            AND date_diff('day', n.started_on, o.started_on) <= $operation_control_days
            AND date_diff('day', o.ended_on, n.started_on) <= $operation_control_days
    )
