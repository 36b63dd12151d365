SELECT a.id
FROM acts_advance AS a
INNER JOIN acts_advancekept AS k ON a.id = k.advance_id
GROUP BY a.id, a.amount
HAVING sum(k.amount) > a.amount OR sum(k.amount) < 0
