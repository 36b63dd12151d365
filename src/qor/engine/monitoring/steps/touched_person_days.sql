SELECT DISTINCT
    iin,
    on_day
FROM changed_rows
WHERE iin IS NOT NULL
