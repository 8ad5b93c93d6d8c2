/**
 * The composition root: environment, configuration, store, sources, sessions, put together once per process and handed to every
 * loader and action. Kept across development reloads, so that the engine and the jobs are started once.
 */
import { loadConfig, type PlumblineConfig } from "#core/config";
import { env, envValue } from "#core/env";
import { type Clock, systemClock } from "#core/time";
import { type OpenSource, openSources, vendorSettings } from "#ingest/registry";
import { refreshExceptions } from "#reconcile/exception-state";
import { nameable } from "#reconcile/governance/nameable";
import type { HeadAnchor } from "#reconcile/push/ledger";
import { migrate } from "#sql/migrate";
import { openStore, type Store } from "#sql/store";
import { syncAccounts } from "./auth/accounts.server.ts";
import { type LoginLimit, loginLimit } from "./auth/login-limit.server.ts";
import { openSessions, type Sessions, sessionSecret } from "./auth/session.server.ts";
import { gauges } from "./data/gauges.server.ts";
import { headAnchor } from "./data/head-anchor.server.ts";
import type { Watched } from "./server/health.ts";
import { type Work, workOf } from "./work.server.ts";

export interface Services {
  config: PlumblineConfig;
  store: Store;
  clock: Clock;
  sources: readonly OpenSource[];
  anchor: HeadAnchor;
  sessions: Sessions;
  loginLimit: LoginLimit;
  /** What takes a while and must not overlap: reading sources, comparing, pushing. */
  work: Work;
  watched: Watched;
  close(): Promise<void>;
}

/** The same services on parts already open: for tests, and for `openServices`. */
export function servicesOn(parts: {
  config: PlumblineConfig;
  store: Store;
  clock: Clock;
  sources: readonly OpenSource[];
  dataDir: string;
  sessionSecret: string;
}): Services {
  const { config, store, clock, sources } = parts;
  const anchor = headAnchor(parts.dataDir);
  return {
    config,
    store,
    clock,
    sources,
    anchor,
    sessions: openSessions(parts.sessionSecret),
    loginLimit: loginLimit(clock),
    work: workOf({ config, store, clock, sources, anchor }),
    watched: { ping: () => store.ping(), gauges: () => gauges({ store, clock, sources }) },
    close: () => store.close(),
  };
}

async function open(): Promise<Services> {
  const config = loadConfig(env.PLUMBLINE_CONFIG, vendorSettings, { env: envValue }, nameable);
  const store = await openStore();
  await migrate(store);
  await refreshExceptions(store);
  await syncAccounts(store, systemClock, config.people);
  return servicesOn({
    config,
    store,
    clock: systemClock,
    sources: openSources(config, { clock: systemClock }),
    dataDir: env.PLUMBLINE_DATA,
    sessionSecret: sessionSecret(env.PLUMBLINE_SESSION_SECRET, env.PLUMBLINE_DATA),
  });
}

const kept = globalThis as typeof globalThis & { plumblineServices?: Promise<Services> };

/** The process's services, opened by the first caller. */
export function openServices(): Promise<Services> {
  kept.plumblineServices ??= open();
  return kept.plumblineServices;
}
