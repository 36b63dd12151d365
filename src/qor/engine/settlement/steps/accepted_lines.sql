SELECT
    *,
    $pays_all - $pays_used AS accepted
FROM line_totals
