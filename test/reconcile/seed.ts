/** A small firm written straight into the canonical tables, with fresh streams, for tests of reconciliation. */

import { z } from "zod";
import { Config, type PlumblineConfig } from "#core/config";
import { type Instant, instantOf, msOf } from "#core/time";
import { defineTable } from "#sql/query";
import type { Store } from "#sql/store";

type Row = Record<string, unknown>;

/** Sources `crm`, `psa` and `erp`; money in USD, pounds at 1.27 and euros at 1.08. */
export function firmConfig(): PlumblineConfig {
  return Config.parse({
    reporting: {
      currency: "USD",
      rates: [
        { currency: "GBP", from: "2026-01-01", rate: "1.27" },
        { currency: "EUR", from: "2026-01-01", rate: "1.08" },
      ],
    },
    sources: ["crm", "psa", "erp"].map((role) => ({
      id: role,
      vendor: "example",
      role,
      baseUrl: "http://127.0.0.1:1",
      maxAge: "30m",
    })),
  });
}

/** Inserts rows into any table; columns left out take their default. */
export async function insertRows(store: Store, table: string, rows: readonly Row[]): Promise<void> {
  const columns = [...new Set(rows.flatMap((r) => Object.keys(r)))];
  const shape = Object.fromEntries(columns.map((c) => [c, z.unknown()]));
  await store.insert(defineTable({ name: table, row: z.object(shape) }), rows);
}

/** What a seeded record has unless told otherwise: changed long ago, first version. */
export const LONG_AGO: Instant = "2026-05-01T08:00:00.000Z";

function stored(role: string, row: Row): Row {
  const changed = (row.changed_at as Instant | undefined) ?? LONG_AGO;
  return {
    role,
    source_id: role,
    native_id: `${role}-${String(row.key)}`,
    version: msOf(changed),
    is_deleted: 0,
    seen_at: changed.replace("T", " ").slice(0, 23),
    ...row,
    changed_at: changed.replace("T", " ").slice(0, 23),
  };
}

/** Canonical records of one system. `key` is required; see sql/migrations for the columns. */
export async function put(store: Store, role: string, table: string, rows: readonly Row[]): Promise<void> {
  await insertRows(
    store,
    table,
    rows.map((r) => stored(role, r)),
  );
}

/** Says that every stream was completely read up to a moment, at that moment. */
export async function freshUntil(
  store: Store,
  at: Instant,
  sources: readonly string[] = ["crm", "psa", "erp"],
): Promise<void> {
  const text = at.replace("T", " ").slice(0, 23);
  await insertRows(
    store,
    "sync_event",
    sources.map((source_id) => ({
      source_id,
      stream: "everything",
      sync_id: `${source_id}-${at}`,
      at: text,
      state: "finished",
      mode: "full",
      complete_until: text,
    })),
  );
}

/** Says that keys of an entity were touched. */
export async function touch(
  store: Store,
  entity: string,
  keys: readonly string[],
  at: Instant,
): Promise<void> {
  await store.command(
    "INSERT INTO touched_key (entity, seen_at, k) SELECT {entity:String}, {at:DateTime64(3, 'UTC')}, cityHash64(arrayJoin({keys:Array(String)}))",
    { entity, keys: [...keys], at: at.replace("T", " ").slice(0, 23) },
  );
}

/** A project both sides agree on, its customer, one person and the contract rate for them. */
export async function putEngagement(
  store: Store,
  name: string,
  options: {
    currency?: string;
    rate?: string;
    erpRate?: string | null;
    inErp?: boolean;
    entity?: string;
  } = {},
): Promise<{ project: string; customer: string; person: string }> {
  const { currency = "USD", rate = "200", entity = "US01" } = options;
  const [project, customer, person] = [`P-${name}`, `C-${name}`, `E-${name}`];
  const projectRow = {
    key: project,
    code: `CODE-${name}`,
    name: `Project ${name}`,
    customer_key: customer,
    is_active: 1,
    is_billable: 1,
    start_on: "2026-01-05",
    end_on: "2026-12-31",
    currency,
    legal_entity: entity,
  };
  const price = { role_name: "Consultant", currency, customer_key: customer };
  await put(store, "crm", "customer", [
    { key: customer, name, legal_entity: entity, currency, is_active: 1 },
  ]);
  await put(store, "erp", "customer", [
    { key: customer, name, legal_entity: entity, currency, is_active: 1, rate_card_ref: `card-${name}` },
  ]);
  await put(store, "psa", "project", [projectRow]);
  if (options.inErp !== false) await put(store, "erp", "project", [projectRow]);
  await put(store, "psa", "resource", [
    {
      key: person,
      employee_no: person,
      name,
      role_name: "Consultant",
      is_active: 1,
      cost_rate: "90",
      currency,
    },
  ]);
  await put(store, "crm", "rate_line", [
    {
      key: `crl-${name}`,
      ...price,
      rate,
      effective_from: "2026-01-01",
      effective_to: "1970-01-01",
      is_signed: 1,
    },
  ]);
  if (options.erpRate !== null)
    await put(store, "erp", "rate_line", [
      {
        key: `erl-${name}`,
        ...price,
        customer_key: "",
        card_ref: `card-${name}`,
        rate: options.erpRate ?? rate,
      },
    ]);
  await put(store, "psa", "rate_line", [
    { key: `prl-${name}`, ...price, rate, effective_from: "2026-01-01", effective_to: "1970-01-01" },
  ]);
  return { project, customer, person };
}

/** An approved billable time line of an engagement, as a row for `put`. */
export function timeLine(key: string, of: { project: string; person: string }, more: Row = {}): Row {
  return {
    key,
    project_key: of.project,
    resource_key: of.person,
    task_key: "T-1",
    work_on: "2026-05-04",
    hours: "8",
    is_billable: 1,
    is_approved: 1,
    is_invoiced: 0,
    ...more,
  };
}

export function hoursBefore(at: Instant, hours: number): Instant {
  return instantOf(msOf(at) - hours * 3_600_000);
}
