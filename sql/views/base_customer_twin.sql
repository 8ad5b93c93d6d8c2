-- One row per group of active customers in the ERP that may be one and the same: of one tax number, or of one name in one legal entity.
-- A group by name is left out where all of it has the same tax number, which is a group already. Groups of one are kept: they are fine.
CREATE OR REPLACE VIEW base_customer_twin AS
WITH
  records AS
  (
    SELECT
      native_id,
      source_id,
      key,
      changed_at,
      name,
      legal_entity,
      currency,
      upperUTF8(replaceRegexpAll(tax_number, '[^0-9A-Za-z]', '')) AS tax,
      lowerUTF8(trimBoth(replaceRegexpAll(normalizeUTF8NFKC(name), '\\s+', ' '))) AS spelled
    FROM customer FINAL
    WHERE role = 'erp' AND is_deleted = 0 AND is_active = 1
  )
SELECT
  group_key AS key,
  count() AS records,
  max(changed_at) AS changed_at,
  any(source_id) AS source_id,
  arraySort(groupArray(native_id)) AS native_ids,
  minIf(records.key, NOT startsWith(records.key, 'unlinked:')) AS customer_key,
  min(legal_entity) AS legal_entity,
  min(currency) AS currency,
  arrayStringConcat(arraySort(groupArray(concat(name, ' (', native_id, ')'))), ', ') AS names
FROM
(
  SELECT *, concat('tax:', tax) AS group_key
  FROM records
  WHERE tax != ''
  UNION ALL
  SELECT *, concat('name:', spelled, '|', toString(legal_entity)) AS group_key
  FROM records
  WHERE spelled != ''
) AS records
GROUP BY group_key
HAVING startsWith(group_key, 'tax:') OR count() = 1 OR uniqExact(tax) > 1 OR min(tax) = ''
