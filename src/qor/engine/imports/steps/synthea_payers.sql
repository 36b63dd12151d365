SELECT
    t.patient,
    $since AS since,
    $until AS until,
    p.name AS payer
FROM s_payer_transitions AS t
INNER JOIN s_payers AS p ON t.payer = p.id
ORDER BY t.patient, $since
