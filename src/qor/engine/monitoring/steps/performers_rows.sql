SELECT
    performer_id,
    service_code,
    quantity,
    coalesce(subcontract_bin, provider_bin) AS place,
    started_at,
    ended_at
FROM rows_elsewhere
UNION ALL
SELECT
    performer_id,
    service_code,
    quantity,
    coalesce(subcontract_bin, provider_bin),
    started_at,
    ended_at
FROM fresh_rows
UNION ALL
SELECT
    performer_id,
    service_code,
    quantity,
    coalesce(subcontract_bin, provider_bin),
    started_at,
    ended_at
FROM left_rows
