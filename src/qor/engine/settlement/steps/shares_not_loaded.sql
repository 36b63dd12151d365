SELECT bin
FROM providers
ANTI JOIN (
    SELECT bin
    FROM provider_marks
    WHERE
        ((mark IN ($shares) AND share IS NOT NULL) OR mark IN ($whole))
        AND valid_from <= $month_last AND (valid_to IS NULL OR valid_to >= $month_first)
    GROUP BY bin
    HAVING bool_or(mark IN ($whole) OR mark = $share_of_both) OR count(DISTINCT mark) = 2
) AS m USING (bin)
