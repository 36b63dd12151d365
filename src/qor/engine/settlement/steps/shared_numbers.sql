WITH held AS (
    SELECT
        contract_no,
        bin,
        year,
        min(valid_from) AS first,
        max(valid_to) AS last,
        bool_or(valid_to IS NULL) AS endless
    FROM contract_lines
    GROUP BY ALL
)

SELECT DISTINCT
    a.contract_no,
    a.year
FROM held AS a
INNER JOIN held AS b ON b.contract_no = a.contract_no AND b.bin <> a.bin
WHERE
    a.year = b.year
    OR (
        (b.endless OR a.first <= b.last)
        AND (a.endless OR b.first <= a.last)
    )
