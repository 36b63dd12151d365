WITH summed AS (
    SELECT
        act_id,
        sum(disallowed) AS disallowed
    FROM acts_deduction
    GROUP BY act_id
)

SELECT a.id
FROM acts_act AS a
LEFT JOIN summed AS d ON a.id = d.act_id
WHERE a.disallowed <> coalesce(d.disallowed, 0)
