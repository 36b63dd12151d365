SELECT
    g.provider_bin,
    coalesce(contract_no, '') AS named,
    g.care_form,
    coalesce(funding, '') AS funding,
    g.day,
    g.unscaled,
    sum(g.n) AS n,
    cast(sum($worth) AS DECIMAL(38, 2)) AS claimed
FROM raw_days AS g
GROUP BY ALL
