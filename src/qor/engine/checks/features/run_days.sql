-- The first and the last day of the months of the run.
SELECT
    $first AS first,
    $last AS last
