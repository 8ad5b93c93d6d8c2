-- One row per project in the ERP, whatever its state: present until deleted, `open` while active.
CREATE OR REPLACE VIEW side_erp_project_status AS
SELECT
  key,
  k,
  (is_deleted = 0) AS present,
  changed_at,
  source_id,
  native_id,
  if(is_active = 1, 'open', 'closed') AS status,
  key AS project_key,
  customer_key,
  legal_entity,
  currency,
  name AS project_name,
  p.status AS stage
FROM project AS p FINAL
WHERE role = 'erp'
