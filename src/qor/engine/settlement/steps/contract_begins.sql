WITH holders AS (
    SELECT
        contract_no,
        arg_max(bin, valid_from) AS bin
    FROM contracts
    WHERE valid_from <= $closed_on
    GROUP BY contract_no
)

SELECT
    c.contract_no,
    min(c.valid_from) AS first
FROM contracts AS c
INNER JOIN holders AS h ON h.contract_no = c.contract_no AND h.bin = c.bin
WHERE c.valid_from <= $closed_on
GROUP BY c.contract_no
