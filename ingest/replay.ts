/**
 * Builds the canonical state anew from the raw log: after a mapping was changed, and to try open rejects again. No vendor is called.
 * Doing it twice gives the same state.
 */
import { ENTITIES } from "#core/entities";
import { newId } from "#core/ids";
import { type Clock, chTime, instantOf } from "#core/time";
import { hasKeys, openRejects, rawAll } from "#sql/queries/ingest";
import type { Store } from "#sql/store";
import { rejectTable } from "#sql/tables";
import { entitiesOf, type Stream } from "./connector.ts";
import { endLeftOver, touchLeftOver } from "./entity-sql.ts";
import { bringIn, closedReject, type Landing, land, storedVersion, storedVersions } from "./land.ts";
import { relink } from "./links.ts";
import type { OpenSource } from "./open-source.ts";
import { openLanding } from "./sync.ts";
import { KEYLESS, type Version, versionOf } from "./translate.ts";

export interface ReplayReport {
  sourceId: string;
  stream: string;
  versions: number;
  mapped: number;
  rejected: number;
}

export interface ReplayOptions {
  store: Store;
  source: OpenSource;
  clock: Clock;
  /** One stream; all of the source's when left out. */
  stream?: string;
  signal?: AbortSignal;
}

const BATCH_VERSIONS = 10_000;

/** Translate every stored version again. Records that the mapping no longer gives are ended. */
export async function replay(options: ReplayOptions): Promise<ReplayReport[]> {
  const { store, source, clock } = options;
  const before = instantOf(clock.now());
  const streams = chosen(options);
  const reports: ReplayReport[] = [];
  for (const stream of streams) reports.push(await replayStream(options, stream));
  const params = {
    source_id: source.config.id,
    role: source.config.role,
    streams: streams.map((s) => s.name),
    before: chTime(before),
    seen_at: chTime(instantOf(clock.now())),
  };
  for (const entity of ENTITIES) {
    const [row] = await store.query(hasKeys, { source_id: source.config.id, entity });
    if (row?.is_there !== true) continue;
    await store.command(touchLeftOver(entity), params);
    await store.command(endLeftOver(entity), params);
  }
  return reports;
}

async function replayStream(options: ReplayOptions, stream: Stream): Promise<ReplayReport> {
  const { store, source, clock } = options;
  const landing = await openLanding(store, source, stream, clock, newId());
  const at = { source_id: source.config.id, stream: stream.name };
  const before = instantOf(clock.now());
  const report = { sourceId: source.config.id, stream: stream.name, versions: 0, mapped: 0, rejected: 0 };
  let batch: Version[] = [];
  const flush = async () => {
    const brought = await bringInAgain(landing, batch);
    report.versions += batch.length;
    report.mapped += brought.mapped;
    report.rejected += brought.rejected;
    batch = [];
  };
  for await (const row of store.stream(rawAll, at, options.signal ? { signal: options.signal } : {})) {
    batch.push(storedVersion(row));
    if (batch.length >= BATCH_VERSIONS) await flush();
  }
  await flush();
  await finish(landing, before);
  return report;
}

/** Try a stream's open rejects again. Returns how many were understood this time. */
export async function replayRejects(options: ReplayOptions): Promise<ReplayReport[]> {
  const { store, source, clock } = options;
  const reports: ReplayReport[] = [];
  for (const stream of chosen(options)) {
    const at = { source_id: source.config.id, stream: stream.name };
    const open = new Set((await store.query(openRejects, at)).map((r) => r.native_id));
    const landing = await openLanding(store, source, stream, clock, newId());
    const before = instantOf(clock.now());
    const versions = await storedVersions(landing, open);
    const { mapped, rejected } = await bringInAgain(landing, versions);
    await finish(landing, before);
    reports.push({ sourceId: at.source_id, stream: at.stream, versions: versions.length, mapped, rejected });
  }
  return reports;
}

/** Bring in stored versions once more; those that had no id are identified again first. */
async function bringInAgain(
  landing: Landing,
  versions: readonly Version[],
): Promise<{ mapped: number; rejected: number }> {
  const identified: Version[] = [];
  const found: { keyless: string; version: Version }[] = [];
  for (const version of versions) {
    const again = version.nativeId.startsWith(KEYLESS)
      ? versionOf(landing.sourceId, landing.stream, version.payload)
      : version;
    if (again.nativeId === version.nativeId) identified.push(version);
    else found.push({ keyless: version.nativeId, version: again });
  }
  const before = await storedVersions(landing, new Set(identified.map((v) => v.nativeId)));
  const { mapped, rejected } = await bringIn(landing, identified, before);
  if (found.length === 0) return { mapped, rejected };
  const landed = await land(
    landing,
    found.map(({ version }) => ({ version, completeBefore: null })),
  );
  const now = instantOf(landing.clock.now());
  await landing.store.insert(
    rejectTable,
    found.map(({ keyless }) => closedReject(landing.sourceId, landing.stream, keyless, now)),
  );
  return { mapped: mapped + landed.mapped + landed.unchanged, rejected: rejected + landed.rejected };
}

async function finish(
  { store, clock, sourceId, role, stream, links }: Landing,
  since: string,
): Promise<void> {
  if (!links.changed()) return;
  for (const entity of entitiesOf(stream))
    await relink({ store, sourceId, role }, entity, since, instantOf(clock.now()));
}

function chosen({ source, stream }: ReplayOptions): readonly Stream[] {
  return source.source.streams.filter((s) => stream === undefined || s.name === stream);
}
