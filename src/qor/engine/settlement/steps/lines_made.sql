SELECT
    provider_bin,
    care_form,
    service_month,
    kind,
    min(contract_no) AS contract_no,
    min(funding) AS funding,
    sum(amount) AS amount
FROM made
GROUP BY ALL
