import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { sameValue } from "#core/decimal";
import { ENTITY_SCHEMAS, OPTIONAL_FIELDS } from "#core/entities";
import type { Source } from "#ingest/connector";
import type { Row } from "./fake-redmine.ts";
import { changesOf, mapAll, openWorld, readAll, type World } from "./world.ts";

/** Answers of a Redmine 5.0.4. */
const recorded = JSON.parse(
  readFileSync(new URL("./fixtures/recorded.json", import.meta.url), "utf8"),
) as Record<"users" | "projects" | "issues" | "time_entries", (Row & { id: number })[]>;

let world: World;
beforeAll(async () => {
  world = await openWorld({ roleField: null });
  const put = (kind: "users" | "projects" | "issues" | "times", row: Row & { id: number }) => {
    const { created_on, updated_on, ...rest } = row;
    world.fake.put(kind, rest, { at: Date.parse(String(updated_on)) }).created = Date.parse(
      String(created_on),
    );
  };
  for (const user of recorded.users) put("users", { ...user, status: 1 });
  for (const project of recorded.projects) put("projects", project);
  for (const { journals, ...issue } of recorded.issues) {
    put("issues", issue);
    world.fake.journals.set(issue.id, journals as Row[]);
  }
  for (const entry of recorded.time_entries) put("times", entry);
});
afterAll(() => world?.close());

const streamOf = (source: Source, name: string) => {
  const found = source.streams.find((s) => s.name === name);
  if (!found) throw new Error(`No stream ${name}`);
  return found;
};
const mapped = async (name: string, source = world.source) => {
  const stream = streamOf(source, name);
  return mapAll(stream, (await readAll(stream)).records);
};
const first = async (name: string) => (await readAll(world.stream(name))).records[0] as Row;
const withField = (row: Row, name: string, value: unknown): Row => ({
  ...row,
  custom_fields: (row.custom_fields as Row[]).map((f) => (f.name === name ? { ...f, value } : f)),
});

describe("what a Redmine answered, in canonical words", () => {
  it("has the client, its engagements and who works on them", async () => {
    expect(await mapped("projects")).toEqual([
      {
        entity: "customer",
        nativeId: "7",
        key: "C-2001",
        data: { name: "Fabrikam", legal_entity: "DE01", currency: "EUR", is_active: true, rate_card_ref: "" },
      },
      {
        entity: "project",
        nativeId: "8",
        key: "fab-rollout",
        keys: { customer_key: "C-2001" },
        data: {
          code: "fab-rollout",
          name: "Fabrikam rollout",
          customer_ref: "7",
          opportunity_ref: "",
          manager: "",
          status: "active",
          is_active: true,
          is_billable: true,
          billing_type: "",
          start_on: "1970-01-01",
          end_on: "1970-01-01",
          currency: "EUR",
          legal_entity: "DE01",
        },
      },
      expect.objectContaining({
        nativeId: "9",
        data: expect.objectContaining({ status: "closed", is_active: false }),
      }),
    ]);
    expect(await mapped("users")).toMatchObject([
      { nativeId: "1", key: null, data: { employee_no: "", role_name: "" } },
      { nativeId: "5", key: "E001", data: { name: "Ada Lovelace", is_active: true, cost_rate: null } },
    ]);
  });

  it("has tasks, allocations and rate lines", async () => {
    expect(await mapped("tasks")).toEqual([
      {
        entity: "task",
        nativeId: "10",
        key: "10",
        data: { project_ref: "8", name: "build it", status: "New", is_open: true, is_billable: true },
      },
    ]);
    expect(await mapped("allocations")).toEqual([
      {
        entity: "assignment",
        nativeId: "11",
        key: "10|E001",
        data: {
          project_ref: "8",
          resource_ref: "5",
          role_name: "",
          start_on: "2026-10-05",
          end_on: "2027-01-31",
          allocation_pct: "80",
          hours: "0",
          bill_rate: "165",
          currency: "EUR",
          status: "New",
          is_active: true,
          is_billable: true,
        },
      },
    ]);
    expect((await mapped("rate_lines"))[1]).toEqual({
      entity: "rate_line",
      nativeId: "12",
      key: "12",
      keys: { customer_key: "C-2001" },
      data: {
        card_ref: "12",
        customer_ref: "7",
        project_ref: "",
        role_name: "Senior Consultant",
        currency: "USD",
        rate: "1300",
        effective_from: "2026-10-01",
        effective_to: "2027-09-30",
        is_signed: true,
      },
    });
  });

  it("has time entries with the hours Redmine shows, and changes from its journals", async () => {
    expect(await mapped("time_entries")).toEqual([
      {
        entity: "time_entry",
        nativeId: "6",
        key: "6",
        keys: {},
        data: {
          project_ref: "8",
          task_ref: "",
          resource_ref: "5",
          assignment_ref: "",
          work_on: "2026-11-12",
          hours: "7.33",
          is_billable: true,
          status: "approved",
          is_approved: true,
          is_invoiced: false,
          bill_rate: null,
          currency: "EUR",
          note: "no issue",
          recorded_at: "2026-11-21T14:22:07.000Z",
        },
      },
      expect.objectContaining({ key: "7", keys: { task_key: "10" } }),
    ]);
    const journals = world.stream("journals");
    const changes = changesOf(journals, (await readAll(journals)).records);
    expect(changes.map((c) => [c.entity, c.field, c.oldValue, c.newValue])).toEqual([
      ["task", "raw:child_id", "", "11"],
      ["task", "name", "build", "build it"],
      ["assignment", "end_on", "2026-12-18", "2027-01-31"],
      ["assignment", "allocation_pct", "62.5", "80"],
      ["rate_line", "rate", "1234.56", "1300"],
    ]);
  });
});

