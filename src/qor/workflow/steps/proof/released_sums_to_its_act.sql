WITH summed AS (
    SELECT
        released_by_id,
        sum(amount) AS released
    FROM acts_heldservice
    WHERE released_by_id IS NOT NULL
    GROUP BY released_by_id
)

SELECT a.id
FROM acts_act AS a
LEFT JOIN summed AS h ON a.id = h.released_by_id
WHERE a.released <> coalesce(h.released, 0)
