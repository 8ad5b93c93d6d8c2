-- One row per project as the PSA holds it: the contract it is done under (see base_project_contract) and the most that may be billed
-- under that contract: its cap and what its amendments add to it. Null: no cap, or none signed yet. Takes the date up to which
-- signatures count.
CREATE OR REPLACE VIEW project_terms AS
WITH
  named AS
  (
    SELECT
      base_project_contract.project_key AS project_key,
      base_project_contract.legal_entity AS legal_entity,
      base_project_contract.currency AS currency,
      base_project_contract.contract_key AS contract_key
    FROM base_project_contract
  ),
  signed AS
  (
    SELECT
      key,
      amends_key,
      currency,
      cap
    FROM agreed_terms
    WHERE is_signed = 1 AND signed_on <= {as_of:Date}
  ),
  added AS
  (
    SELECT
      amends_key,
      sum(ifNull(cap, toDecimal64(0, 4))) AS amount
    FROM signed
    WHERE amends_key != ''
    GROUP BY amends_key
  )
SELECT
  n.project_key AS project_key,
  n.legal_entity AS legal_entity,
  n.currency AS currency,
  n.contract_key AS contract_key,
  -- a cap in another currency than the project's is not held against it
  if(r.key != '' AND r.currency IN (n.currency, ''), r.cap + a.amount, NULL) AS cap
FROM named AS n
LEFT JOIN signed AS r ON r.key = n.contract_key
LEFT JOIN added AS a ON a.amends_key = n.contract_key
