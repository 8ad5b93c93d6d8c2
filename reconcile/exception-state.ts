/**
 * Keeps the table `exception_state` up with the events of exceptions, which are the truth: whoever writes events folds the exceptions
 * they are about anew. A fold that was cut off, or events written by other means, are caught up with by `refreshExceptions`. Folding
 * twice, or two at once, does no harm: the row folded from more events is the one that counts.
 */
import { exceptionsBehind } from "#sql/queries/reconcile";
import type { Store } from "#sql/store";

/**
 * Streams: events are read in the order they are stored in, so that only a block of exceptions is held in memory at a time; small
 * blocks, because every exception brings its evidence.
 */
const fold = (ids: string): string => `INSERT INTO exception_state
SELECT *
FROM exception_fold
WHERE id IN ${ids}
SETTINGS optimize_aggregation_in_order = 1, max_threads = 1, max_block_size = 2048,
  aggregation_in_order_max_block_bytes = 4000000, min_insert_block_size_bytes = 67108864`;

const OF_IDS = fold("{ids:Array(String)}");
const OF_RUN = fold("(SELECT exception_id FROM exception_event WHERE run_id = {run_id:String})");
const BEHIND = fold(`
(
  SELECT e.exception_id
  FROM
  (
    SELECT
      exception_id,
      uniqExact(at, event_id) AS events
    FROM exception_event
    GROUP BY exception_id
  ) AS e
  LEFT JOIN (SELECT id, events FROM exception_state FINAL) AS s ON s.id = e.exception_id
  WHERE e.events > s.events
)`);

/** Folds the exceptions a person has acted on. */
export async function refreshActedOn(store: Store, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await store.command(OF_IDS, { ids: [...ids] });
}

/** Folds the exceptions a run has written events of. */
export async function refreshAfterRun(store: Store, runId: string): Promise<void> {
  await store.command(OF_RUN, { run_id: runId });
}

/**
 * Folds every exception that has events its row does not know of: after a process died between the two, after events were written
 * by other means, or after the table was emptied. Costs next to nothing when there are none.
 */
export async function refreshExceptions(store: Store): Promise<void> {
  const [row] = await store.query(exceptionsBehind, {});
  if (row?.is_behind) await store.command(BEHIND);
}
