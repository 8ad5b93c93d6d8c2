/**
 * How far each source can be trusted: everything it committed up to `asOf` has been read. A source is as old as its oldest stream,
 * since a comparison that lacks one stream is wrong about it.
 */
import type { SourceConfig } from "#core/config";
import { ROLE_NAMES } from "#core/roles";
import { type Clock, durationMs, type Instant, instantOf, msOf } from "#core/time";
import type { OpenSource } from "#ingest/registry";
import { type StreamFreshness, streamFreshness } from "#sql/queries/reconcile";
import type { Store } from "#sql/store";

const NEVER: Instant = "1970-01-01T00:00:00.000Z";

export interface SourceFreshness {
  id: string;
  /** What people call it: `NetSuite`. */
  name: string;
  role: SourceConfig["role"];
  roleName: string;
  /** 1970 when it has never been read whole. */
  asOf: Instant;
  state: "fresh" | "late" | "never";
  maxAgeMs: number;
  /** The newest failure's words when the newest attempt failed. */
  error: string;
}

interface Deps {
  store: Store;
  clock: Clock;
  sources: readonly OpenSource[];
}

export async function freshness({ store, clock, sources }: Deps): Promise<SourceFreshness[]> {
  const rows = await store.query(streamFreshness, {});
  return sources.map((source) => sourceFreshness(source, rows, clock.now()));
}

function sourceFreshness(
  { config, label, source }: OpenSource,
  rows: readonly StreamFreshness[],
  now: number,
): SourceFreshness {
  const own = rows.filter((r) => r.source_id === config.id);
  const unread = source.streams.some((s) => !own.some((r) => r.stream === s.name));
  const oldest = unread ? NEVER : (own.map((r) => r.complete_until).sort()[0] ?? NEVER);
  const maxAgeMs = durationMs(config.maxAge);
  return {
    id: config.id,
    name: label,
    role: config.role,
    roleName: ROLE_NAMES[config.role],
    asOf: oldest,
    state: oldest === NEVER ? "never" : now - msOf(oldest) > maxAgeMs ? "late" : "fresh",
    maxAgeMs,
    error: own.find((r) => r.last_state === "failed")?.last_error ?? "",
  };
}

/** Role → what people call the system that holds it, such as `NetSuite`. */
export function systemNames(sources: readonly OpenSource[]): Record<string, string> {
  return Object.fromEntries(sources.map((s) => [s.config.role, s.label]));
}

export function nowOf(clock: Clock): Instant {
  return instantOf(clock.now());
}
