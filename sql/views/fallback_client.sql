-- One row per client as a system holds it, for finding the one that is probably the same where the agreed key finds none. `name` is
-- without the words for a legal form at its end, which one system writes out, another shortens and a third leaves away; a tax number
-- without a number in it ("N/A", "0") is none.
CREATE OR REPLACE VIEW fallback_client AS
SELECT
  'customer' AS entity,
  c.role AS role,
  c.source_id AS source_id,
  c.native_id AS native_id,
  c.key AS key,
  c.k AS k,
  c.key AS link_key,
  c.k AS link_k,
  concat(c.name, if(c.is_active = 0, ' (inactive)', '')) AS called,
  replaceRegexpOne(
    replaceAll(c.name, '.', ''),
    '(?i)([\\s,]+(&|and|und|et|co|company|ltd|limited|llc|llp|lp|plc|inc|incorporated|corp|corporation|gmbh|mbh|ag|se|kg|kgaa|ohg|ug|eg|sa|sas|sarl|sà rl|snc|srl|spa|sl|slu|bv|nv|ab|as|asa|aps|oy|oyj|sp z oo|sro|pty|pte|kk))+\\s*$',
    ''
  ) AS name,
  if(match(c.tax_number, '[1-9]'), c.tax_number, '') AS tax_number,
  toString(c.legal_entity) AS legal_entity
FROM customer AS c FINAL
WHERE c.is_deleted = 0
