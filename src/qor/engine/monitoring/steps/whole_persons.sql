-- A stay, an operation or an infant's death can change what is said of all the person's services.
SELECT DISTINCT iin
FROM changed_rows
WHERE
    iin IS NOT NULL
    AND (setting IN ('inpatient', 'admission_department') OR array_length(operation_codes) > 0)
UNION
SELECT iin
FROM people_of_new_rows
WHERE date_diff('day', birth_date, death_date) <= $most_days OR NOT attachment_consent
