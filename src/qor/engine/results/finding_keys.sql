SELECT DISTINCT
    provider_bin,
    service_id,
    "check"
FROM findings
WHERE kind IN ($kinds)
