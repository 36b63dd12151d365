WITH ordered AS (
    SELECT try_cast(substr(cause, 7) AS BIGINT) AS id
    FROM ledger_posting
    WHERE cause LIKE 'order:%'
)

SELECT
    CASE WHEN o.act_id IS NULL THEN 'advances' ELSE 'payable' END AS debit,
    'cash' AS credit,
    o.amount,
    o.provider_id AS provider,
    o.contract_no AS contract,
    o.funding,
    o.act_id AS act,
    'order:' || o.id AS cause
FROM treasury_order AS o
WHERE o.state = 'paid' OR (o.state = 'returned' AND o.id IN (SELECT b.id FROM ordered AS b))
UNION ALL
SELECT
    'cash' AS debit,
    CASE WHEN o.act_id IS NULL THEN 'advances' ELSE 'payable' END AS credit,
    o.amount,
    o.provider_id AS provider,
    o.contract_no AS contract,
    o.funding,
    o.act_id AS act,
    'return:' || o.id AS cause
FROM treasury_order AS o
WHERE o.state = 'returned' AND o.id IN (SELECT b.id FROM ordered AS b)
