-- The most specific rule of each diagnosis: of its own code, of its category, of a range.
SELECT
    icd10,
    sex,
    age_min,
    age_max,
    outpatient_treatable,
    day_hospital_indicated
FROM (
    SELECT
        m.*,
        row_number() OVER (PARTITION BY m.icd10 ORDER BY m.exactness, m.rule) AS nth
    FROM (
        SELECT
            i.icd10,
            r.icd10 AS rule,
            0 AS exactness,
            r.* EXCLUDE (icd10)
        FROM icd_catalogue AS i
        INNER JOIN icd_rules AS r ON replace(i.icd10, '.', '') = replace(r.icd10, '.', '')
        UNION ALL
        SELECT
            i.icd10,
            r.icd10,
            1,
            r.* EXCLUDE (icd10)
        FROM icd_catalogue AS i
        INNER JOIN icd_rules AS r ON i.disease = r.icd10
        UNION ALL
        SELECT
            i.icd10,
            r.icd10,
            2,
            r.* EXCLUDE (
                icd10) FROM icd_catalogue AS i INNER JOIN icd_rules AS r ON contains(r.icd10, '-')
        AND i.disease BETWEEN split_part(r.icd10, '-', 1) AND split_part(r.icd10, '-', 2)
    ) AS m
) AS n
WHERE nth = 1
