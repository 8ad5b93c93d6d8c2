/** What is suggested as probably the same where the key finds no partner, for each kind of record; and what never is. */
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { COMPARISONS } from "#reconcile/comparisons/index";
import { pairsQuery, partnersQuery } from "#reconcile/compile-fallback";
import { type Suggestion, suggest } from "#reconcile/suggest";
import { describeQuery, queryDifferences } from "../support/describe.ts";
import { openTestStore, truncateAll } from "../support/store.ts";
import { put as putRows } from "./seed.ts";

const store = await openTestStore();
afterAll(() => store.close());
beforeEach(() => truncateAll(store));

type Row = Record<string, unknown>;

/** Records of one system, each with columns of its own. */
async function put(role: string, table: string, rows: readonly Row[]): Promise<void> {
  for (const row of rows) await putRows(store, role, table, [row]);
}

/** The records a system holds under no agreed key. */
const unlinked = (id: string, more: Row = {}): Row => ({
  key: `unlinked:${id}`,
  native_id: id,
  ...more,
});

/** The suggestions for one key, as [native id, reason, unique]. */
async function found(
  comparison: string,
  key: string,
  kind = "missing_right",
): Promise<[string, string, boolean][]> {
  const all = await suggestions(comparison, key, kind);
  return all.map((s) => [s.record.nativeId, s.reason, s.isUnique]);
}

async function suggestions(comparison: string, key: string, kind = "missing_right"): Promise<Suggestion[]> {
  const result = await suggest(store, { comparison, kind, key });
  return result?.records.flatMap((r) => r.suggestions) ?? [];
}

describe("every fallback", () => {
  const withOne = COMPARISONS.flatMap((c) => (c.fallback ? [{ ...c, fallback: c.fallback }] : []));

  it("asks the store for what is there", async () => {
    expect(withOne.map((c) => c.id)).toEqual([
      "clients",
      "signed-contracts",
      "won-sales",
      "projects",
      "running-projects",
      "tasks",
      "resources",
      "assignments",
      "running-allocations",
      "time",
      "expenses",
      "milestones",
    ]);
    const wrong: Record<string, string[]> = {};
    for (const c of withOne)
      for (const q of [
        ...(["left", "right"] as const).flatMap((side) => [
          pairsQuery(c, c.fallback, side),
          partnersQuery(c, c.fallback, side),
        ]),
      ]) {
        const differences = await describeQuery(store, q).then(
          (columns) => queryDifferences(q, columns),
          (error: Error) => [error.message],
        );
        if (differences.length > 0) wrong[q.name] = differences;
      }
    expect(wrong).toEqual({});
  });

  it("gives nothing in an empty firm", async () => {
    for (const c of withOne) expect(await found(c.id, "nobody")).toEqual([]);
  });
});

