SELECT
    provider_bin,
    contract_no,
    service_id,
    care_form,
    funding,
    service_month,
    ended_on,
    amount,
    short_death,
    unscaled
FROM settled
WHERE waits
ORDER BY ALL
