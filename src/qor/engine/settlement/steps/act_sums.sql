SELECT
    provider_bin,
    contract_no,
    sum(claimed) AS claimed,
    sum(released) AS released,
    sum(returned) AS returned,
    sum(held) AS held,
    sum(disallowed) AS disallowed,
    sum(beyond) AS beyond,
    sum(accepted) AS accepted
FROM act_lines
GROUP BY ALL
ORDER BY ALL
