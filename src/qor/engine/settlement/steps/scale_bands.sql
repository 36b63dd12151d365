SELECT
    scale,
    over_from,
    over_to,
    paid
FROM scales
WHERE valid_from <= $on_day AND (valid_to IS NULL OR valid_to >= $on_day)
ORDER BY scale, over_from
