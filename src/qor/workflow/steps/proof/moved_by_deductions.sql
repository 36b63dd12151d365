SELECT
    'claims' AS debit,
    'disallowed' AS credit,
    d.disallowed AS amount,
    d.provider_id AS provider,
    d.contract_no AS contract,
    d.funding,
    d.act_id AS act,
    CASE
        WHEN d.case_id IS NULL THEN d.reason || ':' || d.service_id ELSE 'case:' || d.case_id
    END AS cause
FROM acts_deduction AS d
UNION ALL
SELECT
    'owed' AS debit,
    'sanctions' AS credit,
    d.taken_back + d.sanction AS amount,
    d.provider_id AS provider,
    d.contract_no AS contract,
    d.funding,
    d.act_id AS act,
    CASE
        WHEN d.case_id IS NULL THEN d.reason || ':' || d.service_id ELSE 'case:' || d.case_id
    END AS cause
FROM acts_deduction AS d
UNION ALL
SELECT
    'disallowed' AS debit,
    'held' AS credit,
    h.amount,
    h.provider_id AS provider,
    h.contract_no AS contract,
    h.funding,
    NULL AS act,
    CASE
        WHEN d.case_id IS NULL THEN d.reason || ':' || d.service_id ELSE 'case:' || d.case_id
    END AS cause
FROM acts_heldservice AS h
INNER JOIN acts_deduction AS d ON h.reopens_id = d.id
UNION ALL
SELECT
    'sanctions' AS debit,
    'owed' AS credit,
    k.amount,
    d.provider_id AS provider,
    d.contract_no AS contract,
    v.funding,
    NULL AS act,
    CASE
        WHEN d.case_id IS NULL THEN d.reason || ':' || d.service_id ELSE 'case:' || d.case_id
    END AS cause
FROM acts_debttaken AS k
INNER JOIN acts_debt AS v ON k.debt_id = v.id
INNER JOIN acts_deduction AS d ON k.deduction_id = d.id
WHERE k.how = 'withdrawn'
