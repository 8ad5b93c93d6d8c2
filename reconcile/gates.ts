/**
 * May anything be concluded at all? Streams that are too old or were never read, closed days for which source and store count
 * differently, and sides that are empty or lost more than half of their rows. A gate that does not hold makes what depends on it
 * inconclusive: nothing opens and nothing resolves.
 */
import type { PlumblineConfig } from "#core/config";
import type { Entity } from "#core/entities";
import { ROLE_NAMES } from "#core/roles";
import { addDays, durationMs, type Instant, instantOf, msOf, sayDuration } from "#core/time";
import { entitiesOf } from "#ingest/connector";
import { probeMismatches, type StreamFreshness, streamFreshness } from "#sql/queries/reconcile";
import type { Store } from "#sql/store";
import type { KnownSource } from "./applicable.ts";
import type { Comparison, Side } from "./comparison.ts";

/** The rules whose exceptions are no outcome of a comparison. Only the first two keep a run from concluding. */
export type GateRule = "SYS-01" | "SYS-02" | "SYS-04" | "SYS-05" | "SYS-06" | "SYS-07";

/** Something wrong with a source, a writer or a push, as its rule shows it. */
export interface GateFailure {
  rule: GateRule;
  /** `<source>|<stream>`, for SYS-02 with `|<day>`; the others say what theirs is made of (gates/). */
  key: string;
  sourceId: string;
  /** The stream, or the entity where no single stream is meant. */
  stream: string;
  message: string;
  /** What is affected; the stream alone when left out. */
  affected?: { count: number; keys: readonly string[]; nativeIds: readonly string[] };
  /** What makes it another failure than before; the message when left out. */
  evidence?: string;
}

export interface Gates {
  failures: readonly GateFailure[];
  /** Up to when each stream is completely read; absent when it never was. */
  completeUntil: ReadonlyMap<string, Instant>;
  /** The streams that feed a side, as `<source>|<stream>`. */
  streamsOf(side: Side): readonly string[];
}

/** Days a completeness probe is held against a source. */
const PROBE_DAYS = 7;

export async function readGates(
  store: Store,
  config: PlumblineConfig,
  now: number,
  sources?: readonly KnownSource[],
): Promise<Gates> {
  const read = await store.query(streamFreshness, {});
  const bySource = new Map(config.sources.map((s) => [s.id, s]));
  const known = new Map<string, StreamFreshness>(read.map((s) => [`${s.source_id}|${s.stream}`, s]));
  const failures: GateFailure[] = [];
  const completeUntil = new Map<string, Instant>();
  const expected = expectedStreams(config, read, sources);
  for (const { sourceId, stream } of expected) {
    const source = bySource.get(sourceId);
    if (!source) continue;
    const key = `${sourceId}|${stream}`;
    const name = source.name ?? sourceId;
    const state = known.get(key);
    const until = state && msOf(state.complete_until) > 0 ? state.complete_until : null;
    if (until !== null) completeUntil.set(key, until);
    const age = until === null ? null : now - msOf(until);
    if (age !== null && age <= durationMs(source.maxAge)) continue;
    const trouble =
      state?.last_state === "failed" && state.last_error
        ? ` The last attempt failed: ${state.last_error}`
        : "";
    failures.push({
      rule: "SYS-01",
      key,
      sourceId,
      stream,
      // The age in the message moves on; the evidence is that it is late.
      evidence: key,
      message:
        age === null
          ? `${stream} of ${name} has never been read completely.${trouble}`
          : `${stream} of ${name} was last read completely ${sayDuration(age)} ago; at most ${sayDuration(durationMs(source.maxAge))} is allowed.${trouble}`,
    });
  }
  for (const probe of await store.query(probeMismatches, {
    since: addDays(instantOf(now).slice(0, 10), -PROBE_DAYS),
  })) {
    const source = bySource.get(probe.source_id);
    if (!source) continue;
    failures.push({
      rule: "SYS-02",
      key: `${probe.source_id}|${probe.stream}|${probe.day}`,
      sourceId: probe.source_id,
      stream: probe.stream,
      message: `${source.name ?? probe.source_id} counts ${probe.source_count} records of ${probe.stream} for ${probe.day}, the store holds ${probe.store_count}.`,
    });
  }
  return {
    failures,
    completeUntil,
    streamsOf: (side) =>
      expected
        .filter(({ sourceId, entities }) => {
          const source = bySource.get(sourceId);
          return source?.role === side.role && (!entities || side.reads.some((e) => entities.includes(e)));
        })
        .map(({ sourceId, stream }) => `${sourceId}|${stream}`),
  };
}

