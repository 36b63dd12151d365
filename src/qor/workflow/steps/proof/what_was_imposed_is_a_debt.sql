SELECT e.id
FROM acts_deduction AS e
WHERE
    e.act_id IS NULL
    AND e.taken_back + e.sanction > 0
    AND NOT EXISTS (
        SELECT 1
        FROM acts_debt AS d
        WHERE d.deduction_id = e.id
    )
UNION ALL
SELECT min(e.id) AS id
FROM acts_deduction AS e
WHERE e.act_id IS NOT NULL
GROUP BY e.act_id, e.funding
HAVING
    sum(e.taken_back + e.sanction) > 0
    AND NOT bool_or(EXISTS (
        SELECT 1
        FROM acts_debt AS d
        WHERE
            d.act_id = e.act_id
            AND d.funding = e.funding
            AND d.deduction_id IS NULL
            AND d.other_id IS NULL
    ))
UNION ALL
SELECT o.id
FROM acts_othersum AS o
WHERE
    o.pays = 0
    AND NOT EXISTS (
        SELECT 1
        FROM acts_debt AS d
        WHERE d.other_id = o.id
    )
