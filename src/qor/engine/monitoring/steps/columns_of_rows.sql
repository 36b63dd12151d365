SELECT $columns
FROM $rows
