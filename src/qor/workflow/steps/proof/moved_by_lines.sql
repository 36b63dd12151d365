SELECT
    m.debit,
    m.credit,
    m.amount,
    a.provider_id AS provider,
    a.contract_no AS contract,
    l.funding,
    l.act_id AS act,
    'line:' || l.care_form || ':' || l.funding || ':' || l.service_month
    || CASE WHEN l.kind = '' THEN '' ELSE ':' || l.kind END AS cause
FROM acts_actline AS l
INNER JOIN acts_act AS a ON l.act_id = a.id,
    LATERAL (
        VALUES
        ('care', 'claims', l.claimed),
        ('held', 'claims', l.released),
        ('claims', 'care', l.returned),
        ('claims', 'held', l.held),
        ('claims', 'beyond', l.beyond),
        ('claims', 'payable', l.accepted)
    ) AS m (debit, credit, amount)
