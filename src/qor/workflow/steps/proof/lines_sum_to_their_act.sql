WITH summed AS (
    SELECT
        act_id,
        sum(claimed) AS claimed,
        sum(released) AS released,
        sum(returned) AS returned,
        sum(held) AS held,
        sum(disallowed) AS disallowed,
        sum(beyond) AS beyond
    FROM acts_actline
    GROUP BY act_id
)

SELECT a.id
FROM acts_act AS a
LEFT JOIN summed AS l ON a.id = l.act_id
WHERE
    a.claimed <> coalesce(l.claimed, 0)
    OR a.released <> coalesce(l.released, 0)
    OR a.returned <> coalesce(l.returned, 0)
    OR a.held <> coalesce(l.held, 0)
    OR a.disallowed <> coalesce(l.disallowed, 0)
    OR a.beyond <> coalesce(l.beyond, 0)
