SELECT
    provider_bin,
    contract_no,
    service_id,
    care_form,
    funding,
    service_month,
    ended_on,
    unscaled,
    spared_half,
    disallowed,
    sanction
FROM settled
WHERE disallowed > 0 OR sanction > 0
ORDER BY ALL
