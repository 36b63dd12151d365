-- People whose IIN codes another birth date or sex.
SELECT
    iin,
    birth_date
FROM people
WHERE NOT iin_agrees
