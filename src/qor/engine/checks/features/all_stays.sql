-- Round-the-clock stays of the month and two months back; what a stay is priced by and who did it
-- tell records apart.
SELECT
    s.*,
    substr(s.icd10_main, 1, 3) AS disease,
    cast(s.started_at AS DATE) AS started_on,
    cast(s.ended_at AS DATE) AS ended_on
FROM (
    SELECT
        provider_bin,
        service_id,
        iin,
        care_form,
        started_at,
        ended_at,
        registered_at,
        outcome,
        admission,
        operation_codes,
        icd10_main,
        group_code,
        bed_profile,
        subcontract_bin,
        $priced_by AS priced_by,
        $done_by AS done_by,
        TRUE AS of_month
    FROM month_services
    WHERE setting = 'inpatient' AND iin IS NOT NULL
    UNION ALL
    SELECT
        provider_bin,
        service_id,
        iin,
        care_form,
        started_at,
        ended_at,
        registered_at,
        outcome,
        admission,
        operation_codes,
        icd10_main,
        group_code,
        bed_profile,
        subcontract_bin,
        $priced_by AS priced_by,
        $done_by AS done_by,
        FALSE
    FROM past_services
    WHERE setting = 'inpatient' AND iin IS NOT NULL
) AS s
ANTI JOIN (
    SELECT iin FROM unknown_persons
    WHERE NOT valid
) AS b
    ON b.iin = s.iin
