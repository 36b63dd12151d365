SELECT *
FROM rejected
ORDER BY file, line
