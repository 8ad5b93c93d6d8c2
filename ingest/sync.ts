/**
 * Reads one stream: page by page into batches, each batch landed whole before the bookmark that covers it is stored. Whatever ends a
 * sync early, the next one goes on from the last bookmark and nothing is lost; records that come again change nothing.
 */
import { sayError } from "#core/errors";
import { newId } from "#core/ids";
import { log } from "#core/log";
import { type Clock, type Instant, instantOf, msOf } from "#core/time";
import { bookmarkOf, hasRaw, openRejects, syncHistory } from "#sql/queries/ingest";
import type { Store } from "#sql/store";
import { bookmarkTable, syncEventTable } from "#sql/tables";
import { type Bookmark, entitiesOf, type Stream } from "./connector.ts";
import { type Arrival, type Landing, land } from "./land.ts";
import { openLinks, relink } from "./links.ts";
import { possiblyStored } from "./lookup.ts";
import type { OpenSource } from "./open-source.ts";
import { watchDrift } from "./schema-drift.ts";
import { canSweep, listingOf, sweep } from "./sweep.ts";
import { versionOf } from "./translate.ts";

export interface SyncProgress {
  sourceId: string;
  stream: string;
  read: number;
  /** How many there are in all, when the source says. */
  total: number | null;
}

export interface SyncOptions {
  store: Store;
  source: OpenSource;
  stream: Stream;
  /**
   * `full` reads everything and looks for deletions; a stream never read before is always read in full. Any read that lists
   * everything looks for them.
   */
  mode: "incremental" | "full";
  clock: Clock;
  signal?: AbortSignal;
  onProgress?: (progress: SyncProgress) => void;
  /** A person has agreed that what is missing was deleted. */
  acceptDeletions?: boolean;
}

export interface SyncReport {
  sourceId: string;
  stream: string;
  syncId: string;
  mode: "incremental" | "full";
  read: number;
  mapped: number;
  rejected: number;
  deleted: number;
  /** Read again and found as they were. */
  unchanged: number;
  /** Everything the source committed up to here has been read; null when that cannot be said. */
  completeUntil: Instant | null;
  /** What the source does not let be seen, in a person's words; "" when there is nothing to say. */
  note: string;
}

const BATCH_RECORDS = 10_000;
/** A slow source's batch is stored after this long, so that an interruption costs little. */
const BATCH_MS = 20_000;

/** Sync one stream. Whatever goes wrong is recorded as the sync's failure, in a person's words, and thrown. */
export async function syncStream(options: SyncOptions): Promise<SyncReport> {
  const { store, source, stream, clock } = options;
  const at = { source_id: source.config.id, stream: stream.name };
  const [bookmark] = await store.query(bookmarkOf, at);
  const report: SyncReport = {
    sourceId: source.config.id,
    stream: stream.name,
    syncId: newId(),
    mode: options.mode === "full" || !bookmark ? "full" : "incremental",
    read: 0,
    mapped: 0,
    rejected: 0,
    deleted: 0,
    unchanged: 0,
    completeUntil: null,
    note: "",
  };
  const sentBefore = source.http.counts();
  const record = async (state: "started" | "finished" | "failed", error = "") => {
    const sent = source.http.counts();
    const row = {
      ...at,
      sync_id: report.syncId,
      at: instantOf(clock.now()),
      state,
      mode: report.mode,
      records_read: report.read,
      records_mapped: report.mapped,
      records_rejected: report.rejected,
      records_deleted: report.deleted,
      requests: sent.requests - sentBefore.requests,
      retries: sent.retries - sentBefore.retries,
      complete_until: report.completeUntil ?? instantOf(0),
      error,
      note: report.note,
    };
    await store.insert(syncEventTable, [row]);
  };
  // Asked before this sync adds to it.
  const [history] = await store.query(syncHistory, at);
  await record("started");
  try {
    await readStream(options, report, bookmark?.value ?? null, {
      lastFinishedAt: history?.finished_at ?? instantOf(0),
      lastCameToItsEnd: history?.is_last_finished === true,
    });
    await record("finished");
    return report;
  } catch (error) {
    const words = options.signal?.aborted
      ? "Reading was stopped; it goes on from here at its next turn."
      : sayError(error);
    // A bookmark may be further than this failure; how far the data is complete is what earlier syncs said.
    report.completeUntil = null;
    await record("failed", words).catch((unrecorded: unknown) =>
      log.error({ err: unrecorded, ...at }, "a failed sync could not be recorded"),
    );
    throw error;
  }
}

