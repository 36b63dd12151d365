SELECT
    performer,
    place
FROM person_index.places
WHERE performer IN ($performers)