describe("a client that finance does not hold under its key", () => {
  const client = (more: Row = {}) =>
    put("crm", "customer", [
      { key: "C-1", name: "Nordwind Energie GmbH", legal_entity: "DE01", is_active: 1, ...more },
    ]);
  const erp = (...rows: Row[]) =>
    put(
      "erp",
      "customer",
      rows.map((r) => ({ is_active: 1, legal_entity: "DE01", ...r })),
    );

  it("is found by its tax number, however it is punctuated, before its name", async () => {
    await client({ tax_number: "DE 811.907-980" });
    await erp(
      unlinked("7", { name: "NWE", legal_entity: "GB01", tax_number: "de811907980" }),
      unlinked("8", { name: "Nordwind Energie" }),
    );
    expect(await found("clients", "C-1")).toEqual([
      ["7", "the same tax number de811907980", true],
      ["8", "the same name", true],
    ]);
    const [first] = await suggestions("clients", "C-1");
    expect(first?.step).toEqual({
      kind: "write",
      into: expect.objectContaining({ role: "erp", entity: "customer", nativeId: "7", called: "NWE" }),
      key: "C-1",
      replaces: "",
    });
  });

  it.each([
    ["Nordwind Energie AG & Co. KG", "the same name"],
    ["NORDWIND  ENERGIE", "the same name"],
    ["Energie Nordwind", "the same name"],
    ["Nordwind Enérgie", "the same name"],
    ["Nordwind Energy", "name 96 % alike"],
  ])("is found by its name: %s", async (name, reason) => {
    await client();
    await erp(unlinked("7", { name }));
    expect(await found("clients", "C-1")).toEqual([["7", reason, true]]);
  });

  it.each([
    ["a name below the bound", { name: "Nordlicht Energie" }],
    ["a name with another number", { name: "Nordwind Energie 2" }],
    ["the client of another legal entity", { name: "Nordwind Energie", legal_entity: "GB01" }],
    ["no name", { name: "" }],
    ["a legal form alone", { name: "GmbH" }],
    ["one that was deleted", { name: "Nordwind Energie", is_deleted: 1 }],
  ])("is not %s", async (_, row) => {
    await client();
    await erp(unlinked("7", row));
    expect(await found("clients", "C-1")).toEqual([]);
  });

  it("is not told apart by what is empty: no tax number equals no tax number, no name no name", async () => {
    for (const none of ["", "-", "N/A", "000"]) {
      await client({ name: "", tax_number: none });
      await erp(
        unlinked("7", { name: "", tax_number: none }),
        unlinked("8", { name: "Other", tax_number: none }),
      );
      expect(await found("clients", "C-1")).toEqual([]);
    }
  });

  it("may be of any legal entity where one of the two names none", async () => {
    await client({ legal_entity: "" });
    await erp(unlinked("7", { name: "Nordwind Energie" }));
    expect(await found("clients", "C-1")).toEqual([["7", "the same name", true]]);
  });

  it("is not the only one where two are alike, on either side", async () => {
    await client();
    await erp(unlinked("7", { name: "Nordwind Energie" }), unlinked("8", { name: "Nordwind Energy" }));
    expect(await found("clients", "C-1")).toEqual([
      ["7", "the same name", false],
      ["8", "name 96 % alike", false],
    ]);
    await truncateAll(store);
    await client();
    await put("crm", "customer", [{ key: "C-2", name: "Nordwind Energie", legal_entity: "DE01" }]);
    await erp(unlinked("7", { name: "Nordwind Energie" }));
    expect(await found("clients", "C-1")).toEqual([["7", "the same name", false]]);
  });

  it("may be in sales twice: the same one, linked to another, is told of last and not to be written over", async () => {
    await client({ tax_number: "DE1" });
    await put("crm", "customer", [{ key: "C-2", name: "Nordwind", legal_entity: "DE01" }]);
    await erp(
      { key: "C-2", native_id: "7", name: "Nordwind Energie AG", tax_number: "DE 1" },
      unlinked("8", { name: "Nordwind Energy" }),
    );
    expect(await found("clients", "C-1")).toEqual([
      // Two records have a name like it.
      ["8", "name 96 % alike", false],
      ["7", "the same tax number DE 1", true],
    ]);
    const last = (await suggestions("clients", "C-1"))[1];
    expect(last?.step).toEqual({
      kind: "settle",
      partner: { nativeId: "crm-C-2", called: "Nordwind (inactive)" },
    });
  });

  it("is not one that is merely alike and has its partner", async () => {
    await client();
    await put("crm", "customer", [{ key: "C-2", name: "Nordwind Energy", legal_entity: "DE01" }]);
    await erp({ key: "C-2", native_id: "7", name: "Nordwind Energy" });
    expect(await found("clients", "C-1")).toEqual([]);
  });

  it("is not looked for when its key does find a record", async () => {
    await client();
    await erp({ key: "C-1", name: "Something" }, unlinked("7", { name: "Nordwind Energie" }));
    expect(await found("clients", "C-1")).toEqual([]);
  });

  it("is given three candidates at most, the most alike first", async () => {
    await client();
    await erp(
      ...["Energi", "Energies", "Energie", "Energy", "Energieh"].map((n, i) =>
        unlinked(String(i), { name: `Nordwind ${n}` }),
      ),
    );
    const three = await found("clients", "C-1");
    expect(three).toHaveLength(3);
    expect(three[0]).toEqual(["2", "the same name", false]);
  });
});

