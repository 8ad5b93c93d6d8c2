/** What a conclusive run looked for and did not find failing any more: how much there is of it, and the events that say so. */
import { z } from "zod";
import { chCount, compiledQuery } from "#sql/query";

/** What never opened leaves without having been resolved. */
const NEVER_OPENED =
  "(e.status = 'suspected' OR (e.life = 'absorbed' AND e.last_opened_at = toDateTime64(0, 3, 'UTC')))";

/**
 * The exceptions that went: of the rules of whole sides or streams always, of the other rules among all keys or among those the run
 * looked at. What is merely waiting to settle, or held, has not gone.
 * Follows the exceptions, `e`.
 */
const GONE = `LEFT JOIN
(
  SELECT
    key,
    settling,
    waiting
  FROM finding
  WHERE comparison = {comparison:String} AND run_id = {run_id:String} AND (kind = 'pending' OR notEmpty(waiting))
) AS f ON f.key = e.key
WHERE e.comparison = {comparison:String}
  AND e.status IN ('suspected', 'open', 'acknowledged', 'snoozed', 'waived', 'absorbed', 'shadow')
  AND (e.rule IN {whole:Array(String)} OR (e.rule IN {rules:Array(String)} AND
    ({scope:String} = 'all' OR cityHash64(e.key) IN (SELECT arrayJoin(ks) FROM find_step WHERE run_id = {run_id:String}))))
  AND e.key NOT IN {held:Array(String)}
  AND e.id NOT IN (SELECT exception_id FROM verdict WHERE run_id = {run_id:String})
  AND NOT (f.key != '' AND f.settling = e.kind
    AND (f.settling != 'mismatch' OR e.field_group = '' OR hasAny(splitByChar('+', toString(e.field_group)), f.waiting)))`;

export const goneCounts = compiledQuery({
  name: "reconcile.gone",
  sql: `SELECT
  countIf(NOT ${NEVER_OPENED}) AS resolved,
  countIf(${NEVER_OPENED}) AS cleared
-- cheaper than the view, which says how severe each is, and the same ones: what stands in shadow stands open here
FROM exception_state AS e FINAL
${GONE}`,
  params: z.object({
    run_id: z.string(),
    comparison: z.string(),
    rules: z.array(z.string()),
    whole: z.array(z.string()),
    held: z.array(z.string()),
    scope: z.enum(["all", "touched"]),
  }),
  row: z.object({ resolved: chCount, cleared: chCount }),
});

/** Writes `resolved`, or `cleared` for what never opened: the particulars stay as they stand. Event ids are unique per run. */
export const END_GONE_SQL = `INSERT INTO exception_event (exception_id, at, event_id, type, actor, run_id, rule, rule_version, comparison, key, field_group, kind, severity, blocking, money, currency, money_reporting, project_key, customer_key, legal_entity, evidence, evidence_hash, assignee, note, until)
SELECT
  e.id,
  {at:DateTime64(3, 'UTC')},
  substring(lower(hex(SHA256(concat('event', e.id, {run_id:String})))), 1, 32),
  if(${NEVER_OPENED}, 'cleared', 'resolved'),
  {actor:String},
  {run_id:String},
  e.rule,
  e.rule_version,
  e.comparison,
  e.key,
  e.field_group,
  e.kind,
  e.severity,
  e.blocking,
  e.money,
  e.currency,
  e.money_reporting,
  e.project_key,
  e.customer_key,
  e.legal_entity,
  '',
  '',
  '',
  '',
  toDateTime64(0, 3, 'UTC')
FROM exception AS e
${GONE}`;
