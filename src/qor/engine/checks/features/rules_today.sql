SELECT * FROM service_rules
WHERE valid_from <= $last AND (valid_to IS NULL OR valid_to >= $last)
