SELECT provider_bin
FROM act_lines
UNION
SELECT provider_bin
FROM unready
WHERE provider_bin IN (SELECT p.bin FROM providers AS p)
