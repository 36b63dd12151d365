SELECT
    bin,
    care_form,
    value
FROM coefficient_lines
WHERE $on_day BETWEEN valid_from AND valid_to
