SELECT
    t.bin,
    t.value,
    coalesce(k.value, 1) AS coefficient
FROM tariffs_of AS t
LEFT JOIN coefficient_lines AS k
    ON
        t.bin = k.bin
        AND t.care_form = k.care_form
        AND $on_day BETWEEN k.valid_from AND k.valid_to
WHERE t.care_form = 'primary'
