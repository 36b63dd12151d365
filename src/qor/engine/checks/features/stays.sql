SELECT
    *,
    of_month AND $days AS in_cur
FROM all_stays
