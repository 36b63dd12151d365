SELECT
    contract_no,
    min(valid_from) AS first
FROM contracts
WHERE valid_from <= $closed_on
GROUP BY contract_no
