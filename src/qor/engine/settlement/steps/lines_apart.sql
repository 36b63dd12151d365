SELECT count(*) AS n
FROM (SELECT
    contract_no,
    care_form,
    funding,
    service_month,
    kind = 'unscaled' AS unscaled,
    sum(accepted) AS accepted
FROM act_lines
WHERE care_form <> ''
GROUP BY ALL) AS l
JOIN accepted_lines AS k USING (contract_no, care_form, funding, service_month, unscaled)
WHERE
    l.accepted <> k.accepted
    AND l.contract_no NOT IN (SELECT contract_no FROM contracts_over_limit)
