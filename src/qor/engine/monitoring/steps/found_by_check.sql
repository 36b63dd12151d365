SELECT
    $slug AS "check",
    found.*
FROM ($select) AS found
