/**
 * The firm's real systems with Plumbline beside them: a store of its own, the three sources opened as the configuration says, and
 * clients with which a scenario changes the systems as the firm's people would.
 */
import type { PlumblineConfig } from "#core/config";
import { log } from "#core/log";
import { type Clock, instantOf, systemClock } from "#core/time";
import { type OpenDeps, type OpenSource, openSources } from "#ingest/registry";
import { type IngestOptions, type IngestReport, ingestAll } from "#ingest/run";
import { type ReconcileOptions, reconcile } from "#reconcile/run";
import type { RunReport } from "#reconcile/run-report";
import { streamFreshness } from "#sql/queries/reconcile";
import { syncEventTable } from "#sql/tables";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { openRedmine, type RedmineClient } from "../clients/redmine.ts";
import { openTryton, type TrytonClient } from "../clients/tryton.ts";
import { liveConfig } from "../config.ts";
import { type Estate, type Flavour, readEstate, type Side } from "../estate.ts";

/** Longer than every rule waits before a difference counts. */
const LATER_MS = 26 * 3_600_000;
const LATER = "later";

export interface World {
  readonly flavour: Flavour;
  readonly estate: Estate;
  readonly side: Side;
  readonly store: TestStore;
  readonly config: PlumblineConfig;
  readonly sources: readonly OpenSource[];
  readonly tryton: TrytonClient;
  readonly redmine: RedmineClient;
  /** Read the sources now. A stream that cannot be read is in the report, and an error unless `mayFail`. */
  read(options?: Partial<IngestOptions> & { mayFail?: true }): Promise<IngestReport>;
  /**
   * Reconcile as it would be done a day later, when every difference has settled: the clock is ahead, and every stream that was read
   * to its end counts as read once more by then, with nothing new.
   * @param config judged by this configuration instead of the world's
   */
  compareLater(options?: Partial<ReconcileOptions>, config?: PlumblineConfig): Promise<RunReport[]>;
  /**
   * Do this to put a change back when the test ends, whatever became of it. The last is done first.
   * @param removes Tryton's model, where it takes records away: the next read looks for deletions there
   */
  afterwards(restore: () => Promise<unknown>, removes?: "timesheet.line" | "project.work"): void;
  /** Runs what `afterwards` was given; for afterEach. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** The clock of `compareLater`. */
export const laterClock: Clock = { now: () => systemClock.now() + LATER_MS };

// What goes wrong on purpose is in the reports that the scenarios look at.
log.level = "silent";

/** Change logs are read by no rule: scenarios that do not look at them leave them out, and read half as many streams. */
export const withoutLogs = (config: PlumblineConfig): PlumblineConfig => ({
  ...config,
  sources: config.sources.map((s) => ({ ...s, settings: { ...s.settings, history: false } })),
});

/**
 * @param change changes the configuration before the sources are opened
 * @param http how requests are tried again, where a test must not wait long
 */
export async function openWorld(
  flavour: Flavour,
  change: (config: PlumblineConfig) => PlumblineConfig = (c) => c,
  http: NonNullable<OpenDeps["http"]> = {},
): Promise<World> {
  const estate = readEstate();
  const side = estate[flavour];
  const config = change(liveConfig(estate, flavour));
  const [store, tryton] = await Promise.all([
    openTestStore(),
    openTryton({ ...side.tryton, ...side.tryton.admin }),
  ]);
  const sources = openSources(config, { clock: systemClock, http });
  const restoring: (() => Promise<unknown>)[] = [];
  const removed = new Set<string>();
  return {
    flavour,
    estate,
    side,
    store,
    config,
    sources,
    tryton,
    redmine: openRedmine(side.redmine.url, { apiKey: side.redmine.apiKey }),
    async read({ mayFail, ...options } = {}) {
      const report = await ingestAll(store, sources, { clock: systemClock, ...options });
      const failed = report.streams.flatMap((s) => (s.ok ? [] : [`${s.sourceId} ${s.stream}: ${s.error}`]));
      if (failed.length > 0 && !mayFail) throw new Error(failed.join("\n"));
      for (const stream of removed)
        await ingestAll(store, sources, { clock: systemClock, sourceId: "tryton-erp", stream, mode: "full" });
      removed.clear();
      return report;
    },
    async compareLater(options = {}, judgedBy = config) {
      await readAgainLater(store);
      try {
        return await reconcile(
          store,
          { clock: laterClock, config: judgedBy, sources },
          { mode: "full", ...options },
        );
      } finally {
        await store.command("DELETE FROM sync_event WHERE sync_id = {id:String}", { id: LATER });
      }
    },
    afterwards(restore, removes) {
      restoring.push(async () => {
        if (removes) removed.add(removes);
        await restore();
      });
    },
    async restore() {
      const failed: unknown[] = [];
      for (let undo = restoring.pop(); undo; undo = restoring.pop()) {
        await undo().catch((error: unknown) => failed.push(error));
      }
      if (failed.length > 0) throw new AggregateError(failed, `Not put back: ${failed.join("; ")}`);
    },
    close: () => store.close(),
  };
}

/** Notes for every stream whose last read came to its end that another one did so, a day later, and found nothing new. */
async function readAgainLater(store: TestStore): Promise<void> {
  const streams = await store.query(streamFreshness, {});
  const at = instantOf(laterClock.now());
  const none = {
    records_read: 0,
    records_mapped: 0,
    records_rejected: 0,
    records_deleted: 0,
    requests: 0,
    retries: 0,
  };
  await store.insert(
    syncEventTable,
    streams
      .filter((s) => s.last_state === "finished")
      .map(({ source_id, stream }) => ({
        source_id,
        stream,
        sync_id: LATER,
        at,
        state: "finished" as const,
        mode: "incremental" as const,
        ...none,
        complete_until: at,
        error: "",
        note: "",
      })),
  );
}
