-- The rows of one set of parts that the other does not hold.
SELECT $columns
FROM $these
EXCEPT ALL
SELECT $columns
FROM $those
