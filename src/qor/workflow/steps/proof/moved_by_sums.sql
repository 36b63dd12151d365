SELECT
    'other_payments' AS debit,
    'payable' AS credit,
    o.amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    o.funding,
    a.id AS act,
    'other:' || o.id AS cause
FROM acts_othersum AS o
INNER JOIN acts_act AS a ON o.act_id = a.id
WHERE o.pays = 1
UNION ALL
SELECT
    'owed' AS debit,
    'sanctions' AS credit,
    o.amount,
    o.provider_id AS provider,
    o.contract_no AS contract,
    o.funding,
    NULL AS act,
    'other:' || o.id AS cause
FROM acts_othersum AS o
WHERE o.pays = 0
UNION ALL
SELECT
    'cash' AS debit,
    'advances' AS credit,
    k.amount,
    v.provider_id AS provider,
    v.contract_no AS contract,
    k.funding,
    NULL AS act,
    'refund:' || k.id AS cause
FROM acts_advancekept AS k
INNER JOIN acts_advance AS v ON k.advance_id = v.id
WHERE k.act_id IS NULL
UNION ALL
SELECT
    'cash' AS debit,
    'owed' AS credit,
    k.amount,
    v.provider_id AS provider,
    v.contract_no AS contract,
    v.funding,
    NULL AS act,
    'returned:' || k.id AS cause
FROM acts_debttaken AS k
INNER JOIN acts_debt AS v ON k.debt_id = v.id
WHERE k.how = 'returned'
UNION ALL
SELECT
    'payable' AS debit,
    'owed' AS credit,
    k.amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    v.funding,
    k.act_id AS act,
    'debt:' || v.id AS cause
FROM acts_debttaken AS k
INNER JOIN acts_debt AS v ON k.debt_id = v.id
INNER JOIN acts_act AS a ON k.act_id = a.id
WHERE v.funding = k.funding
UNION ALL
SELECT
    'payable' AS debit,
    'between' AS credit,
    k.amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    k.funding,
    k.act_id AS act,
    'debt:' || v.id AS cause
FROM acts_debttaken AS k
INNER JOIN acts_debt AS v ON k.debt_id = v.id
INNER JOIN acts_act AS a ON k.act_id = a.id
WHERE v.funding <> k.funding
UNION ALL
SELECT
    'between' AS debit,
    'owed' AS credit,
    k.amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    v.funding,
    k.act_id AS act,
    'debt:' || v.id AS cause
FROM acts_debttaken AS k
INNER JOIN acts_debt AS v ON k.debt_id = v.id
INNER JOIN acts_act AS a ON k.act_id = a.id
WHERE v.funding <> k.funding
UNION ALL
SELECT
    'payable' AS debit,
    'advances' AS credit,
    k.amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    v.funding,
    k.act_id AS act,
    'advance:' || v.id AS cause
FROM acts_advancekept AS k
INNER JOIN acts_advance AS v ON k.advance_id = v.id
INNER JOIN acts_act AS a ON k.act_id = a.id
WHERE v.funding = k.funding
UNION ALL
SELECT
    'payable' AS debit,
    'between' AS credit,
    k.amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    k.funding,
    k.act_id AS act,
    'advance:' || v.id AS cause
FROM acts_advancekept AS k
INNER JOIN acts_advance AS v ON k.advance_id = v.id
INNER JOIN acts_act AS a ON k.act_id = a.id
WHERE v.funding <> k.funding
UNION ALL
SELECT
    'between' AS debit,
    'advances' AS credit,
    k.amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    v.funding,
    k.act_id AS act,
    'advance:' || v.id AS cause
FROM acts_advancekept AS k
INNER JOIN acts_advance AS v ON k.advance_id = v.id
INNER JOIN acts_act AS a ON k.act_id = a.id
WHERE v.funding <> k.funding
