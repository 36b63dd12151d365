SELECT
    p.iin,
    p.attached_bin AS bin,
    p.attached_since,
    p.birth_date
FROM people_of_december AS p
ANTI JOIN (SELECT DISTINCT
    iin,
    provider_bin
FROM year_services) AS s
    ON s.iin = p.iin AND s.provider_bin = p.attached_bin
WHERE
    p.attached_bin IS NOT NULL AND p.attached_since <= $year_last
    AND (p.death_date IS NULL OR p.death_date > $year_last)
