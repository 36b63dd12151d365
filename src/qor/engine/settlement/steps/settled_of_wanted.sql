SELECT s.*
FROM settled AS s
JOIN (SELECT DISTINCT
    bin,
    service
FROM wanted) AS k
    ON k.bin = s.provider_bin AND k.service = s.service_id
WHERE s.kind IN ('service', 'released')
ORDER BY s.act_month ASC, s.kind DESC
