/** SYS-04: who changed what another system is right about. One failure per source, field and writer. */
import type { PlumblineConfig } from "#core/config";
import { chTime, instantOf } from "#core/time";
import { type FieldWriter, fieldWriters } from "#sql/queries/integrity";
import type { Store } from "#sql/store";
import type { GateFailure } from "../gates.ts";
import { fieldsOfOthers } from "./watched.ts";

/** How far back changes are looked at. */
export const WRITER_DAYS = 7;
const DAY_MS = 86_400_000;

export async function unknownWriters(
  store: Store,
  config: PlumblineConfig,
  now: number,
): Promise<GateFailure[]> {
  const since = chTime(now - WRITER_DAYS * DAY_MS);
  const watched = fieldsOfOthers(config, instantOf(now).slice(0, 10));
  return judgeWriters(config, await store.query(fieldWriters, { since, watched }));
}

/** Of those who changed such fields, the ones nobody listed as known: where there is no list, all but integrations. */
export function judgeWriters(
  config: Pick<PlumblineConfig, "sources">,
  writers: readonly FieldWriter[],
): GateFailure[] {
  return writers.flatMap((w): GateFailure[] => {
    const source = config.sources.find((s) => s.id === w.source_id);
    if (!source) return [];
    const isKnown =
      source.knownWriters.length > 0 ? source.knownWriters.includes(w.actor) : w.actor_kind === "integration";
    if (isKnown) return [];
    const who = w.actor === "" ? "A writer its change log does not name" : `“${w.actor}”`;
    const times = w.changes === 1 ? "once" : `${w.changes} times`;
    return [
      {
        rule: "SYS-04",
        key: `${w.source_id}|${w.entity}|${w.field}|${w.actor}`,
        sourceId: w.source_id,
        stream: w.entity,
        message: `${who} changed ${sayName(w.field)} of ${sayName(w.entity)} records in ${source.name ?? source.id} ${times} in ${WRITER_DAYS} days, though another system is right about it. If that is meant, name the writer under knownWriters of this source; otherwise the change belongs into the system of record.`,
        affected: { count: w.changes, keys: w.native_ids, nativeIds: w.native_ids },
        evidence: `${w.changes} until ${w.newest_at}`,
      },
    ];
  });
}

/** "start_on" → "start on", "project_ref" → "project". */
export const sayName = (field: string) => field.replace(/_ref$/, "").replaceAll("_", " ");
