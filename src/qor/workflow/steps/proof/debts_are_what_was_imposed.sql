WITH imposed AS (
    SELECT
        act_id,
        funding,
        sum(taken_back + sanction) AS owed
    FROM acts_deduction
    GROUP BY ALL
),

compared AS (
    SELECT
        d.id,
        d.amount,
        d.contract_no,
        d.funding,
        e.taken_back + e.sanction AS owed,
        e.contract_no AS contract,
        e.funding AS of_funding
    FROM acts_debt AS d
    INNER JOIN acts_deduction AS e ON d.deduction_id = e.id
    UNION ALL
    SELECT
        d.id,
        d.amount,
        d.contract_no,
        d.funding,
        CASE WHEN o.pays = 0 THEN o.amount ELSE 0 END AS owed,
        o.contract_no AS contract,
        o.funding AS of_funding
    FROM acts_debt AS d
    INNER JOIN acts_othersum AS o ON d.other_id = o.id
    UNION ALL
    SELECT
        d.id,
        d.amount,
        d.contract_no,
        d.funding,
        e.owed,
        d.contract_no AS contract,
        d.funding AS of_funding
    FROM acts_debt AS d
    LEFT JOIN imposed AS e ON d.act_id = e.act_id AND d.funding = e.funding
    WHERE d.deduction_id IS NULL AND d.other_id IS NULL
)

SELECT id
FROM compared
WHERE amount IS DISTINCT FROM owed OR contract_no <> contract OR funding <> of_funding
