SELECT
    iin,
    DATE '2025-01-01' AS valid_from,
    died AS valid_to,
    'demo' AS basis
FROM everyone
