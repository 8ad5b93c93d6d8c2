/**
 * How long raw records are kept. A version that a newer one has replaced goes when it is older than the configuration says; the
 * newest version of every record stays for ever, because everything after the raw log can be rebuilt from it.
 */
import { type Clock, chTime } from "#core/time";
import type { Store } from "#sql/store";

/** Drops replaced raw versions that were read more than `rawDays` days ago. The engine does it in the background. */
export async function pruneRaw(store: Store, clock: Clock, rawDays: number): Promise<void> {
  await store.command(
    `DELETE FROM raw_record
WHERE fetched_at < {before:DateTime64(3, 'UTC')}
  AND (source_id, stream, native_id, raw_id) NOT IN
  (
    SELECT source_id, stream, native_id, argMax(raw_id, (changed_at, fetched_at))
    FROM raw_record
    GROUP BY source_id, stream, native_id
  )`,
    { before: chTime(clock.now() - rawDays * 86_400_000) },
  );
}
