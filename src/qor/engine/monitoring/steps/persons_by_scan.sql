SELECT *
FROM $rows
WHERE iin IN (SELECT iin FROM mine) OR iin IN (SELECT iin FROM around)
