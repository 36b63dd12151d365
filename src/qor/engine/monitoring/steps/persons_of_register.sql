SELECT DISTINCT $person AS person
FROM mine
WHERE $person IS NOT NULL
