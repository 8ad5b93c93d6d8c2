-- One row per project as the PSA holds it: the contract it is done under (the project's own, else its sale's; of an amendment, the
-- contract it amends) and the most that may be billed under that contract: its cap and what its amendments add to it. Null: no cap. Takes the date up to which signatures count.
CREATE OR REPLACE VIEW project_terms AS
WITH
  named AS
  (
    SELECT
      p.key AS project_key,
      argMax(p.currency, p.version) AS currency,
      argMax(p.legal_entity, p.version) AS legal_entity,
      argMax(if(p.contract_key != '', p.contract_key, o.contract_key), p.version) AS named_key
    FROM project AS p FINAL
    LEFT JOIN (SELECT key, argMax(contract_key, version) AS contract_key FROM opportunity FINAL WHERE role = 'crm' AND is_deleted = 0 GROUP BY key) AS o
      ON o.key = p.opportunity_key AND p.opportunity_key != ''
    WHERE p.role = 'psa' AND p.is_deleted = 0
    GROUP BY p.key
  ),
  added AS
  (
    SELECT
      amends_key,
      sum(ifNull(cap, toDecimal64(0, 4))) AS amount
    FROM agreed_terms
    WHERE amends_key != '' AND is_signed = 1 AND signed_on <= {as_of:Date}
    GROUP BY amends_key
  )
SELECT
  n.project_key AS project_key,
  n.legal_entity AS legal_entity,
  n.currency AS currency,
  if(c.amends_key != '', c.amends_key, n.named_key) AS contract_key,
  -- a cap in another currency than the project's is not held against it
  if(r.currency IN (n.currency, ''), r.cap + a.amount, NULL) AS cap
FROM named AS n
LEFT JOIN agreed_terms AS c ON c.key = n.named_key
LEFT JOIN agreed_terms AS r ON r.key = contract_key
LEFT JOIN added AS a ON a.amends_key = contract_key
