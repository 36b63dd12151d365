SELECT
    provider_bin,
    contract_no,
    care_form,
    funding,
    setting,
    unscaled,
    subcontract_bin,
    cast(ended_at AS DATE) AS day,
    count(*) AS n,
    sum(amount) AS amount
FROM raw_rows
GROUP BY ALL
