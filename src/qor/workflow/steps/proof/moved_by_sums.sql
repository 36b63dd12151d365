WITH settled_by_acts AS (
    SELECT
        'owed' AS account,
        'debt:' || v.id AS cause,
        v.funding AS owed,
        k.funding AS paid,
        k.amount,
        k.act_id
    FROM acts_debttaken AS k
    INNER JOIN acts_debt AS v ON k.debt_id = v.id
    UNION ALL
    SELECT
        'advances' AS account,
        'advance:' || v.id AS cause,
        v.funding AS owed,
        k.funding AS paid,
        k.amount,
        k.act_id
    FROM acts_advancekept AS k
    INNER JOIN acts_advance AS v ON k.advance_id = v.id
)

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
-- What an act's funding settles of a debt or an advance of the same funding, or of another.
SELECT
    m.debit,
    m.credit,
    k.amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    m.funding,
    k.act_id AS act,
    k.cause
FROM settled_by_acts AS k
INNER JOIN acts_act AS a ON k.act_id = a.id,
    LATERAL (
        VALUES
        ('payable', k.account, k.owed, k.owed = k.paid),
        ('payable', 'between', k.paid, k.owed <> k.paid),
        ('between', k.account, k.owed, k.owed <> k.paid)
    ) AS m (debit, credit, funding, holds)
WHERE m.holds
