SELECT
    'care' AS debit,
    'claims' AS credit,
    l.claimed AS amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    l.funding,
    l.act_id AS act,
    'line:' || l.care_form || ':' || l.funding || ':' || l.service_month
    || CASE WHEN l.kind = '' THEN '' ELSE ':' || l.kind END AS cause
FROM acts_actline AS l
INNER JOIN acts_act AS a ON l.act_id = a.id
UNION ALL
SELECT
    'held' AS debit,
    'claims' AS credit,
    l.released AS amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    l.funding,
    l.act_id AS act,
    'line:' || l.care_form || ':' || l.funding || ':' || l.service_month
    || CASE WHEN l.kind = '' THEN '' ELSE ':' || l.kind END AS cause
FROM acts_actline AS l
INNER JOIN acts_act AS a ON l.act_id = a.id
UNION ALL
SELECT
    'claims' AS debit,
    'care' AS credit,
    l.returned AS amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    l.funding,
    l.act_id AS act,
    'line:' || l.care_form || ':' || l.funding || ':' || l.service_month
    || CASE WHEN l.kind = '' THEN '' ELSE ':' || l.kind END AS cause
FROM acts_actline AS l
INNER JOIN acts_act AS a ON l.act_id = a.id
UNION ALL
SELECT
    'claims' AS debit,
    'held' AS credit,
    l.held AS amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    l.funding,
    l.act_id AS act,
    'line:' || l.care_form || ':' || l.funding || ':' || l.service_month
    || CASE WHEN l.kind = '' THEN '' ELSE ':' || l.kind END AS cause
FROM acts_actline AS l
INNER JOIN acts_act AS a ON l.act_id = a.id
UNION ALL
SELECT
    'claims' AS debit,
    'beyond' AS credit,
    l.beyond AS amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    l.funding,
    l.act_id AS act,
    'line:' || l.care_form || ':' || l.funding || ':' || l.service_month
    || CASE WHEN l.kind = '' THEN '' ELSE ':' || l.kind END AS cause
FROM acts_actline AS l
INNER JOIN acts_act AS a ON l.act_id = a.id
UNION ALL
SELECT
    'claims' AS debit,
    'payable' AS credit,
    l.accepted AS amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    l.funding,
    l.act_id AS act,
    'line:' || l.care_form || ':' || l.funding || ':' || l.service_month
    || CASE WHEN l.kind = '' THEN '' ELSE ':' || l.kind END AS cause
FROM acts_actline AS l
INNER JOIN acts_act AS a ON l.act_id = a.id
