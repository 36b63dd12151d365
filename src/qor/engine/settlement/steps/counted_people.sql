SELECT
    p.attached_bin,
    count(*) AS persons,
    count(*) FILTER (WHERE i.iin IS NULL) AS without_contributions
FROM (
    SELECT
        iin,
        attached_bin
    FROM people
    WHERE
        attached_bin IN ($bins)
        AND attached_since <= $on_day AND birth_date <= $on_day
        AND (death_date IS NULL OR death_date > $on_day)
) AS p
LEFT JOIN (
    SELECT DISTINCT iin FROM insured
    WHERE valid_from <= $on_day AND (valid_to IS NULL OR valid_to >= $on_day)
) AS i
    ON i.iin = p.iin
GROUP BY p.attached_bin
