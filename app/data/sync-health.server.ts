/** How complete and fresh the data is, stream by stream, and what could not be understood. */
import { chTime, type Instant, instantOf, msOf } from "#core/time";
import { type StreamFreshness, streamFreshness } from "#sql/queries/reconcile";
import {
  openRejects,
  probeSummary,
  rejectCounts,
  type StreamHealthRow,
  schemaNotices,
  streamHealth,
} from "#sql/queries/sync-health";
import type { Services } from "../services.server.ts";
import { freshness, type SourceFreshness } from "./freshness.server.ts";

const DAY_MS = 86_400_000;
const PROBED_DAYS = 35;
const REJECTS_SHOWN = 50;
const NEVER: Instant = "1970-01-01T00:00:00.000Z";

export interface StreamHealth {
  stream: string;
  asOf: Instant;
  state: SourceFreshness["state"];
  lastGoodAt: Instant;
  lastFullAt: Instant;
  reading: boolean;
  /** The newest attempt's words when it failed after the last good one. */
  error: string;
  /** What the source does not let be seen here, in a person's words; "" when there is nothing to say. */
  note: string;
  read: number;
  requests: number;
  retries: number;
  failures: number;
  attempts: number;
  rejects: number;
  /** Counted in the source and in the store over the probed days; null when none was probed. */
  probe: { days: number; different: number; inSource: number; inStore: number; differentOn: string } | null;
}

/** Of the whole page; `source` and `stream` narrow the rejected records. */
export async function syncHealth(services: Services, filter: { source: string; stream: string }) {
  const { store, clock, sources } = services;
  const now = clock.now();
  const [fresh, known, rows, counts, probes, notices, rejects] = await Promise.all([
    freshness(services),
    store.query(streamFreshness, {}),
    store.query(streamHealth, { since: chTime(now - DAY_MS) }),
    store.query(rejectCounts, {}),
    store.query(probeSummary, { from: instantOf(now - PROBED_DAYS * DAY_MS).slice(0, 10) }),
    store.query(schemaNotices, {}),
    store.query(openRejects, { source_id: filter.source, stream: filter.stream, limit: REJECTS_SHOWN }),
  ]);
  const at = <T extends { source_id: string; stream: string }>(
    list: readonly T[],
    source: string,
    stream: string,
  ) => list.find((r) => r.source_id === source && r.stream === stream);
  return {
    sources: fresh.map((source) => {
      const configured =
        sources.find((s) => s.config.id === source.id)?.source.streams.map((s) => s.name) ?? [];
      const read = rows.filter((r) => r.source_id === source.id).map((r) => r.stream);
      const names = [...new Set([...configured, ...read])];
      return {
        ...source,
        streams: names.map((stream) =>
          streamOf(stream, source, at(rows, source.id, stream), {
            now,
            known: at(known, source.id, stream),
            rejects: at(counts, source.id, stream)?.open ?? 0,
            probe: at(probes, source.id, stream),
          }),
        ),
      };
    }),
    notices,
    rejects: rejects.map((r) => ({ ...r, payload: readable(r.payload) })),
    rejectTotal: rejects[0]?.total ?? 0,
    probedDays: PROBED_DAYS,
    filter,
  };
}
export type SyncHealth = Awaited<ReturnType<typeof syncHealth>>;

function streamOf(
  stream: string,
  source: SourceFreshness,
  row: StreamHealthRow | undefined,
  more: {
    now: number;
    known: StreamFreshness | undefined;
    rejects: number;
    probe:
      | { days: number; days_different: number; in_source: number; in_store: number; different_on: string }
      | undefined;
  },
): StreamHealth {
  const asOf = more.known?.complete_until ?? NEVER;
  return {
    stream,
    asOf,
    state: asOf === NEVER ? "never" : more.now - msOf(asOf) > source.maxAgeMs ? "late" : "fresh",
    lastGoodAt: row?.finished_at ?? NEVER,
    lastFullAt: row?.full_at ?? NEVER,
    reading: row?.last_state === "started",
    error: row && row.failed_at > row.finished_at ? row.last_error : "",
    note: row?.last_note ?? "",
    read: row?.records_read ?? 0,
    requests: row?.requests ?? 0,
    retries: row?.retries ?? 0,
    failures: row?.failures ?? 0,
    attempts: row?.attempts ?? 0,
    rejects: more.rejects,
    probe: more.probe
      ? {
          days: more.probe.days,
          different: more.probe.days_different,
          inSource: more.probe.in_source,
          inStore: more.probe.in_store,
          differentOn: more.probe.different_on,
        }
      : null,
  };
}

/** The payload indented for reading; as it came when it is not JSON, which may be why it was rejected. */
function readable(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
