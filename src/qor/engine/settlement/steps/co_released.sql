SELECT
    s.provider_bin,
    s.contract_no,
    r.subcontract_bin,
    s.care_form,
    s.accepted
FROM settled AS s
JOIN (
    SELECT
        provider_bin,
        service_id,
        subcontract_bin
    FROM released_services
    WHERE subcontract_bin IS NOT NULL
) AS r
    ON r.provider_bin = s.provider_bin AND r.service_id = s.service_id
WHERE s.kind = 'released'
