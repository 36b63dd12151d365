SELECT * FROM people
WHERE death_date IS NOT NULL
