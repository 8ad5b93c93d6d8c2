/** What a command needs, opened when it asks and closed when it ends: configuration, store, sources. */
import type { PersonRole, PlumblineConfig } from "#core/config";
import { loadConfig } from "#core/config";
import { env, envValue } from "#core/env";
import { ForbiddenError } from "#core/errors";
import type { Instant } from "#core/time";
import { systemClock } from "#core/time";
import { type OpenSource, openSources, vendorSettings } from "#ingest/registry";
import { refreshExceptions } from "#reconcile/exception-state";
import { nameable } from "#reconcile/governance/nameable";
import type { Actor } from "#reconcile/push/request";
import { migrate } from "#sql/migrate";
import { openStore, type Store } from "#sql/store";
import { headAnchor } from "../data/head-anchor.server.ts";

export interface Context {
  config: PlumblineConfig;
  store: Store;
  sources: readonly OpenSource[];
}

export function readConfig(): PlumblineConfig {
  return loadConfig(env.PLUMBLINE_CONFIG, vendorSettings, { env: envValue }, nameable);
}

/** Run `work` with everything open; the store is migrated first and closed whatever happens. */
export async function withContext<T>(work: (context: Context) => Promise<T>): Promise<T> {
  const config = readConfig();
  const store = await openStore();
  try {
    await migrate(store);
    await refreshExceptions(store);
    return await work({ config, store, sources: openSources(config, { clock: systemClock }) });
  } finally {
    await store.close();
  }
}

/** The same with only the store: for what needs no configuration. */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore();
  try {
    await migrate(store);
    await refreshExceptions(store);
    return await work(store);
  } finally {
    await store.close();
  }
}

/**
 * The person a command acts as. The command line trusts the account that runs it: whoever may start it may name anyone in the
 * configuration, so the machine's own accounts are the guard. Four eyes still hold between the names.
 */
export function actorNamed(config: PlumblineConfig, name: string): Actor {
  const person = config.people.find((p) => p.name === name);
  if (!person)
    throw new ForbiddenError("cli.unknown-person", `No person ${name}`, {
      userMessage: `There is nobody called "${name}" in the configuration. Known: ${config.people.map((p) => p.name).join(", ") || "nobody"}.`,
    });
  return { name: person.name, roles: person.roles satisfies readonly PersonRole[] };
}

export function pushDeps(context: Context) {
  return { ...context, clock: systemClock, anchor: headAnchor(env.PLUMBLINE_DATA) };
}

/** An instant for people at a terminal: `2026-11-21 06:27`, UTC. */
export function sayInstant(at: Instant): string {
  return at.startsWith("1970-01-01") ? "never" : `${at.slice(0, 16).replace("T", " ")} UTC`;
}