describe("a project", () => {
  const row = { name: "Data platform, phase 1", customer_key: "C-1", is_active: 1 };

  it("is found by its code, else by its name at the same client", async () => {
    await put("psa", "project", [{ key: "P-1", code: "PRJ-0012", ...row }]);
    await put("erp", "project", [
      unlinked("1", { code: "prj 0012", name: "Other", customer_key: "unlinked:9" }),
      unlinked("2", { ...row, code: "", name: "Data platform phase 1" }),
      unlinked("3", { ...row, code: "", name: "Data platform phase 2" }),
      unlinked("4", { ...row, code: "", customer_key: "C-2" }),
      unlinked("5", { ...row, code: "", customer_key: "" }),
    ]);
    expect(await found("projects", "P-1")).toEqual([
      ["1", "the same project code prj 0012", true],
      ["2", "the same name, the same client", true],
    ]);
  });

  it("is not matched over clients that nobody has linked, though their ids look alike", async () => {
    await put("psa", "project", [{ key: "P-1", ...row, customer_key: "unlinked:9" }]);
    await put("erp", "project", [unlinked("1", { ...row, customer_key: "unlinked:9" })]);
    expect(await found("projects", "P-1")).toEqual([]);
  });

  it("that finance has and delivery no longer knows gets the key of the one that took its place", async () => {
    await put("erp", "project", [{ key: "P-old", native_id: "7", code: "PRJ-1", ...row }]);
    await put("psa", "project", [
      { key: "P-old", code: "PRJ-1", ...row, is_deleted: 1 },
      { key: "P-new", code: "PRJ-1", ...row },
    ]);
    expect(await suggestions("running-projects", "P-old", "missing_left")).toMatchObject([
      {
        record: { role: "psa", key: "P-new", called: "PRJ-1 Data platform, phase 1" },
        reason: "the same project code PRJ-1",
        isUnique: true,
        step: { kind: "write", into: { role: "erp", nativeId: "7" }, key: "P-new", replaces: "P-old" },
      },
    ]);
  });

  it("is found for a sale, and for a contract, that none names", async () => {
    await put("crm", "opportunity", [
      { key: "O-1", name: "Claims platform", customer_key: "C-1", contract_key: "K-1", is_won: 1 },
      { key: "O-2", name: "Claims platform", customer_key: "C-2", is_won: 1 },
    ]);
    await put("crm", "contract", [
      { key: "K-1", number: "K/2026-004", customer_key: "C-1", is_signed: 1 },
      { key: "K-2", number: "K/2026-005", customer_key: "C-3", is_signed: 1 },
    ]);
    await put("psa", "project", [
      { key: "P-1", code: "A", name: "Claims Platform", customer_key: "C-1" },
      { key: "P-2", code: "B", name: "Claims Platform", customer_key: "C-2", opportunity_key: "O-2" },
      {
        key: "P-3",
        code: "C",
        name: "Rollout",
        customer_key: "C-3",
        contract_ref: "k 2026 005",
        contract_key: "unlinked:k 2026 005",
      },
    ]);
    expect(await suggestions("won-sales", "O-1")).toMatchObject([
      {
        reason: "the same name, the same client",
        isUnique: true,
        step: {
          kind: "name",
          into: { entity: "project", key: "P-1" },
          named: { entity: "opportunity", key: "O-1" },
        },
      },
    ]);
    expect(await found("won-sales", "O-2")).toEqual([]);
    expect(await found("signed-contracts", "K-1")).toEqual([
      ["psa-P-1", "the same name, the same client", true],
    ]);
    expect(await found("signed-contracts", "K-2")).toEqual([
      ["psa-P-3", "the same contract number k 2026 005", true],
    ]);
  });
});

describe("a person", () => {
  it("is found by name, whichever comes first, and is not the only one beside a namesake", async () => {
    await put("psa", "resource", [
      { key: "E-1", name: "Lucía Okonkwo", is_active: 1 },
      { key: "E-2", name: "Bram Quill", is_active: 1 },
    ]);
    await put("erp", "resource", [
      unlinked("1", { name: "Okonkwo, Lucia", is_active: 1 }),
      unlinked("2", { name: "Bram Quill", is_active: 1 }),
      unlinked("3", { name: "Bram Quill", is_active: 0 }),
      { key: "E-3", name: "Lucia Okonkwo" },
    ]);
    await put("psa", "resource", [{ key: "E-3", name: "Lucia Marlowe", is_active: 1 }]);
    // The namesake E-3 is somebody, so she is none; but the name alone no longer tells who is meant.
    expect(await found("resources", "E-1")).toEqual([["1", "the same name", false]]);
    expect(await found("resources", "E-2")).toEqual([
      ["2", "the same name", false],
      ["3", "the same name", false],
    ]);
  });

  it("has to be given a number where neither system knows one", async () => {
    await put("psa", "resource", [unlinked("1", { name: "Bram Quill", is_active: 1 })]);
    await put("erp", "resource", [unlinked("9", { name: "Bram Quill", is_active: 1 })]);
    const result = await suggest(store, {
      comparison: "resources",
      kind: "unlinked",
      key: "resources|left|unlinked",
      affected: ["unlinked:1"],
    });
    expect(result?.records[0]?.suggestions).toMatchObject([{ isUnique: true, step: { kind: "both" } }]);
  });
});

