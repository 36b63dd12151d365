SELECT
    id,
    organization,
    speciality
FROM s_providers
ORDER BY id
