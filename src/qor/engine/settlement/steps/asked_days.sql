SELECT
    s.provider_bin,
    s.service_id,
    coalesce(contract_no, '') AS named,
    s.care_form,
    coalesce(funding, '') AS funding,
    cast(s.ended_at AS DATE) AS day
FROM services AS s
JOIN asked_services AS a ON a.bin = s.provider_bin AND a.id = s.service_id
