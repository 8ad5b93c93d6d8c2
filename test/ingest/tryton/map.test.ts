import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { mapAll, readAll, trytonWorld, type World } from "./world.ts";

/** What a real server answered to the connector, by role and stream. */
const RECORDED = JSON.parse(
  readFileSync(new URL("./fixtures/payloads.json", import.meta.url), "utf8"),
) as Record<"crm" | "erp", Record<string, Record<string, unknown>[]>>;

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (...args: Parameters<typeof trytonWorld>) => {
  world = await trytonWorld(...args);
  return world;
};

const mapped = async (role: "crm" | "erp", stream: string, settings: Record<string, unknown> = {}) => {
  const w = await open(role, settings);
  return mapAll(w.stream(stream), RECORDED[role][stream] ?? []);
};
const changed = async (stream: string, id: number, values: Record<string, unknown>) => {
  const w = await open();
  const payload = RECORDED.erp[stream]?.find((r) => r.id === id);
  return w.stream(stream).map({ ...payload, ...values });
};

describe("the fake Tryton", () => {
  for (const role of ["crm", "erp"] as const)
    it(`answers the ${role}'s reads as the real server did`, async () => {
      const w = await open(role);
      for (const [name, payloads] of Object.entries(RECORDED[role])) {
        const { records } = await readAll(w.stream(name), null, true);
        // The real one's user has another login than ours, and its own order in lists of users.
        const plain = (list: readonly Record<string, unknown>[]) => list.map(({ by: _, ...rest }) => rest);
        expect(plain(records), name).toEqual(plain(payloads));
      }
    });
});

describe("mapping the CRM", () => {
  it("makes clients of parties that neither work here nor are the company", async () => {
    expect(await mapped("crm", "party.party")).toMatchObject([
      { entity: "customer", nativeId: "2", key: "2", data: { name: "Kestrel Insurance", is_active: true } },
      { entity: "customer", nativeId: "3", key: "3", data: { name: "Lumen Airports" } },
      { entity: "customer", nativeId: "4", key: "4", data: { name: "Orchard Foods", is_active: false } },
    ]);
  });

  it("knows a won opportunity and the sale it became", async () => {
    expect(await mapped("crm", "sale.opportunity")).toMatchObject([
      {
        nativeId: "1",
        key: "1",
        data: {
          name: "Claims platform",
          customer_ref: "2",
          contract_ref: "1",
          stage: "won",
          is_won: true,
          is_closed: true,
          amount: "45750",
          currency: "EUR",
          close_on: "2026-11-21",
        },
      },
      { nativeId: "2", data: { is_won: false, is_closed: false, amount: null, contract_ref: "" } },
    ]);
  });

  it("makes a contract of a sale, and a rate by the hour of each line that is a role", async () => {
    const records = await mapped("crm", "sale.sale");
    expect(records).toMatchObject([
      {
        entity: "contract",
        key: "1",
        data: {
          status: "done",
          is_signed: true,
          start_on: "2026-11-21",
          signed_on: "2026-11-21",
          value: "45750",
          legal_entity: "DE01",
        },
      },
      {
        entity: "rate_line",
        nativeId: "sale-line:1",
        keys: { card_key: "1" },
        data: {
          role_name: "Solution Architect",
          rate: "207.5",
          currency: "EUR",
          customer_ref: "2",
          project_ref: "",
          effective_from: "2026-11-21",
          is_signed: true,
        },
      },
      // 1200 for a working day of eight hours. The licence is no role.
      { entity: "rate_line", nativeId: "sale-line:2", data: { role_name: "Coach", rate: "150" } },
      { entity: "contract", key: null, data: { is_signed: false, signed_on: "1970-01-01" } },
    ]);
  });
});

