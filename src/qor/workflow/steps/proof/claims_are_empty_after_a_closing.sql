SELECT act_id
FROM ledger_posting
WHERE debit = 'claims' OR credit = 'claims'
GROUP BY act_id
HAVING sum(CASE WHEN debit = 'claims' THEN amount ELSE -amount END) <> 0
