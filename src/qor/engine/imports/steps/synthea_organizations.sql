SELECT
    id,
    name
FROM s_organizations
ORDER BY id
