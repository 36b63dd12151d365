SELECT
    bin,
    kind,
    value
FROM norms
WHERE valid_from <= $on_day AND (valid_to IS NULL OR valid_to >= $on_day) AND kind IN ($kinds)
