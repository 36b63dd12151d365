SELECT count(*) AS n
FROM act_lines
WHERE accepted < 0 OR held < 0 OR disallowed < 0 OR beyond < 0
