-- The days from which and to which a rule of codes holds.
SELECT
    valid_from,
    valid_to
FROM service_rules
UNION
SELECT
    valid_from,
    valid_to
FROM alternatives
UNION
SELECT
    valid_from,
    valid_to
FROM grouper
UNION
SELECT
    valid_from,
    valid_to
FROM standards
UNION
SELECT
    valid_from,
    valid_to
FROM drug_rules
