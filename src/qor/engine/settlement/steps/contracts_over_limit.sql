SELECT a.contract_no FROM (
    SELECT
        contract_no,
        substr(service_month, 1, 4) AS year,
        sum(accepted) AS accepted
    FROM accepted_lines
    GROUP BY ALL
) AS a
INNER JOIN contract_headroom AS r ON r.contract_no = a.contract_no AND r.year = a.year
WHERE a.accepted > r.headroom
UNION
SELECT a.contract_no FROM (
    SELECT
        contract_no,
        service_month,
        sum(accepted) AS accepted
    FROM accepted_lines
    GROUP BY ALL
) AS a
INNER JOIN
    december_headroom
        AS r
    ON
        r.contract_no = a.contract_no
        AND r.service_month = a.service_month
WHERE a.accepted > r.headroom
