SELECT
    iin,
    birth_date,
    sex,
    death_date,
    death_cause,
    attached_bin,
    attached_since,
    attachment_consent,
    attachment_basis,
    iin_agrees
FROM people
SEMI JOIN (
    SELECT DISTINCT iin FROM fresh_rows
    UNION
    SELECT DISTINCT iin FROM left_rows
) AS r USING (iin)
