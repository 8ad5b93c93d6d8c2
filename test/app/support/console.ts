/** A console on a seeded store: a small firm whose systems have drifted apart, people who may sign in, and an ERP that can be written. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config, PERSON_ROLES, type PlumblineConfig } from "#core/config";
import { type Clock, chTime, instantOf } from "#core/time";
import type { Change, Source, Writer } from "#ingest/connector";
import { openHttp } from "#ingest/http";
import type { OpenSource } from "#ingest/registry";
import type { Store } from "#sql/store";
import { syncAccounts } from "../../../app/auth/accounts.server.ts";
import { type Services, servicesOn } from "../../../app/services.server.ts";
import { hoursBefore, insertRows, put, putEngagement, timeLine } from "../../reconcile/seed.ts";

export const PASSWORD = "correct horse battery";

const STREAMS = [
  "customer",
  "project",
  "resource",
  "assignment",
  "rate_card",
  "rate_line",
  "time_entry",
] as const;

/** Everybody once, named after their role. */
export function consoleConfig(): PlumblineConfig {
  const source = (id: string, role: string, name: string) => ({
    id,
    vendor: "example",
    role,
    name,
    baseUrl: "http://127.0.0.1:1",
    maxAge: "30m",
    schedule: "0 0 1 1 *",
  });
  return Config.parse({
    reporting: {
      currency: "USD",
      rates: [
        { currency: "GBP", from: "2026-01-01", rate: "1.27" },
        { currency: "EUR", from: "2026-01-01", rate: "1.08" },
      ],
    },
    sources: [
      source("crm", "crm", "Salesforce"),
      source("psa", "psa", "Certinia"),
      source("erp", "erp", "NetSuite"),
    ],
    people: PERSON_ROLES.map((role) => ({
      name: role,
      displayName: `${role[0]?.toUpperCase()}${role.slice(1)} Person`,
      roles: [role],
      password: PASSWORD,
    })),
  });
}

/** An ERP that holds rates by key and compares before it sets. */
export function rateWriter(rates: Map<string, string>): Writer {
  return {
    can: { rate_line: ["update"] },
    async read(target) {
      const rate = rates.get(target.key) ?? null;
      return {
        exists: rate !== null,
        nativeId: target.nativeId,
        values: { rate },
        token: null,
        locked: null,
      };
    },
    async write(change: Change) {
      const [field] = change.changes;
      if (rates.get(change.target.key) !== field?.from)
        return { outcome: "conflict", actual: {}, message: "It holds another rate now." };
      rates.set(change.target.key, field?.to ?? "");
      return { outcome: "applied", nativeId: change.target.nativeId ?? "", receipt: "written" };
    },
  };
}

export function openExample(config: PlumblineConfig, clock: Clock, writer: Writer | null): OpenSource[] {
  return config.sources.map((of) => {
    const source: Source = {
      check: async () => [],
      streams: STREAMS.map((entity) => ({
        name: entity,
        yields: entity,
        deletes: "never",
        mayVanish: 0,
        fields: [],
        identify: () => ({ ok: false, detail: "nothing is read here" }),
        async *read() {},
        map: () => ({ ok: true, records: [] }),
      })),
      writer: of.role === "erp" ? writer : null,
      ...(of.role === "erp" ? { keyFields: { project: "External ID" } } : {}),
      recordUrl: (entity, nativeId) => `http://127.0.0.1:1/${entity}/${nativeId}`,
    };
    const http = openHttp({ source: of.id, hosts: ["127.0.0.1:1"], requestsPerMinute: 60, clock });
    return { config: of, label: of.name ?? of.id, source, http };
  });
}

/** Clients of the made-up firm, with what is wrong at each. */
const CLIENTS = [
  ["Northwind Energy", "USD", "US01"],
  ["Harbour & Vale", "GBP", "GB01"],
  ["Lindqvist Logistik", "EUR", "DE01"],
  ["Marlow Pharma", "USD", "US01"],
  ["Brightwater Utilities", "USD", "US01"],
  ["Castell Insurance", "GBP", "GB01"],
  ["Ostwind Bahn", "EUR", "DE01"],
] as const;

