SELECT
    t.provider_bin,
    t.service_id,
    cast(t.running AS VARCHAR) AS seen,
    cast(t.max_daily AS VARCHAR) AS expected
FROM (SELECT
    f.provider_bin,
    f.service_id,
    f.care_form,
    f.max_daily,
    f.in_cur,
    sum(f.quantity) OVER (
        PARTITION BY f.iin, f.service_code, f.started_on
        ORDER BY f.registered_at, f.provider_bin, f.service_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS running
FROM limited AS f
WHERE f.nth_of_same = 1) AS t
WHERE t.in_cur AND t.care_form IN ($forms) AND t.running > t.max_daily
