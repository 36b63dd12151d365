SELECT
    prescription_id,
    prescriber_bin,
    service_id,
    drug_code,
    icd10,
    prescribed_on,
    dispensed_on
FROM near_prescriptions
WHERE service_id IS NOT NULL