/** Every stream that should be fresh: those of the open sources when they are known, else those ever read. */
function expectedStreams(
  config: PlumblineConfig,
  read: readonly StreamFreshness[],
  sources: readonly KnownSource[] | undefined,
): { sourceId: string; stream: string; entities?: readonly Entity[] }[] {
  if (sources)
    return sources.flatMap((s) =>
      s.source.streams.map((t) => ({ sourceId: s.config.id, stream: t.name, entities: entitiesOf(t) })),
    );
  return config.sources.flatMap((s) => {
    const streams = read
      .filter((r) => r.source_id === s.id)
      .map((r) => ({ sourceId: s.id, stream: r.stream }));
    return streams.length > 0 ? streams : [{ sourceId: s.id, stream: "(all)" }];
  });
}

export interface AsOf {
  left: Instant | null;
  right: Instant | null;
}

/** Up to when both sides of a comparison are completely read: the oldest of the streams that feed each. */
export function asOf(gates: Gates, comparison: Comparison): AsOf {
  const oldest = (side: Side): Instant | null => {
    const times = gates.streamsOf(side).map((s) => gates.completeUntil.get(s));
    const known = times.filter((t) => t !== undefined).sort();
    return known.length === times.length ? (known[0] ?? null) : null;
  };
  return { left: oldest(comparison.left), right: oldest(comparison.right) };
}

/** Why a comparison cannot be concluded now, or null; of one that applies (see applicable.ts). */
export function heldBack(gates: Gates, comparison: Comparison): { why: string; detail: string } | null {
  for (const side of [comparison.left, comparison.right]) {
    const streams = gates.streamsOf(side);
    const failure = gates.failures.find((f) => streams.includes(`${f.sourceId}|${f.stream}`));
    if (failure)
      return {
        why: failure.rule === "SYS-01" ? "stale_source" : "incomplete_source",
        detail: failure.message,
      };
  }
  return null;
}

/** Rows a side may lose before a loss of more than half is suspicious: among a handful, losing a few says nothing. */
const FEW_ROWS = 10;

export interface SideRows {
  left: number;
  right: number;
}

/** The side that is suspiciously empty or has shrunk by more than half since the last conclusive run, or null. */
export function shrunkSide(
  comparison: Comparison,
  rows: SideRows,
  before: SideRows | null,
): { side: Side; why: "empty_side" | "shrunk_side"; detail: string } | null {
  for (const which of ["left", "right"] as const) {
    const side = comparison[which];
    const other = which === "left" ? rows.right : rows.left;
    const last = before?.[which] ?? 0;
    const name = `${ROLE_NAMES[side.role]} (${side.noun})`;
    if (rows[which] === 0 && (other >= FEW_ROWS || last >= FEW_ROWS))
      return {
        side,
        why: "empty_side",
        detail: `The ${name} side is empty while the other has ${other} rows${last > 0 ? ` and it had ${last} itself before` : ""}.`,
      };
    if (last >= FEW_ROWS && rows[which] * 2 < last)
      return {
        side,
        why: "shrunk_side",
        detail: `The ${name} side went from ${last} rows to ${rows[which]}.`,
      };
  }
  return null;
}
