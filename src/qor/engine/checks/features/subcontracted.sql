SELECT DISTINCT
    iin,
    service_code,
    started_at,
    subcontract_bin
FROM month_services
WHERE subcontract_bin IS NOT NULL
