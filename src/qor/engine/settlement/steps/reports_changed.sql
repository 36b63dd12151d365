SELECT
    provider_bin,
    care_form,
    service_month,
    kind
FROM unready
WHERE what = 'report_changed'
