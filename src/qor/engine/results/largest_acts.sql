SELECT
    provider_bin,
    sum(received) AS received,
    sum(returned) AS returned,
    sum(held) AS held,
    sum(payable) AS payable,
    sum(at_stake) AS at_stake
FROM acts
GROUP BY provider_bin
HAVING sum(at_stake) > 0
ORDER BY at_stake DESC, provider_bin ASC
LIMIT $most