/** Puts the firm into the store; `now` is when everything was last read. `lines` approved lines per client are missing in the ERP. */
export async function seedFirm(store: Store, now: string, lines = 3): Promise<void> {
  for (const [n, [name, currency, entity]] of CLIENTS.entries()) {
    const rate = String(150 + n * 12);
    const it = await putEngagement(store, name, {
      currency,
      entity,
      rate,
      ...(n % 3 === 0 ? { erpRate: String(138 + n * 12) } : {}),
      ...(n === 4 ? { inErp: false } : {}),
    });
    const line = (key: string, more = {}) =>
      timeLine(`${key}-${n}`, it, {
        changed_at: hoursBefore(now, 30 + n),
        work_on: now.slice(0, 10),
        currency,
        ...more,
      });
    const missing = Array.from({ length: lines }, (_, i) =>
      line(`missing${i}`, { hours: String(4 + (i % 4)) }),
    );
    await put(store, "psa", "time_entry", [
      ...missing,
      line("agrees"),
      line("shorter", { hours: "8" }),
      line("twice"),
    ]);
    await put(store, "erp", "time_entry", [
      line("agrees"),
      line("shorter", { hours: "6.5" }),
      { ...line("twice"), native_id: `a-${n}` },
      { ...line("twice"), native_id: `b-${n}` },
      line("unapproved", { hours: "3" }),
    ]);
    const assignment = {
      key: `A-${n}`,
      project_key: it.project,
      resource_key: it.person,
      start_on: hoursBefore(now, 24 * 40).slice(0, 10),
      end_on: hoursBefore(now, -24 * 60).slice(0, 10),
      allocation_pct: "80",
      bill_rate: n === 3 ? "120" : rate,
      currency,
      is_active: 1,
      is_billable: 1,
    };
    await put(store, "psa", "assignment", [assignment]);
    await put(store, "erp", "assignment", [{ ...assignment, allocation_pct: n % 2 === 0 ? "80" : "50" }]);
  }
  await readUntil(store, now);
}

/** Says that every stream of these sources was completely read up to then. */
export async function readUntil(store: Store, at: string, sources = ["crm", "psa", "erp"]): Promise<void> {
  const text = chTime(at);
  await insertRows(
    store,
    "sync_event",
    sources.flatMap((source_id) =>
      STREAMS.flatMap((stream) =>
        ["started", "finished"].map((state) => ({
          source_id,
          stream,
          sync_id: `${source_id}-${stream}-${at}`,
          at: text,
          state,
          mode: "full",
          records_read: state === "finished" ? 120 : 0,
          records_mapped: state === "finished" ? 120 : 0,
          requests: state === "finished" ? 2 : 0,
          complete_until: text,
        })),
      ),
    ),
  );
}

export interface TestConsole {
  services: Services;
  /** What the ERP holds now, by key. */
  rates: Map<string, string>;
  /** Compare now; twice opens what needs two failing runs. */
  compare(): Promise<void>;
  close(): Promise<void>;
}

export async function openConsole(store: Store, clock: Clock): Promise<TestConsole> {
  const config = consoleConfig();
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-console-"));
  const rates = new Map<string, string>();
  const services = servicesOn({
    config,
    store,
    clock,
    sources: openExample(config, clock, rateWriter(rates)),
    dataDir,
    sessionSecret: "only for this test, never elsewhere",
  });
  await syncAccounts(store, clock, config.people);
  return {
    services,
    rates,
    compare: () => services.work.steps.compare({ mode: "full" }),
    async close() {
      await services.work.lane.idle();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function nowText(clock: Clock): string {
  return instantOf(clock.now());
}
