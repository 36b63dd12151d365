SELECT
    coalesce(basis, '') AS basis,
    code,
    mark,
    valid_from,
    valid_to
FROM (
    SELECT
        basis,
        code,
        mark,
        valid_from,
        valid_to
    FROM service_marks
    UNION ALL
    SELECT
        'service_code',
        code,
        'screening',
        valid_from,
        valid_to
    FROM service_rules
    WHERE screening
    UNION ALL
    SELECT
        'service_code',
        code,
        'dialysis',
        valid_from,
        valid_to
    FROM service_rules
    WHERE dialysis
)
WHERE valid_from <= $month_last AND (valid_to IS NULL OR valid_to >= $month_first)
ORDER BY ALL
