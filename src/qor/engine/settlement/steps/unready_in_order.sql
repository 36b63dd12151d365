SELECT
    provider_bin,
    contract_no,
    care_form,
    funding,
    service_month,
    kind,
    what,
    services,
    amount
FROM unready
ORDER BY ALL
