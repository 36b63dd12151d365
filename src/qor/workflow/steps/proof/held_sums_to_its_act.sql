WITH summed AS (
    SELECT
        held_by_id,
        sum(amount) AS held
    FROM acts_heldservice
    WHERE reopens_id IS NULL
    GROUP BY held_by_id
)

SELECT a.id
FROM acts_act AS a
LEFT JOIN summed AS h ON a.id = h.held_by_id
WHERE a.held <> coalesce(h.held, 0)
