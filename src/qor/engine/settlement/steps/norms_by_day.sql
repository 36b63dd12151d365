SELECT
    bin,
    kind,
    valid_from,
    valid_to,
    value
FROM norms
ORDER BY valid_from DESC
