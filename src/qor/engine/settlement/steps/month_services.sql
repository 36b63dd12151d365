SELECT
    provider_bin,
    service_id
FROM billed_rows
