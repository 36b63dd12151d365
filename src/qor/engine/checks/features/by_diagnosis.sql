-- Rules of a day whose icd10 is a code, a category or a range of categories: once for each code
-- that they cover.
WITH rules AS NOT MATERIALIZED (
    SELECT * FROM $rules
    WHERE valid_from <= $last AND (valid_to IS NULL OR valid_to >= $last)
)

SELECT
    i.icd10,
    r.* EXCLUDE (icd10)
FROM icd_catalogue AS i
INNER JOIN rules AS r ON i.icd10 = r.icd10
UNION ALL
SELECT
    i.icd10,
    r.* EXCLUDE (icd10)
FROM icd_catalogue AS i
INNER JOIN rules AS r ON i.disease = r.icd10 AND i.icd10 <> r.icd10
UNION ALL
SELECT
    i.icd10,
    r.* EXCLUDE (
        icd10) FROM icd_catalogue AS i INNER JOIN rules AS r ON contains(r.icd10, '-')
AND i.disease BETWEEN split_part(r.icd10, '-', 1) AND split_part(r.icd10, '-', 2)