describe("what is booked and spent", () => {
  const on = { project_key: "P-1", resource_key: "E-1" };

  it("is found by what it is about", async () => {
    await put("psa", "task", [{ key: "T-1", name: "Build & test", project_key: "P-1", is_open: 1 }]);
    await put("erp", "task", [
      unlinked("1", { name: "Build and test", project_key: "P-1", is_open: 0 }),
      unlinked("2", { name: "Build and test", project_key: "P-2", is_open: 1 }),
    ]);
    expect(await found("tasks", "T-1")).toEqual([["1", "the same name, the same project", true]]);

    await put("psa", "assignment", [{ key: "A-1", ...on, start_on: "2026-01-05" }]);
    await put("erp", "assignment", [
      unlinked("3", { ...on, start_on: "2026-03-01" }),
      unlinked("4", { ...on, start_on: "2026-01-05" }),
      unlinked("5", { ...on, resource_key: "E-2", start_on: "2026-01-05" }),
    ]);
    expect(await found("assignments", "A-1")).toEqual([
      ["4", "the same person, project and start date", true],
      ["3", "the same person and project", false],
    ]);

    const cost = { resource_key: "E-1", incurred_on: "2026-05-04", amount: "42.10", currency: "EUR" };
    await put("psa", "expense", [{ key: "X-1", ...cost }]);
    await put("erp", "expense", [
      unlinked("6", cost),
      unlinked("7", { ...cost, amount: "42.11" }),
      unlinked("8", { ...cost, currency: "USD" }),
    ]);
    expect(await found("expenses", "X-1")).toEqual([
      ["6", "the same person, day, amount and currency", true],
    ]);

    const due = { name: "Go live", project_key: "P-1", amount: "10000", currency: "EUR" };
    await put("psa", "milestone", [{ key: "M-1", ...due }]);
    await put("erp", "milestone", [unlinked("9", { ...due, amount: "9000" }), unlinked("10", due)]);
    expect(await found("milestones", "M-1")).toEqual([
      ["10", "the same name, the same project and amount", true],
      ["9", "the same name, the same project", false],
    ]);
  });

  it("finds time by person, project, day and hours; what hangs on a record nobody linked is never found", async () => {
    const line = { ...on, work_on: "2026-05-04", hours: "6.5", is_approved: 1 };
    await put("psa", "time_entry", [
      { key: "t1", ...line },
      { key: "t2", ...line, project_key: "unlinked:3" },
      { key: "t3", ...line, resource_key: "E-9" },
    ]);
    await put("erp", "time_entry", [
      unlinked("1", line),
      unlinked("2", { ...line, hours: "2" }),
      unlinked("3", { ...line, work_on: "2026-05-05" }),
      unlinked("4", { ...line, project_key: "unlinked:3" }),
      { key: "t3", ...line, resource_key: "E-9", is_approved: 0 },
    ]);
    expect(await found("time", "t1")).toEqual([
      ["1", "the same person, project, day and hours", true],
      ["2", "the same person, project and day", false],
    ]);
    expect(await found("time", "t2")).toEqual([]);
    // Linked, only not there as it must be: that is another matter.
    expect(await found("time", "t3")).toEqual([]);
  });

  it("finds the lines of delivery for those typed in by hand", async () => {
    const line = { ...on, work_on: "2026-05-04", hours: "6.5", is_approved: 1 };
    await put("psa", "time_entry", [{ key: "t1", ...line }]);
    await put("erp", "time_entry", [unlinked("1", line), unlinked("2", { ...line, work_on: "2026-05-06" })]);
    const result = await suggest(store, {
      comparison: "time",
      kind: "unlinked",
      key: "time|right|unlinked",
      affected: ["unlinked:1", "unlinked:2"],
    });
    expect(result).toMatchObject({ from: "erp", to: "psa", lookedAt: 2, of: 2 });
    expect(result?.records).toMatchObject([
      {
        record: { nativeId: "1", called: "6.5 h on 2026-05-04" },
        suggestions: [
          {
            record: { role: "psa", key: "t1" },
            isUnique: true,
            step: { kind: "write", into: { role: "erp", nativeId: "1" }, key: "t1", replaces: "" },
          },
        ],
      },
    ]);
  });
});

describe("no suggestion is made", () => {
  it("for what is not about a record without a partner", async () => {
    for (const [comparison, kind, key] of [
      ["clients", "mismatch", "C-1"],
      ["time", "duplicate_key", "time|left|duplicate_key"],
      ["customer-names-erp", "missing_right", "C-1"],
      ["", "gate", "crm|accounts"],
    ] as const)
      expect(await suggest(store, { comparison, kind, key })).toBeNull();
  });
});
