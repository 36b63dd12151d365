SELECT
    $check AS "check",
    found.*
FROM ($select) AS found