describe("what the settings say about the same records", () => {
  it("approval by convention, activities that are not billed, and no client projects", async () => {
    const source = world.reopen({
      approvalField: null,
      nonBillableActivities: ["Design"],
      clientProjects: "none",
    });
    const times = await mapped("time_entries", source);
    expect(times.map((t) => t.data)).toMatchObject([
      { is_approved: true, is_billable: true, status: "" },
      { is_approved: true, is_billable: false },
    ]);
    expect((await mapped("projects", source)).map((p) => [p.entity, p.key, p.keys])).toEqual([
      ["project", "fabrikam", { customer_key: "C-2001" }],
      ["project", "fab-rollout", { customer_key: "C-2001" }],
      ["project", "fab-closed", { customer_key: "C-2001" }],
    ]);
    expect(source.lacks?.customer).toBeUndefined();
    expect(source.lacks?.time_entry).toContain("is_approved");
  });

  it("which values mean approved", async () => {
    const stream = streamOf(world.reopen({ approvedValues: ["submitted", "approved"] }), "time_entries");
    const entry = await first("time_entries");
    const approved = (value: unknown) =>
      mapAll(stream, [withField(entry, "Approval", value)]).map(
        (r) => (r.data as { is_approved: boolean }).is_approved,
      );
    expect(["submitted", "approved", "draft", "", null].map(approved)).toEqual([
      [true],
      [true],
      [false],
      [false],
      [false],
    ]);
  });

  it("where dates, code, opportunity and currency of a project are kept", async () => {
    const fields = ["From", "To", "Code", "Deal", "Money", "Bill"].map((name, n) => ({
      id: 20 + n,
      name,
      customized_type: "project",
      field_format: "string",
      multiple: false,
    }));
    world.fake.customFields.push(...fields);
    const source = world.reopen({
      projectStartField: "From",
      projectEndField: "To",
      projectCodeField: "Code",
      opportunityField: "Deal",
      projectCurrencyField: "Money",
      billableField: "Bill",
    });
    const stream = streamOf(source, "projects");
    const [, row] = (await readAll(world.stream("projects"))).records;
    const values = ["2026-10-01", "2027-03-31", "FAB-1", "SO7", "USD", "0"];
    const custom_fields = fields.map((f, n) => ({ id: f.id, name: f.name, value: values[n] }));
    expect(mapAll(stream, [{ ...row, custom_fields }])).toMatchObject([
      {
        keys: { customer_key: "C-2001", opportunity_key: "SO7" },
        data: {
          start_on: "2026-10-01",
          end_on: "2027-03-31",
          code: "FAB-1",
          currency: "USD",
          is_billable: false,
        },
      },
    ]);
    for (const [name, value, reason] of [
      ["From", "1 October", "bad-date"],
      ["Money", "dollars", "unknown-value"],
      ["Bill", "perhaps", "unknown-value"],
    ])
      expect(
        stream.map({
          ...row,
          custom_fields: custom_fields.map((f) => (f.name === name ? { ...f, value } : f)),
        }),
      ).toMatchObject({ ok: false, reason, detail: expect.stringContaining(String(value)) });
    world.fake.customFields.splice(-fields.length);
  });
});

