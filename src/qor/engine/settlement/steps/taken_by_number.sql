SELECT coalesce(sum(g.n), 0) AS n
FROM grouped_days AS g
INNER JOIN contract_map AS m
    ON
        g.provider_bin = m.provider_bin
        AND g.named = m.named
        AND g.care_form = m.care_form
        AND g.funding = m.funding
        AND g.day = m.day
WHERE m.not_named AND m.contract_no <> ''
