SELECT
    provider_bin,
    care_form,
    funding,
    sum(amount) AS amount,
    count(DISTINCT iin) AS patients
FROM bought
GROUP BY ALL
