SELECT
    s.provider_bin,
    s.service_id,
    sum(s.accepted) AS moved,
    arg_max(s.amount, s.act_month) AS worth
FROM settled AS s
INNER JOIN (SELECT DISTINCT
    bin,
    service
FROM wanted) AS k
    ON k.bin = s.provider_bin AND k.service = s.service_id
WHERE s.kind = $moved
GROUP BY ALL
