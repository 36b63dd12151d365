SELECT d.id
FROM acts_debt AS d
INNER JOIN acts_debttaken AS t ON d.id = t.debt_id
GROUP BY d.id, d.amount
HAVING sum(t.amount) > d.amount
