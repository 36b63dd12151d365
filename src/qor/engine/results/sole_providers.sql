SELECT bin
FROM providers
WHERE sole_in_district
