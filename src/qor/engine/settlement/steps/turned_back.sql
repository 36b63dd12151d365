SELECT
    provider_bin,
    service_id,
    min(reason) AS reason
FROM returns
GROUP BY ALL
