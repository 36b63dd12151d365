SELECT
    bin,
    care_form,
    value
FROM (
    SELECT
        b.bin,
        k.care_form,
        n.value,
        row_number() OVER (
            PARTITION BY b.bin, k.care_form
            ORDER BY CASE WHEN n.bin = '*' THEN 1 ELSE 0 END, k.rank ASC, n.valid_from DESC
        ) AS nth
    FROM (SELECT bin FROM providers) AS b
    CROSS JOIN norm_ranks AS k
    JOIN norms
        AS n ON n.kind = k.kind AND (n.bin = b.bin OR n.bin = '*')
    AND n.valid_from <= $on_day AND (n.valid_to IS NULL OR n.valid_to >= $on_day)
)
WHERE nth = 1
