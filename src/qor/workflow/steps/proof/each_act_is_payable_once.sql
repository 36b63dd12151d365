WITH posted AS (
    SELECT
        act_id,
        sum(CASE WHEN credit = 'payable' THEN amount ELSE -amount END) AS owing
    FROM ledger_posting
    WHERE debit = 'payable' OR credit = 'payable'
    GROUP BY act_id
),

ordered AS (
    SELECT
        act_id,
        sum(amount) AS paid
    FROM treasury_order
    WHERE state = 'paid'
    GROUP BY act_id
)

SELECT a.id
FROM acts_act AS a
LEFT JOIN posted AS p ON a.id = p.act_id
LEFT JOIN ordered AS o ON a.id = o.act_id
WHERE coalesce(p.owing, 0) <> a.to_pay - coalesce(o.paid, 0)
