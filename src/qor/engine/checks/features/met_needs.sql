SELECT
    k.provider_bin,
    k.service_id,
    k.requirement
FROM needing AS k
INNER JOIN needs_today AS n ON n.icd10 = k.icd10_main AND n.requirement = k.requirement
INNER JOIN (
    SELECT
        iin,
        service_code,
        started_at
    FROM month_services
    UNION ALL
    SELECT
        iin,
        service_code,
        started_at
    FROM past_services
) AS s
    ON
        s.iin = k.iin AND s.service_code = n.service_code
        AND s.started_at >= k.started_at - INTERVAL 1 HOUR * n.within_hours
        AND s.started_at <= k.started_at + INTERVAL 1 HOUR * n.within_hours
UNION
SELECT
    k.provider_bin,
    k.service_id,
    k.requirement
FROM needing AS k
INNER JOIN needs_today AS n ON n.icd10 = k.icd10_main AND n.requirement = k.requirement
WHERE list_contains(k.operation_codes, n.service_code)
