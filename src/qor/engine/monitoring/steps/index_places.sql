SELECT DISTINCT
    $performer AS performer,
    coalesce(subcontract_bin, provider_bin) AS place
FROM services
WHERE performer_id IS NOT NULL AND $outpatient
