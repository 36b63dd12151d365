-- IINs that the register does not know; those that could not be anyone's must never make two
-- people one person.
SELECT
    iin,
    CASE
        WHEN NOT $digits THEN FALSE WHEN substr(iin, 7, 1) > '6' THEN FALSE
        WHEN
            NOT (cast(substr(iin, 5, 2) AS INTEGER) BETWEEN 1 AND 31)
            OR $born IS NULL
            OR $born > (SELECT last FROM run_days)
            THEN FALSE
        ELSE $check_digit_holds
    END AS valid
FROM
    (
        SELECT c.iin FROM month_services AS c ANTI JOIN people AS p ON p.iin = c.iin
        WHERE c.iin IS NOT NULL
        UNION
        SELECT c.iin
        FROM near_calls AS c
        ANTI JOIN people AS p ON p.iin = c.iin
        WHERE c.iin IS NOT NULL
    ) AS u
