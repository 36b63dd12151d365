SELECT
    $month AS month,
    provider_bin,
    service_id,
    "check" AS reason,
    care_form,
    funding,
    amount,
    seen,
    expected,
    $found_on AS found_on
FROM located
WHERE "check" IN ($reasons)
