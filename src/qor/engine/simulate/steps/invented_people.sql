SELECT
    iin,
    born AS birth_date,
    sex,
    died AS death_date,
    NULL AS death_cause,
    region,
    i % 3 = 0 AS rural,
    home AS attached_bin,
    DATE '2024-01-01' AS attached_since,
    TRUE AS attachment_consent,
    NULL AS attachment_basis,
    'employed' AS category
FROM everyone
