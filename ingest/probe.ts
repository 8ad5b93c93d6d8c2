/**
 * The completeness probe: for closed days, the source's own count of the records that last changed then against the store's. It notices
 * what no cursor can, such as records that a permission hides from reading but not from counting.
 */
import { addDays, type Clock, type Instant, type IsoDate, instantOf, msOf } from "#core/time";
import { probesOf, rawCount } from "#sql/queries/ingest";
import type { Store } from "#sql/store";
import { probeTable } from "#sql/tables";
import type { Stream } from "./connector.ts";
import type { OpenSource } from "./open-source.ts";
import { KEYLESS } from "./translate.ts";

export interface Probe {
  day: IsoDate;
  sourceCount: bigint;
  storeCount: bigint;
}

/** Days back from today that are probed, each once a day and again while it does not agree. */
const DAYS = 3;
const AGAIN_AFTER_MS = 3_600_000;

/** The closed days of a stream that are due for a probe. `completeUntil`: how far it has been read. */
export async function dueProbes(
  store: Store,
  source: OpenSource,
  stream: Stream,
  clock: Clock,
  completeUntil: Instant | null,
): Promise<IsoDate[]> {
  if (!stream.countOn || completeUntil === null) return [];
  const now = clock.now();
  const today = instantOf(now).slice(0, 10);
  const from_day = addDays(today, -DAYS);
  const probes = await store.query(probesOf, { source_id: source.config.id, stream: stream.name, from_day });
  const done = new Map(probes.map((p) => [p.day, p]));
  const days: IsoDate[] = [];
  for (let day = from_day; day < today; day = addDays(day, 1)) {
    if (msOf(completeUntil) < Date.parse(`${addDays(day, 1)}T00:00:00Z`)) continue;
    const probe = done.get(day);
    const agreed = probe !== undefined && probe.source_count === probe.store_count;
    const wait = agreed ? 24 * AGAIN_AFTER_MS : AGAIN_AFTER_MS;
    if (!probe || now - msOf(probe.at) >= wait) days.push(day);
  }
  return days;
}

/**
 * Count one day on both sides and keep the result. A record that changes while it is counted moves to today in the source first, so
 * a difference is counted once more after `readOn` has brought the store up to date.
 */
export async function probeDay(
  store: Store,
  source: OpenSource,
  stream: Stream,
  clock: Clock,
  day: IsoDate,
  readOn: () => Promise<void>,
): Promise<Probe | null> {
  const countOn = stream.countOn?.bind(stream);
  if (!countOn) return null;
  const count = async (): Promise<Probe> => {
    const sourceCount = await countOn(day);
    const params = { source_id: source.config.id, stream: stream.name, keyless: KEYLESS, day };
    const [row] = await store.query(rawCount, params);
    return { day, sourceCount, storeCount: BigInt(row?.records ?? "0") };
  };
  let probe = await count();
  if (probe.sourceCount !== probe.storeCount) {
    await readOn();
    probe = await count();
  }
  await store.insert(probeTable, [
    {
      source_id: source.config.id,
      stream: stream.name,
      day,
      at: instantOf(clock.now()),
      source_count: String(probe.sourceCount),
      store_count: String(probe.storeCount),
    },
  ]);
  return probe;
}
