/**
 * What takes a while and must not overlap: reading the sources, comparing, carrying out pushes. All of it goes through one serial
 * lane, so that a comparison never reads what a sync is still writing and two pushes never race.
 */
import type { PlumblineConfig } from "#core/config";
import { log } from "#core/log";
import type { Clock } from "#core/time";
import type { OpenSource } from "#ingest/registry";
import { replayRejects } from "#ingest/replay";
import { pruneRaw } from "#ingest/retention";
import { ingestAll } from "#ingest/run";
import { pushExecute } from "#reconcile/push/execute";
import type { HeadAnchor } from "#reconcile/push/ledger";
import { pushList } from "#reconcile/push/state";
import { pushVerify } from "#reconcile/push/verify";
import { type RunMode, reconcile } from "#reconcile/run";
import { createLane, type Lane } from "#reconcile/schedule";
import type { Store } from "#sql/store";
import { proofDeps } from "./data/proof.server.ts";

export interface WorkParts {
  config: PlumblineConfig;
  store: Store;
  clock: Clock;
  sources: readonly OpenSource[];
  anchor: HeadAnchor;
}

export interface CompareOptions {
  mode: RunMode;
  rules?: readonly string[];
  signal?: AbortSignal;
}

/** The work itself, for whoever holds the lane already: the schedule does. */
export interface Steps {
  ingest(sourceId: string, signal: AbortSignal): Promise<void>;
  compare(options: CompareOptions): Promise<void>;
  /** Take up pushes that were cut off, and try to prove those still without proof. */
  resumePushes(): Promise<void>;
  /** Drop raw records that were replaced long ago. */
  prune(): Promise<void>;
}

export interface Work {
  lane: Lane;
  steps: Steps;
  /** What runs now and what waits, in order, in words. */
  underWay(): readonly string[];
  /** Compare as soon as the lane is free; the outcome is in the runs. Resolves when done, never rejects. */
  compareNow(options: CompareOptions): Promise<void>;
  /** Carry out an approved push and prove it; how it went is in the ledger. Resolves when done, never rejects. */
  pushNow(id: string): Promise<void>;
  /** Try rejected records again; an empty source or stream means all. */
  replayRejects(options: { sourceId: string; stream: string }): Promise<void>;
}

/** Statuses after which a push goes on by itself. */
const UNFINISHED = ["approved", "started", "unknown", "applied", "already_right", "unconfirmed"] as const;
const TO_BE_PROVEN: readonly string[] = ["applied", "already_right", "unconfirmed"];

export function workOf(parts: WorkParts): Work {
  const { store, clock, sources, config } = parts;
  const lane = createLane();
  const carryOut = async (id: string) => {
    const push = await pushExecute(parts, id);
    if (TO_BE_PROVEN.includes(push.status)) await pushVerify(proofDeps(parts), id);
  };
  const compare = async (options: CompareOptions) => {
    await reconcile(store, { clock, config, sources }, options);
  };
  /** Nobody waits for the answer, so a failure is logged here; the store says what became of the work. */
  const unattended = (name: string, work: () => Promise<void>): Promise<void> =>
    lane
      .run(name, work)
      .catch((error: unknown) => log.error({ err: error, work: name }, "work in the lane failed"));
  return {
    lane,
    underWay: () => lane.names(),
    steps: {
      async ingest(sourceId, signal) {
        await ingestAll(store, sources, { sourceId, mode: "auto", clock, signal });
      },
      compare,
      prune: () => pruneRaw(store, clock, config.retention.rawDays),
      async resumePushes() {
        for (const push of await pushList(store, { statuses: UNFINISHED }))
          await carryOut(push.id).catch((error: unknown) =>
            log.error({ err: error, push: push.id }, "a push could not be taken up"),
          );
      },
    },
    compareNow: (options) =>
      unattended(options.rules ? "a comparison" : "all comparisons", () => compare(options)),
    pushNow: (id) => unattended("a push", () => carryOut(id)),
    replayRejects: ({ sourceId, stream }) =>
      lane.run("rejected records", async () => {
        for (const source of sources.filter((s) => sourceId === "" || s.config.id === sourceId))
          await replayRejects({ store, source, clock, ...(stream === "" ? {} : { stream }) });
      }),
  };
}
