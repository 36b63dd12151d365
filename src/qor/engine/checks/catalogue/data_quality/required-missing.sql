SELECT
    c.provider_bin,
    c.service_id,
    c.missing AS seen
FROM (SELECT
    provider_bin,
    service_id,
    care_form,
    $required AS missing
FROM cur) AS c
WHERE c.care_form IN ($forms) AND c.missing <> ''
