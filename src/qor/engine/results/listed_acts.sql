SELECT *
FROM acts
WHERE $provider = '' OR provider_bin = $provider
ORDER BY provider_bin, care_form, funding
