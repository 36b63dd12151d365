SELECT
    $person AS person,
    $packed AS told
FROM $rows
