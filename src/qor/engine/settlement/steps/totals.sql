SELECT
    provider_bin,
    contract_no,
    care_form,
    funding,
    unscaled,
    sum(n) AS n,
    cast(sum(claimed) AS DECIMAL(38, 2)) AS claimed
FROM day_totals
GROUP BY ALL
