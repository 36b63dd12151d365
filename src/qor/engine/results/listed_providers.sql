SELECT bin
FROM providers
WHERE bin = $provider