describe("mapping the ERP", () => {
  it("makes roles' prices of the lines of a price list, and says which formula it cannot tell", async () => {
    const w = await open();
    const stream = w.stream("product.price_list.line");
    const answers = (RECORDED.erp["product.price_list.line"] ?? []).map((p) => stream.map(p));
    expect(answers).toMatchObject([
      {
        records: [
          { nativeId: "line:1", data: { card_ref: "1", role_name: "Solution Architect", rate: "205" } },
        ],
      },
      { records: [{ nativeId: "line:2", data: { role_name: "Senior Consultant", rate: "171" } }] },
      { records: [{ nativeId: "line:3", data: { role_name: "Coach", rate: "150" } }] },
      { ok: true, records: [] },
      { ok: true, records: [] },
      { ok: true, records: [] },
      { ok: false, reason: "unknown-value", detail: expect.stringContaining('"unit_price + 5"') },
    ]);
  });

  it("refuses prices that include tax, and a price below nothing", async () => {
    const list = { "company.": { "currency.": { code: "EUR" } }, active: true, tax_included: true };
    expect(await changed("product.price_list.line", 1, { "price_list.": list })).toMatchObject({
      ok: false,
      detail: expect.stringContaining("include tax"),
    });
    const price = { __class__: "Decimal", decimal: "-1.5" };
    expect(await changed("project.work", 2, { list_price: price })).toMatchObject({
      ok: false,
      reason: "out-of-range",
    });
  });

  it("knows what people cost today, and who has left", async () => {
    expect(await mapped("erp", "company.employee")).toMatchObject([
      { key: "5", data: { employee_no: "5", name: "Dana Ruiz", cost_rate: "95.5", is_active: true } },
      { key: "6", data: { name: "Priya Nair", cost_rate: "80", legal_entity: "DE01", currency: "EUR" } },
      { key: "7", data: { name: "Ola Lind", is_active: false } },
    ]);
  });

  it("tells projects from tasks, finds their keys, and gives each work with an hourly price a rate", async () => {
    const records = await mapped("erp", "project.work");
    const short = records.map((r) => [
      r.entity,
      r.nativeId,
      r.key,
      (r.data as Record<string, unknown>).project_ref,
    ]);
    expect(short).toEqual([
      ["project", "1", "kestrel-claims", undefined],
      ["rate_line", "work:1", "work:1", "1"],
      ["task", "2", "17", "1"],
      ["rate_line", "work:2", "work:2", "1"],
      ["task", "3", "18", "1"],
      ["rate_line", "work:3", "work:3", "1"],
      ["project", "4", "kestrel-claims-ops", undefined],
      ["project", "5", null, undefined],
      // Under a project inside the project, which has a key of its own.
      ["task", "6", "30", "4"],
      // Under one that has none; and a licence has no rate.
      ["task", "7", null, "1"],
      ["project", "8", "lumen-gates", undefined],
      ["project", "9", null, undefined],
    ]);
    expect(records[0]).toMatchObject({
      data: {
        code: "kestrel-claims",
        name: "Claims platform",
        customer_ref: "2",
        status: "Open",
        is_active: true,
        is_billable: true,
        billing_type: "timesheet",
        currency: "EUR",
      },
    });
    expect(records[3]).toMatchObject({ data: { rate: "205", card_ref: "", customer_ref: "2" } });
    expect(records.at(-2)).toMatchObject({ data: { status: "Done", is_active: false } });
    expect(records.at(-1)).toMatchObject({ data: { name: "Bench", customer_ref: "", is_billable: false } });
  });

  it("reads keys from the comment where the settings say so", async () => {
    const w = await open("erp", { link: { field: "comment", pattern: "PSA: (\\S+)" } });
    const payload = {
      ...RECORDED.erp["project.work"]?.[0],
      comment: "Kick-off in May.\nPSA: kestrel-claims",
    };
    expect(mapAll(w.stream("project.work"), [payload])[0]).toMatchObject({
      key: "kestrel-claims",
      data: { name: "[kestrel-claims] Claims platform" },
    });
  });

  it("keys an allocation by its work and person, with the dates of its work", async () => {
    expect(await mapped("erp", "project.allocation")).toMatchObject([
      {
        nativeId: "1",
        key: "17|5",
        data: {
          project_ref: "1",
          resource_ref: "1",
          start_on: "2026-09-07",
          end_on: "2026-12-18",
          allocation_pct: "50.00",
        },
      },
      { key: "18|6", data: { start_on: "1970-01-01", end_on: "1970-01-01", allocation_pct: "80.50" } },
      { key: "18|7", data: { allocation_pct: "20.00" } },
    ]);
  });

  it("maps time by the id in its UUID, exactly, with the project its task belongs to", async () => {
    const records = await mapped("erp", "timesheet.line");
    expect(records).toMatchObject([
      {
        key: "101",
        data: {
          project_ref: "1",
          task_ref: "2",
          resource_ref: "1",
          work_on: "2026-11-02",
          hours: "7.5",
          is_invoiced: true,
          is_approved: true,
          note: "Workshop",
        },
      },
      { key: "102" },
      { key: "103", data: { is_invoiced: true } },
      // 4 h 1 min.
      { key: "104", data: { is_invoiced: false, task_ref: "3" } },
      { key: "105", data: { project_ref: "4", task_ref: "6", note: "" } },
      { key: null, data: { hours: "0.5" } },
      // Booked on a project of the firm's own.
      { key: null, data: { project_ref: "9", task_ref: "", is_billable: false } },
    ]);
    expect(records[3]).toMatchObject({ data: { hours: expect.stringMatching(/^4\.01666666/) } });
  });

  it("counts time as approved unless the approval says that it was turned down", async () => {
    expect(await changed("timesheet.line", 4, { approval_state: "rejected" })).toMatchObject({
      records: [{ data: { status: "rejected", is_approved: false } }],
    });
    expect(await changed("timesheet.line", 4, { approval_state: "submitted" })).toMatchObject({
      records: [{ data: { status: "submitted", is_approved: true } }],
    });
  });

  it("rejects hours that no day has, and says which field", async () => {
    const duration = { __class__: "timedelta", seconds: 90_000 };
    expect(await changed("timesheet.line", 4, { duration })).toMatchObject({
      ok: false,
      reason: "out-of-range",
      detail: expect.stringContaining("duration"),
    });
    expect(await changed("timesheet.line", 4, { duration: "8h" })).toMatchObject({
      ok: false,
      reason: "bad-number",
    });
  });

  it("finds the project of an invoice line by the time it bills", async () => {
    expect(await mapped("erp", "account.invoice")).toMatchObject([
      {
        key: "R-1",
        data: { is_released: true, total: "3177.5", issued_on: "2026-11-15", customer_ref: "2" },
      },
      { key: "2", data: { number: "", status: "draft", is_released: false } },
    ]);
    expect(await mapped("erp", "account.invoice.line")).toMatchObject([
      { data: { project_ref: "1", time_ref: "", hours: "15.5", rate: "205", amount: "3177.5" } },
      { keys: { time_key: "103" }, data: { time_ref: "3", hours: "1.5", rate: "171" } },
    ]);
  });
});
