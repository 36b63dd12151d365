-- The services of which something else may have come since: a prescription, an ambulance call, an
-- answer, a complaint.
SELECT
    prescriber_bin AS provider_bin,
    service_id
FROM near_prescriptions
WHERE service_id IS NOT NULL
UNION
SELECT
    station_bin,
    call_id
FROM near_calls
UNION
SELECT
    provider_bin,
    service_id
FROM patient_answers
WHERE answer <> 'received'
UNION
SELECT
    provider_bin,
    service_id
FROM complaints
