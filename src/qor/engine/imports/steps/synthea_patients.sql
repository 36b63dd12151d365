SELECT
    id,
    birthdate,
    deathdate,
    gender
FROM s_patients
ORDER BY id
