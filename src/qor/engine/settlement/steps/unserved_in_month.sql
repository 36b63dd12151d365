SELECT
    u.bin,
    $month AS month,
    count(i.iin) AS insured,
    count(*) FILTER (WHERE i.iin IS NULL) AS uninsured
FROM unserved AS u
LEFT JOIN (
    SELECT DISTINCT iin FROM insured
    WHERE valid_from <= $on_day AND (valid_to IS NULL OR valid_to >= $on_day)
) AS i
    ON i.iin = u.iin
WHERE u.attached_since <= $on_day AND u.birth_date <= $on_day
GROUP BY u.bin
ORDER BY u.bin
