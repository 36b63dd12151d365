SELECT DISTINCT
    code,
    weight,
    valid_from,
    coalesce(valid_to, DATE '9999-12-31') AS valid_to
FROM tariffs
WHERE kind = 'group' AND weight IS NOT NULL AND coalesce(setting, '') <> 'day_hospital'
