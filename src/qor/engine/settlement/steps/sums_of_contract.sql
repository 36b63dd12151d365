SELECT
    funding,
    coalesce(cast(substr(month, 6, 2) AS INTEGER), 0) AS number,
    sum(amount) AS amount
FROM lines_of_contract
WHERE amount IS NOT NULL
GROUP BY ALL
