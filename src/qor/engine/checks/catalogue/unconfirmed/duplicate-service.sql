SELECT
    d.provider_bin,
    d.service_id,
    cast(d.registered_at AS VARCHAR) AS seen,
    cast(d.earlier_at AS VARCHAR) AS expected,
    d.earlier_bin AS other_provider_bin,
    d.earlier_id AS other_service_id
FROM (
    SELECT
        n.provider_bin,
        n.service_id,
        n.care_form,
        n.in_cur,
        n.registered_at,
        e.registered_at AS earlier_at,
        e.provider_bin AS earlier_bin,
        e.service_id AS earlier_id,
        row_number() OVER (
            PARTITION BY n.provider_bin, n.service_id
            ORDER BY e.registered_at, e.provider_bin, e.service_id
        ) AS nth
    FROM repeated AS n
    INNER JOIN repeated AS e
        ON
            e.iin = n.iin AND e.priced_by = n.priced_by AND e.done_by = n.done_by
            AND e.started_at = n.started_at AND e.nth_of_same < n.nth_of_same
    WHERE
        coalesce(n.subcontract_bin, '') <> e.provider_bin
        AND coalesce(e.subcontract_bin, '') <> n.provider_bin
) AS d
WHERE d.nth = 1 AND d.in_cur AND d.care_form IN ($forms)
