SELECT
    c.provider_bin,
    c.service_id,
    c.iin,
    c.care_form,
    c.icd10_main,
    c.ended_at,
    c.ended_on,
    $days AS in_cur
FROM month_rows AS c
WHERE
    c.setting = 'admission_department'
    AND c.outcome = 'refused'
    AND c.iin IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM unknown_persons AS b
        WHERE b.iin = c.iin AND NOT b.valid
    )
