WITH signed AS (
    SELECT
        register_no,
        max(signed_at) AS signed_at
    FROM registers
    WHERE provider_bin = $provider
    GROUP BY ALL
)

SELECT
    s.register_no,
    strftime(s.ended_at, '%Y-%m') AS month,
    count(*) AS n,
    sum(s.amount) AS amount,
    any_value(g.signed_at) AS signed_at
FROM services AS s
LEFT JOIN signed AS g ON s.register_no = g.register_no
WHERE s.provider_bin = $provider AND s.register_no IS NOT NULL
GROUP BY 1, 2
ORDER BY 2 DESC, 1 ASC
