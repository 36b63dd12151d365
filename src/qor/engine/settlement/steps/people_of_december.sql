-- The population register as it says now, but for those who were attached elsewhere since the year
-- ended: of them what it said when December was closed.
SELECT
    iin,
    attached_bin,
    attached_since,
    birth_date,
    death_date
FROM people_now
WHERE NOT coalesce(attached_since > $year_last, FALSE)
UNION ALL
SELECT
    t.iin,
    t.attached_bin,
    t.attached_since,
    t.birth_date,
    n.death_date
FROM people_then AS t INNER JOIN people_now AS n
    ON n.iin = t.iin AND n.attached_since > $year_last
