SELECT
    provider_bin,
    contract_no,
    service_id
FROM settled
WHERE kind = 'released'
ORDER BY ALL
