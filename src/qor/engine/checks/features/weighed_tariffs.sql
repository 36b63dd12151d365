-- The day hospital's prices that are computed from a weight.
SELECT DISTINCT
    price,
    weight
FROM day_tariffs
WHERE weight > 0 AND NOT printed
