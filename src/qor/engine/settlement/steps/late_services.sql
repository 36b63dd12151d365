SELECT
    strftime(ended_at, '%Y-%m') AS service_month,
    provider_bin,
    service_id,
    care_form,
    ended_at,
    iin,
    card_no
FROM late_rows
