SELECT
    provider_bin,
    service_id,
    care_form,
    setting,
    service_code,
    group_code,
    icd10_main,
    started_at,
    ended_at,
    outcome
FROM services
WHERE iin = $iin
ORDER BY started_at, service_id
