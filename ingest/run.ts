/**
 * Reads all sources: side by side, each one's streams in their order, because what others refer to comes first. Trouble with one
 * source or stream leaves the others alone and is told in the report.
 */
import { AppError, RequestError, sayError } from "#core/errors";
import { log } from "#core/log";
import { type Clock, msOf } from "#core/time";
import { syncHistory } from "#sql/queries/ingest";
import type { Store } from "#sql/store";
import type { CheckResult, Stream } from "./connector.ts";
import type { OpenSource } from "./open-source.ts";
import { dueProbes, type Probe, probeDay } from "./probe.ts";
import { canSweep } from "./sweep.ts";
import { type SyncProgress, type SyncReport, syncStream } from "./sync.ts";

export interface IngestOptions {
  clock: Clock;
  /** One source; all when left out. */
  sourceId?: string;
  /** One stream; all when left out. */
  stream?: string;
  /** `auto` looks for deletions once a day and reads what changed otherwise. */
  mode?: "auto" | "incremental" | "full";
  signal?: AbortSignal;
  onProgress?: (progress: SyncProgress) => void;
  acceptDeletions?: boolean;
}

export type StreamOutcome =
  | { sourceId: string; stream: string; ok: true; report: SyncReport; probes: Probe[] }
  | { sourceId: string; stream: string; ok: false; code: string; error: string };

export interface IngestReport {
  streams: StreamOutcome[];
  /** Whether every stream was read to its end. */
  ok: boolean;
}

/** Deletions are looked for this often, and after a failure not before a while has passed. */
const FULL_EVERY_MS = 24 * 3_600_000;
const FULL_AGAIN_MS = 3_600_000;

/** Read what the sources have. Throws only RequestError (no such source or stream) and the signal's reason. */
export async function ingestAll(
  store: Store,
  sources: readonly OpenSource[],
  options: IngestOptions,
): Promise<IngestReport> {
  const chosen = sources.filter((s) => options.sourceId === undefined || s.config.id === options.sourceId);
  if (chosen.length === 0)
    throw new RequestError("ingest.no-source", `No source ${options.sourceId}`, {
      userMessage: `There is no source "${options.sourceId}". Configured: ${sources.map((s) => s.config.id).join(", ")}.`,
    });
  const { stream } = options;
  if (stream !== undefined && !chosen.some((s) => s.source.streams.some((known) => known.name === stream)))
    throw new RequestError("ingest.no-stream", `No stream ${stream}`, {
      userMessage: `There is no stream "${stream}". There are: ${chosen.flatMap((s) => s.source.streams.map((k) => k.name)).join(", ")}.`,
    });
  const outcomes = await Promise.all(chosen.map((source) => ingestSource(store, source, options)));
  options.signal?.throwIfAborted();
  const streams = outcomes.flat();
  return { streams, ok: streams.every((s) => s.ok) };
}

async function ingestSource(
  store: Store,
  source: OpenSource,
  options: IngestOptions,
): Promise<StreamOutcome[]> {
  const outcomes: StreamOutcome[] = [];
  const sourceId = source.config.id;
  const streams = source.source.streams.filter((s) => (options.stream ?? s.name) === s.name);
  for (const [n, stream] of streams.entries()) {
    if (options.signal?.aborted) break;
    const at = { sourceId, stream: stream.name };
    try {
      outcomes.push({ ...at, ok: true, ...(await ingestStream(store, source, stream, options)) });
    } catch (error) {
      log.warn({ err: error, ...at }, "a stream could not be read");
      const code = error instanceof AppError ? error.code : "unexpected";
      const failed = { ok: false as const, code, error: sayError(error) };
      outcomes.push({ ...at, ...failed });
      if (!(error instanceof AppError)) continue;
      // Wrong credentials fail the same way for every stream, and trying them often can lock an account.
      if (error.recovery === "reconfigure") break;
      // A system that is not there would make each stream wait through all its tries.
      if (error.context.reached === false) {
        outcomes.push(...streams.slice(n + 1).map((s) => ({ sourceId, stream: s.name, ...failed })));
        break;
      }
    }
  }
  return outcomes;
}

async function ingestStream(
  store: Store,
  source: OpenSource,
  stream: Stream,
  options: IngestOptions,
): Promise<{ report: SyncReport; probes: Probe[] }> {
  const { clock, signal, onProgress, acceptDeletions } = options;
  const wanted = options.mode ?? "auto";
  const mode = wanted === "auto" ? await dueMode(store, source, stream, clock) : wanted;
  const sync = (how: "incremental" | "full") =>
    syncStream({
      store,
      source,
      stream,
      mode: how,
      clock,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
      ...(acceptDeletions === undefined ? {} : { acceptDeletions }),
    });
  const report = await sync(mode);
  const probes: Probe[] = [];
  for (const day of await dueProbes(store, source, stream, clock, report.completeUntil)) {
    const probe = await probeDay(store, source, stream, clock, day, async () => {
      await sync("incremental");
    });
    if (probe) probes.push(probe);
  }
  return { report, probes };
}

async function dueMode(
  store: Store,
  source: OpenSource,
  stream: Stream,
  clock: Clock,
): Promise<"incremental" | "full"> {
  if (!canSweep(stream)) return "incremental";
  const [history] = await store.query(syncHistory, { source_id: source.config.id, stream: stream.name });
  if (!history) return "full";
  const now = clock.now();
  const isDue = now - msOf(history.full_finished_at) >= FULL_EVERY_MS;
  const mayTry = now - msOf(history.full_started_at) >= FULL_AGAIN_MS;
  return isDue && mayTry ? "full" : "incremental";
}

export interface SourceCheck {
  sourceId: string;
  label: string;
  ok: boolean;
  results: CheckResult[];
}

/** Try every source's connection and what its configuration names. Trouble is a result, not an error. */
export async function checkSources(sources: readonly OpenSource[]): Promise<SourceCheck[]> {
  return Promise.all(
    sources.map(async ({ config, label, source }) => {
      const results = await source
        .check()
        .catch((error: unknown) => [{ what: "Connection", ok: false, message: sayError(error) }]);
      return { sourceId: config.id, label, ok: results.every((r) => r.ok), results };
    }),
  );
}