describe("what cannot be understood", () => {
  it("is rejected in words that name the field and what it held", async () => {
    const [allocation, rate] = [await first("allocations"), await first("rate_lines")];
    const said = (name: string, row: Row) => {
      const result = world.stream(name).map(row);
      return result.ok ? "understood" : `${result.reason}: ${result.detail}`;
    };
    const pct = (value: unknown) => said("allocations", withField(allocation, "Allocation %", value));
    expect(pct(["50", "80"])).toContain('Allocation % should hold one value and holds ["50","80"]');
    expect(pct("half")).toBe('bad-number: Allocation % should be a number and holds "half".');
    expect(pct("")).toBe("bad-number: Allocation % is empty.");
    expect(pct("-5")).toContain("out-of-range");
    expect(pct(["50"])).toBe("understood");
    expect(said("rate_lines", withField(rate, "Currency", "Euro"))).toContain("ISO 4217");
    expect(said("rate_lines", withField(rate, "Hourly rate", null))).toBe(
      "bad-number: Hourly rate is empty.",
    );
    expect(said("time_entries", { ...(await first("time_entries")), hours: 25 })).toContain(
      "a day has 0 to 24",
    );
    expect(
      said("time_entries", {
        ...(await first("time_entries")),
        custom_fields: [{ id: 4, name: "Freigabe", value: "approved" }],
      }),
    ).toBe("missing-key: The record does not carry a field named Approval.");
    expect(said("tasks", { ...(await first("tasks")), status: { id: 1, name: "New" } })).toContain(
      "does not say",
    );
  });

  it("never ends a mapping otherwise than with records of the right shape or a reason", async () => {
    const values = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom("7.5", "1e5", "1,5", "NaN", "2026-13-01", "C-1", ["a", "b"], -1, 1e300),
    );
    for (const name of [
      "users",
      "projects",
      "tasks",
      "allocations",
      "rate_lines",
      "time_entries",
      "journals",
    ]) {
      const stream = world.stream(name);
      const row = await first(name);
      const member = fc.constantFrom(...Object.keys(row));
      const customized = fc.constantFrom(
        ...((row.custom_fields ?? []) as Row[]).map((f) => String(f.name)),
        "none",
      );
      fc.assert(
        fc.property(member, customized, values, values, (field, custom, value, inField) => {
          const odd: Row = {
            ...row,
            ...(row.custom_fields ? withField(row, custom, inField) : {}),
            [field]: value,
          };
          const result = stream.map(odd);
          if (!result.ok) return result.detail !== "";
          return result.records.every((r) => {
            const optional = new Set<string>(OPTIONAL_FIELDS[r.entity]);
            const fields = Object.entries(ENTITY_SCHEMAS[r.entity].shape);
            const held = z.object(
              Object.fromEntries(fields.filter(([f]) => f in r.data || !optional.has(f))),
            );
            return r.nativeId !== "" && held.safeParse(r.data).success;
          });
        }),
        { numRuns: 300 },
      );
    }
  });

  it("keeps every digit of hours, rates and shares", async () => {
    const [allocation, entry] = [await first("allocations"), await first("time_entries")];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2400 }), fc.integer({ min: 0, max: 99_999_999 }), (h, r) => {
        const hours = h / 100;
        const rate = `${Math.floor(r / 10_000)}.${String(r % 10_000).padStart(4, "0")}`;
        const records = [
          ...mapAll(world.stream("time_entries"), [{ ...entry, hours }]),
          ...mapAll(world.stream("allocations"), [withField(allocation, "Hourly rate", rate)]),
        ];
        const [booked = "", billed = ""] = records.map(({ data }) =>
          "bill_rate" in data && data.bill_rate !== null ? data.bill_rate : "hours" in data ? data.hours : "",
        );
        expect(booked).toBe(String(hours));
        expect(sameValue(billed, rate)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
