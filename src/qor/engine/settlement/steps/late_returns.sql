SELECT DISTINCT
    provider_bin,
    service_id
FROM late_returned_rows
