SELECT
    bin,
    care_form,
    value
FROM tariffs_of
WHERE care_form IN ($complex_forms)
ORDER BY ALL
