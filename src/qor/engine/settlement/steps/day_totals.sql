SELECT
    g.provider_bin,
    m.contract_no,
    g.care_form,
    g.funding,
    g.day,
    g.unscaled,
    sum(g.n) AS n,
    cast(sum(g.claimed) AS DECIMAL(38, 2)) AS claimed
FROM (
    SELECT *
    FROM grouped_days
    UNION ALL
    SELECT
        provider_bin,
        named,
        care_form,
        funding,
        day,
        FALSE,
        0,
        value
    FROM patients
) AS g
INNER JOIN
    contract_map AS m
    ON
        m.provider_bin = g.provider_bin
        AND m.named = g.named
        AND m.care_form = g.care_form
        AND m.funding = g.funding
        AND m.day = g.day
GROUP BY ALL
