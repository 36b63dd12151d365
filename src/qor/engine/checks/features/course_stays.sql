-- Stays that are a course or a stage by the dated table: found by each basis apart, so that each
-- is a join on equality.
WITH course_icd AS MATERIALIZED (
    SELECT
        i.icd10,
        k.valid_from,
        k.valid_to
    FROM icd_catalogue AS i INNER JOIN courses AS k
        ON
            k.basis = 'icd10'
            AND (
                i.icd10 = k.code OR i.disease = k.code
                OR (
                    contains(k.code, '-') AND i.disease BETWEEN split_part(k.code, '-', 1)
                    AND split_part(k.code, '-', 2)
                )
            )
),

named AS NOT MATERIALIZED (
    SELECT
        s.provider_bin,
        s.service_id,
        s.started_on,
        k.valid_from,
        k.valid_to
    FROM all_stays AS s
    INNER JOIN courses AS k ON k.basis = 'bed_profile' AND k.code = s.bed_profile
    UNION ALL
    SELECT
        s.provider_bin,
        s.service_id,
        s.started_on,
        k.valid_from,
        k.valid_to
    FROM all_stays AS s INNER JOIN courses AS k ON k.basis = 'group_code' AND k.code = s.group_code
    UNION ALL
    SELECT
        s.provider_bin,
        s.service_id,
        s.started_on,
        k.valid_from,
        k.valid_to
    FROM (
        SELECT
            provider_bin,
            service_id,
            started_on,
            unnest(operation_codes) AS code
        FROM all_stays
        WHERE array_length(operation_codes) > 0
    ) AS s
    INNER JOIN courses AS k ON k.basis = 'operation_code' AND k.code = s.code
    UNION ALL
    SELECT
        s.provider_bin,
        s.service_id,
        s.started_on,
        k.valid_from,
        k.valid_to
    FROM all_stays AS s
    INNER JOIN course_icd AS k ON k.icd10 = s.icd10_main
)

SELECT DISTINCT
    provider_bin,
    service_id
FROM named
WHERE valid_from <= started_on AND (valid_to IS NULL OR valid_to >= started_on)
