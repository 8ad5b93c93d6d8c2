/**
 * Which time lines are beyond their contract's cap, measured once per round of runs and kept: the running sum over a contract's work
 * is the one part of pricing that needs every line of it.
 */
import type { Instant } from "#core/time";
import { hasCaps } from "#sql/queries/pricing";
import type { Store } from "#sql/store";

/** Writes only what changed since the last measurement. Where no contract has a cap, no time line is read. */
const MEASURE_SQL = `INSERT INTO over_cap_time (role, source_id, native_id, within, is_over, at)
SELECT
  role,
  source_id,
  native_id,
  sumIf(within, is_now = 1) AS still_within,
  max(is_now) AS is_over,
  {at:DateTime64(3, 'UTC')}
FROM
(
  SELECT role, source_id, native_id, toDecimal128(within, 8) AS within, 1 AS is_now
  FROM over_cap_now(as_of = {as_of:Date})
  UNION ALL
  SELECT role, source_id, native_id, within, 0 AS is_now
  FROM over_cap_time FINAL
  WHERE is_over = 1
)
GROUP BY role, source_id, native_id
HAVING count() = 1 OR min(within) != max(within)`;

/** @param at a moment later than that of every measurement before: of two, the later counts */
export async function measureCaps(store: Store, at: Instant): Promise<void> {
  const known = (await store.query(hasCaps, {}))[0];
  if (known?.has_caps || known?.has_lines) await store.command(MEASURE_SQL, { at, as_of: at.slice(0, 10) });
}
