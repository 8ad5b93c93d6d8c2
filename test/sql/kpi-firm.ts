/** A firm small enough to work its figures out by hand, written straight into the store, with exceptions as runs would leave them. */
import { chTime } from "#core/time";
import { refreshExceptions } from "#reconcile/exception-state";
import type { Store } from "#sql/store";
import { insertRows, put, putEngagement, timeLine } from "../reconcile/seed.ts";

/** Monday. */
export const TODAY = "2026-06-01";
export const ASKED = { as_of: TODAY, reporting: "USD", invoiced_by: "psa" as const };
export const CANDIDATES = { ...ASKED, cutoff_day: 3, commercial: ["CUS-06"], blind: [] as string[] };

/** Later than what putEngagement writes. */
const NEWER = { version: "9999999999999" };

export async function putRates(store: Store): Promise<void> {
  await insertRows(store, "exchange_rate", [
    { currency: "GBP", effective_from: "2026-01-01", rate: "1.27", at: "2026-01-01 00:00:00.000" },
    // From after today: not yet.
    { currency: "GBP", effective_from: "2026-06-02", rate: "9.99", at: "2026-01-01 00:00:00.000" },
  ]);
}

/**
 * Client A in USD at 200 an hour under contract KA, client B in GBP at 150; a pound is 1.27. Everybody costs 90.
 *   a1 8 h 4 May 1,600.00    a2 7.5 h 5 May 1,500.00    a3 2.25 h 30 April 450.00    a4 8 h 6 May 1,600.00, invoiced
 *   a5 4 h 7 May by a role without a rate    a6 4 h 1 June 800.00
 *   x1 an expense of 333.33 with 7.5 % on top, 358.3298 (358.32975 rounded)
 *   b1 6 h 4 May £900.00 = 1,143.00    b2 1.33 h 5 May £199.50 = 253.365    m1 a milestone of £5,000.00 = 6,350.00
 */
export async function putFirm(store: Store): Promise<void> {
  await putRates(store);
  const a = await putEngagement(store, "A");
  const b = await putEngagement(store, "B", { currency: "GBP", rate: "150", entity: "GB01" });
  await put(store, "psa", "project", [
    {
      key: a.project,
      customer_key: a.customer,
      currency: "USD",
      legal_entity: "US01",
      is_active: 1,
      is_billable: 1,
      contract_key: "KA",
      ...NEWER,
    },
  ]);
  await put(store, "crm", "contract", [
    { key: "KA", number: "00000101", is_signed: 1, signed_on: "2025-12-01", currency: "USD" },
  ]);
  await put(store, "psa", "resource", [
    { key: "E-X", employee_no: "E-X", role_name: "Partner", is_active: 1, cost_rate: "90", currency: "USD" },
  ]);
  await put(store, "psa", "time_entry", [
    timeLine("a1", a, { work_on: "2026-05-04" }),
    timeLine("a2", a, { work_on: "2026-05-05", hours: "7.5" }),
    timeLine("a3", a, { work_on: "2026-04-30", hours: "2.25" }),
    timeLine("a4", a, { work_on: "2026-05-06", is_invoiced: 1 }),
    timeLine("a5", { ...a, person: "E-X" }, { work_on: "2026-05-07", hours: "4" }),
    timeLine("a6", a, { work_on: "2026-06-01", hours: "4" }),
    timeLine("not-billable", a, { is_billable: 0 }),
    timeLine("not-approved", a, { is_approved: 0 }),
    timeLine("b1", b, { hours: "6" }),
    timeLine("b2", b, { work_on: "2026-05-05", hours: "1.33" }),
  ]);
  await put(store, "psa", "expense", [
    {
      key: "x1",
      project_key: a.project,
      resource_key: a.person,
      incurred_on: "2026-05-08",
      amount: "333.33",
      markup_pct: "7.5",
      currency: "USD",
      is_billable: 1,
      is_approved: 1,
    },
  ]);
  await put(store, "psa", "milestone", [
    {
      key: "m1",
      project_key: b.project,
      amount: "5000",
      currency: "GBP",
      due_on: "2026-05-20",
      is_accepted: 1,
    },
    {
      key: "m2",
      project_key: b.project,
      amount: "7000",
      currency: "GBP",
      due_on: "2026-05-20",
      is_accepted: 0,
    },
  ]);
}

interface Standing {
  id: string;
  rule: string;
  severity: number;
  blocking: "hard" | "soft" | "no";
  opened: string;
  project?: string;
  waived?: true;
  /** Item key → value in the reporting currency; null when unpriced. */
  items: Readonly<Record<string, string | null>>;
}

/** Exceptions as runs leave them: opened with their items, and waived where they are. */
export async function putStanding(store: Store, exceptions: readonly Standing[]): Promise<void> {
  const at = (day: string) => chTime(`${day}T08:00:00.000Z`);
  const event = (e: Standing, type: string, when: string) => ({
    exception_id: e.id,
    at: when,
    event_id: `${e.id}-${type}`,
    type,
    actor: "plumbline",
    run_id: "run",
    rule: e.rule,
    rule_version: 1,
    comparison: "time",
    key: e.id,
    kind: "missing_right",
    severity: e.severity,
    blocking: e.blocking,
    currency: "USD",
    project_key: e.project ?? "",
    evidence: "{}",
    until: type === "waived" ? at("2026-12-31") : chTime("1970-01-01T00:00:00.000Z"),
  });
  await insertRows(
    store,
    "exception_event",
    exceptions.flatMap((e) => [
      event(e, "opened", at(e.opened)),
      ...(e.waived ? [event(e, "waived", at("2026-05-30"))] : []),
    ]),
  );
  await insertRows(
    store,
    "exception_item",
    exceptions.flatMap((e) =>
      Object.entries(e.items).map(([item_key, value]) => ({
        exception_id: e.id,
        run_at: at(e.opened),
        item_key,
        value: value ?? "0",
        at_stake: value ?? "0",
        currency: "USD",
        value_reporting: value ?? "0",
        at_stake_reporting: value ?? "0",
        is_unpriced: value === null ? 1 : 0,
      })),
    ),
  );
  await refreshExceptions(store);
}