interface Before {
  lastFinishedAt: Instant;
  lastCameToItsEnd: boolean;
}

async function readStream(
  options: SyncOptions,
  report: SyncReport,
  bookmark: Bookmark | null,
  before: Before,
): Promise<void> {
  const { store, source, stream, clock, onProgress } = options;
  const signal = options.signal ?? new AbortController().signal;
  const landing = await openLanding(store, source, stream, clock, report.syncId);
  const startedAt = instantOf(clock.now());
  const drift = await watchDrift(store, source.config.id, stream, startedAt);
  const listing = listingOf(landing);

  let batch: Arrival[] = [];
  let resumeFrom: Bookmark | null = null;
  let batchSince = clock.now();
  /** The batch before is being stored while the next pages are fetched; one at a time, so bookmarks keep their order. */
  let storing: Promise<void> = Promise.resolve();
  const storeBatch = async (arrivals: readonly Arrival[], mark: Bookmark | null) => {
    const landed = await land(landing, arrivals);
    report.mapped += landed.mapped;
    report.rejected += landed.rejected;
    report.deleted += landed.deleted;
    report.unchanged += landed.unchanged;
    await drift.note(clock.now());
    if (mark !== null) await storeBookmark(landing, mark);
  };
  const flush = async () => {
    await storing;
    storing = storeBatch(batch, resumeFrom);
    // Its failure is met by whoever waits for it next.
    storing.catch(() => {});
    batch = [];
    resumeFrom = null;
    batchSince = clock.now();
  };

  const full = report.mode === "full";
  try {
    for await (const page of stream.read(bookmark, { full, signal })) {
      signal.throwIfAborted();
      const versions = page.records.map((payload) => versionOf(source.config.id, stream, payload));
      listing.add(page, versions);
      for (const version of versions) {
        drift.look(version.payload);
        batch.push({ version, completeBefore: report.completeUntil });
      }
      report.read += page.records.length;
      resumeFrom = page.bookmark ?? resumeFrom;
      report.completeUntil = later(report.completeUntil, page.completeUntil);
      report.note = page.note ?? report.note;
      if (batch.length >= BATCH_RECORDS || clock.now() - batchSince >= BATCH_MS) await flush();
      onProgress?.({
        sourceId: source.config.id,
        stream: stream.name,
        read: report.read,
        total: page.total ?? null,
      });
    }
    await flush();
  } finally {
    // Nothing may still be writing when this sync is recorded as finished or failed.
    await storing;
  }
  // Whatever a source says about its order, all that it had when a full read began has been read when it ends.
  if (full) report.completeUntil ??= startedAt;
  const listed = listing.whole();
  if (listed || (full && canSweep(stream)))
    report.deleted += (await sweep(landing, listed, signal, options.acceptDeletions === true)).deleted;
  if (landing.links.changed() || !before.lastCameToItsEnd) {
    const scope = { store, sourceId: source.config.id, role: source.config.role };
    for (const entity of entitiesOf(stream))
      await relink(scope, entity, before.lastFinishedAt, instantOf(clock.now()));
  }
}

/** What landing a stream's versions needs, for the length of one sync or replay. */
export async function openLanding(
  store: Store,
  source: OpenSource,
  stream: Stream,
  clock: Clock,
  syncId: string,
): Promise<Landing> {
  const sourceId = source.config.id;
  const at = { source_id: sourceId, stream: stream.name };
  const [stored] = await store.query(hasRaw, at);
  const rejects = await store.query(openRejects, at);
  return {
    store,
    clock,
    sourceId,
    role: source.config.role,
    stream,
    syncId,
    links: await openLinks({ store, sourceId, role: source.config.role }),
    openRejects: new Set(rejects.map((r) => r.native_id)),
    possibly: possiblyStored(stored?.is_there !== true),
  };
}

async function storeBookmark(
  { store, clock, sourceId, stream, syncId }: Landing,
  value: Bookmark,
): Promise<void> {
  const stored_at = instantOf(clock.now());
  await store.insert(bookmarkTable, [
    { source_id: sourceId, stream: stream.name, value, sync_id: syncId, stored_at },
  ]);
}

function later(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return msOf(b) > msOf(a) ? b : a;
}
