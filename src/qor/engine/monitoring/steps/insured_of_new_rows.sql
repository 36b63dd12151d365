SELECT
    iin,
    valid_from,
    valid_to
FROM insured
SEMI JOIN (SELECT DISTINCT iin FROM fresh_rows WHERE funding = 'osms') AS r USING (iin)
