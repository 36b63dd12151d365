SELECT
    provider_bin,
    contract_no,
    care_form,
    funding,
    service_month,
    kind,
    services,
    claimed,
    released,
    returned,
    held,
    disallowed,
    beyond,
    accepted,
    sanction
FROM act_lines
ORDER BY ALL
