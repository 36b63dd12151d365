SELECT
    mark,
    bin,
    share,
    valid_from,
    valid_to
FROM provider_marks
WHERE valid_from <= $month_last AND (valid_to IS NULL OR valid_to >= $month_first)
ORDER BY ALL
