-- rules.escalations: one row per legal entity, from when on an exception counts as one severity higher
SELECT
  legal_entity,
  money,
  opened_before,
  is_cutoff_near
FROM escalation FINAL
