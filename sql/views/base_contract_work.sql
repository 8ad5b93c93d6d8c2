-- One row per signed contract that has projects: the contract, and the projects worked under it as a list.
CREATE OR REPLACE VIEW base_contract_work AS
SELECT
  c.key AS key,
  c.k AS k,
  c.source_id AS source_id,
  c.native_id AS native_id,
  c.changed_at AS changed_at,
  c.number AS number,
  c.legal_entity AS legal_entity,
  c.currency AS currency,
  c.ends_on AS ends_on,
  c.cap AS cap,
  w.customer_key AS customer_key,
  w.projects AS projects,
  w.source_id AS project_source_id,
  w.native_id AS project_native_id,
  w.linked_at AS linked_at
FROM base_contract AS c
INNER JOIN
(
  SELECT
    base_project_contract.contract_key AS contract_key,
    min(base_project_contract.customer_key) AS customer_key,
    arrayStringConcat(arraySort(groupArray(project_key)), ',') AS projects,
    min(base_project_contract.source_id) AS source_id,
    min(base_project_contract.native_id) AS native_id,
    max(base_project_contract.linked_at) AS linked_at
  FROM base_project_contract
  WHERE base_project_contract.contract_key != ''
  GROUP BY contract_key
) AS w ON w.contract_key = c.key
