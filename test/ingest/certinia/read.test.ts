import { afterEach, describe, expect, it } from "vitest";
import { msOf } from "#core/time";
import type { MappedOf } from "#ingest/connector";
import { changesOf, mapAll, readAll, SOMEBODY, type World } from "../salesforce/org.ts";
import { APPROVED, certiniaWorld, seed, week } from "./firm.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (...args: Parameters<typeof certiniaWorld>) => {
  const w = await certiniaWorld(...args);
  world = w;
  const mapped = async (name: string) => mapAll(w.stream(name), (await readAll(w.stream(name))).records);
  return { w, firm: seed(w), mapped };
};
const CARD = "pse__Timecard_Header__c";

describe("what Certinia's records become", () => {
  it("makes a week seven days, each under the timecard's id and its date", async () => {
    const { w, firm, mapped } = await open();
    const id = firm.timecard(null, "2026-11-12T10:00:00.000Z", {
      pse__Monday_Notes__c: "Kick-off",
      ...APPROVED,
    });
    const days = (await mapped(CARD)) as MappedOf<"time_entry">[];
    expect(days.map((d) => [d.nativeId, d.data.work_on, d.data.hours, d.deleted])).toEqual([
      [`${id}_2026-11-08`, "2026-11-08", "0", true],
      [`${id}_2026-11-09`, "2026-11-09", "8", false],
      [`${id}_2026-11-10`, "2026-11-10", "7.5", false],
      [`${id}_2026-11-11`, "2026-11-11", "0", true],
      [`${id}_2026-11-12`, "2026-11-12", "0", true],
      [`${id}_2026-11-13`, "2026-11-13", "0", true],
      [`${id}_2026-11-14`, "2026-11-14", "0", true],
    ]);
    expect(days[1]).toEqual({
      entity: "time_entry",
      nativeId: `${id}_2026-11-09`,
      key: `${id}_2026-11-09`,
      keys: { project_key: firm.project, task_key: firm.task, assignment_key: firm.assignment },
      deleted: false,
      data: {
        project_ref: firm.project,
        task_ref: firm.task,
        resource_ref: firm.person,
        assignment_ref: firm.assignment,
        work_on: "2026-11-09",
        hours: "8",
        is_billable: true,
        status: "Approved",
        is_submitted: false,
        is_approved: true,
        is_invoiced: false,
        bill_rate: "225",
        currency: "USD",
        note: "Kick-off",
        recorded_at: "2026-11-12T10:00:00.000Z",
      },
    });
    expect(w.source.recordUrl("time_entry", `${id}_2026-11-09`)).toBe(`${w.server.url}/${id}`);
  });

  it("follows the org's own first day of the week", async () => {
    const { w } = await open();
    const row = {
      Id: "a3C",
      CreatedDate: "2026-11-12T10:00:00.000+0000",
      pse__Start_Date__c: "2026-11-09",
      pse__End_Date__c: "2026-11-15",
      ...week("1", "2", "3", "4", "5", "6", "7"),
    };
    const days = mapAll(w.stream(CARD), [row]) as MappedOf<"time_entry">[];
    expect(days.map((d) => d.data.hours)).toEqual(["2", "3", "4", "5", "6", "7", "1"]);
  });

  it("counts time as approved only when it is in the financials, unless told otherwise", async () => {
    const flags = { ...APPROVED, pse__Include_In_Financials__c: false };
    const { firm, mapped } = await open();
    firm.timecard(null, "2026-11-12T10:00:00.000Z", flags);
    expect(((await mapped(CARD)) as MappedOf<"time_entry">[]).some((d) => d.data.is_approved)).toBe(false);
    await world?.close();
    const other = await open({ requireInFinancials: false });
    other.firm.timecard(null, "2026-11-12T10:00:00.000Z", flags);
    expect(((await other.mapped(CARD)) as MappedOf<"time_entry">[]).every((d) => d.data.is_approved)).toBe(
      true,
    );
  });

  it("rejects a day of more than 24 hours, of less than none, and a week that is not one", async () => {
    const { w } = await open();
    const row = {
      Id: "a3C",
      CreatedDate: "2026-11-12T10:00:00.000+0000",
      pse__Start_Date__c: "2026-11-08",
      pse__End_Date__c: "2026-11-14",
      ...week(),
    };
    const map = (change: object) => w.stream(CARD).map({ ...row, ...change });
    expect(map({ pse__Monday_Hours__c: 24 })).toMatchObject({ ok: true });
    expect(map({ pse__Monday_Hours__c: 24.5 })).toMatchObject({ ok: false, reason: "out-of-range" });
    expect(map({ pse__Monday_Hours__c: -3 })).toMatchObject({ ok: false, reason: "out-of-range" });
    expect(map({ pse__Monday_Hours__c: "eight" })).toMatchObject({ ok: false, reason: "bad-number" });
    expect(map({ pse__End_Date__c: "2026-11-15" })).toMatchObject({ ok: false, reason: "out-of-range" });
    expect(map({ pse__Start_Date__c: null })).toMatchObject({ ok: false, reason: "bad-date" });
    expect(map({ pse__Approved__c: "perhaps" })).toMatchObject({ ok: false, reason: "unknown-value" });
    for (const stream of w.source.streams)
      for (const junk of [null, 7, "x", [], {}, { Id: 5 }, { Id: "x", LastModifiedDate: [] }]) {
        expect(() => stream.map(junk)).not.toThrow();
        expect(stream.identify(junk).ok).toBe(false);
      }
  });

  it("makes projects, tasks, people and rate cards", async () => {
    const { w, firm, mapped } = await open();
    const card = w.put(
      "pse__Rate_Card__c",
      null,
      {
        pse__Account__c: firm.account,
        pse__Role__c: "Consultant",
        pse__Suggested_Bill_Rate__c: "235.5",
        pse__Average_Cost_Rate__c: "95",
        pse__Start_Date__c: "2026-07-01",
        CurrencyIsoCode: "USD",
      },
      "2026-09-02T09:00:00.000Z",
    );
    w.put(
      "pse__Proj__c",
      null,
      {
        Name: "Template",
        Project_Code__c: "T",
        pse__Account__c: firm.account,
        pse__Is_Active__c: true,
        pse__Is_Billable__c: true,
        pse__Is_Template__c: true,
      },
      "2026-09-02T09:00:00.000Z",
    );
    expect(await mapped("pse__Proj__c")).toMatchObject([
      {
        key: firm.project,
        keys: { customer_key: firm.account },
        data: {
          code: "NWC-014",
          is_active: true,
          is_billable: true,
          start_on: "2026-09-01",
          end_on: "2027-03-31",
          legal_entity: "US01",
          currency: "USD",
        },
      },
      { data: { name: "Template", is_active: false, is_billable: false } },
    ]);
    expect(await mapped("pse__Project_Task__c")).toMatchObject([
      { key: firm.task, keys: { project_key: firm.project }, data: { is_open: true, is_billable: true } },
    ]);
    expect(await mapped("Contact")).toMatchObject([
      {
        nativeId: firm.person,
        key: "E-2071",
        data: { role_name: "Consultant", cost_rate: "92.5", is_active: true, legal_entity: "US01" },
      },
    ]);
    expect(await mapped("pse__Rate_Card__c")).toMatchObject([
      { entity: "rate_card", nativeId: card, keys: { customer_key: firm.account } },
      {
        entity: "rate_line",
        nativeId: card,
        keys: { customer_key: firm.account },
        data: {
          card_ref: card,
          rate: "235.5",
          role_name: "Consultant",
          effective_from: "2026-07-01",
          effective_to: "1970-01-01",
        },
      },
    ]);
  });

  it("gives milestones and expenses with their decisions", async () => {
    const { w, firm, mapped } = await open();
    w.put(
      "pse__Milestone__c",
      null,
      {
        Name: "Go-live",
        pse__Project__c: firm.project,
        pse__Milestone_Amount__c: "60000",
        pse__Target_Date__c: "2027-01-15",
        pse__Status__c: "Planned",
        CurrencyIsoCode: "USD",
      },
      "2026-09-02T09:00:00.000Z",
    );
    w.put(
      "pse__Expense__c",
      null,
      {
        pse__Project__c: firm.project,
        pse__Resource__c: firm.person,
        pse__Amount__c: "412.6",
        pse__Expense_Date__c: "2026-11-17",
        pse__Status__c: "Approved",
        pse__Approved__c: true,
        pse__Billable__c: true,
        CurrencyIsoCode: "USD",
      },
      "2026-11-18T09:00:00.000Z",
    );
    expect(await mapped("pse__Milestone__c")).toMatchObject([
      { data: { amount: "60000", due_on: "2027-01-15", is_accepted: false } },
    ]);
    expect(await mapped("pse__Expense__c")).toMatchObject([
      { data: { amount: "412.6", incurred_on: "2026-11-17", is_approved: true, is_billable: true } },
    ]);
  });
});

describe("reading Certinia's assignments", () => {
  const ASSIGNMENT = "pse__Assignment__c";

  it("takes dates from the schedule, and reads an assignment again when only its schedule moved", async () => {
    const { w, firm, mapped } = await open();
    expect(await mapped(ASSIGNMENT)).toMatchObject([
      {
        nativeId: firm.assignment,
        data: {
          start_on: "2026-09-07",
          end_on: "2027-01-29",
          allocation_pct: "100",
          bill_rate: "225",
          is_active: true,
        },
      },
    ]);
    const { bookmark } = await readAll(w.stream(ASSIGNMENT));
    w.put("pse__Schedule__c", firm.schedule, { pse__End_Date__c: "2027-02-26" }, "2026-11-20T14:59:00.000Z");
    w.clock.advance(5 * 60_000);
    const stream = w.stream(ASSIGNMENT);
    const again = await readAll(stream, bookmark);
    expect(mapAll(stream, again.records)).toMatchObject([
      { nativeId: firm.assignment, data: { end_on: "2027-02-26" } },
    ]);
    expect(stream.identify(again.records[0])).toMatchObject({ changedAt: "2026-11-20T14:59:00.000Z" });
    expect(await stream.countOn?.("2026-11-20")).toBe(1n);
    expect(await stream.countOn?.("2026-09-01")).toBe(0n);
  });

  it("gives no bookmark from which a schedule's change could be lost", async () => {
    const { w, firm } = await open({ overlapMinutes: 0 }, { pageSize: 2 });
    const { bookmark } = await readAll(w.stream(ASSIGNMENT));
    w.put("pse__Schedule__c", firm.schedule, { pse__End_Date__c: "2027-02-26" }, "2026-11-20T15:01:00.000Z");
    for (let n = 0; n < 5; n++)
      w.put(
        ASSIGNMENT,
        null,
        {
          Name: `A${n}`,
          pse__Project__c: firm.project,
          pse__Resource__c: firm.person,
          pse__Status__c: "Scheduled",
          pse__Bill_Rate__c: "1",
        },
        `2026-11-20T15:0${n + 2}:00.000Z`,
      );
    w.clock.advance(20 * 60_000);
    const whole = await readAll(w.stream(ASSIGNMENT), bookmark);
    expect(new Set(whole.ids).size).toBe(6);
    for (const [n, page] of whole.pages.entries()) {
      if (page.bookmark === null) continue;
      const rest = await readAll(w.stream(ASSIGNMENT), page.bookmark);
      const left = whole.pages.slice(n + 1).flatMap((p) => p.records);
      for (const record of left) expect(rest.records).toContainEqual(record);
    }
    expect(whole.pages[0]?.bookmark).toBeNull();
  });

  it("works out the share of time from the schedule's week where none is named", async () => {
    const { w } = await open();
    const row = {
      Id: "a1A",
      LastModifiedDate: "2026-11-12T10:00:00.000+0000",
      pse__Schedule__r: week("0", "4", "4", "4", "4", "4", "0"),
    };
    expect(mapAll(w.stream(ASSIGNMENT), [row])).toMatchObject([{ data: { allocation_pct: "50.00" } }]);
  });
});

describe("the package's background jobs", () => {
  it("leave a record as it was when they move its stamp and nothing else", async () => {
    const { w, firm } = await open();
    const stream = w.stream("pse__Proj__c");
    const before = await readAll(stream);
    w.org.recalculate("pse__Proj__c", [firm.project], msOf("2026-11-20T14:59:00.000Z"));
    const after = await readAll(stream, before.bookmark);
    expect(after.ids).toEqual([firm.project]);
    expect(after.records).toEqual(before.records);
    expect(stream.identify(after.records[0])).toMatchObject({ changedAt: "2026-09-01T09:00:00.000Z" });
  });
});

describe("Certinia's change log", () => {
  it("says which day's hours changed, and tells every day of a status", async () => {
    const { w, firm } = await open();
    const id = firm.timecard(null, "2026-11-12T10:00:00.000Z");
    firm.timecard(id, "2026-11-13T10:00:00.000Z", {
      pse__Monday_Hours__c: "6",
      pse__Status__c: "Submitted",
      pse__Submitted__c: true,
    });
    const stream = w.stream("pse__Timecard_Header__History");
    const changes = changesOf(stream, (await readAll(stream)).records).filter(
      (c) => c.field !== "raw:created",
    );
    expect(changes.filter((c) => c.field === "hours")).toEqual([
      expect.objectContaining({
        entity: "time_entry",
        nativeId: `${id}_2026-11-09`,
        oldValue: "8",
        newValue: "6",
        actor: SOMEBODY,
        changedAt: "2026-11-13T10:00:00.000Z",
      }),
    ]);
    expect(
      changes.filter((c) => c.field === "status").map((c) => [c.nativeId, c.oldValue, c.newValue]),
    ).toEqual(
      ["08", "09", "10", "11", "12", "13", "14"].map((d) => [`${id}_2026-11-${d}`, "Saved", "Submitted"]),
    );
  });

  it("names references by id, not also by name", async () => {
    const { w, firm } = await open();
    const other = w.put(
      "Contact",
      null,
      { LastName: "Other", pse__Is_Resource__c: true, pse__Is_Resource_Active__c: true },
      "2026-09-02T09:00:00.000Z",
    );
    w.put(
      "pse__Assignment__c",
      firm.assignment,
      { pse__Resource__c: other, pse__Bill_Rate__c: "235" },
      "2026-11-12T10:00:00.000Z",
    );
    const stream = w.stream("pse__Assignment__History");
    const changes = changesOf(stream, (await readAll(stream)).records).filter(
      (c) => c.field !== "raw:created",
    );
    expect(changes.map((c) => [c.field, c.oldValue, c.newValue]).sort()).toEqual([
      ["bill_rate", "225", "235"],
      ["resource_ref", firm.person, other],
    ]);
  });

  it("reads deleted timecards so that every one of their days can go", async () => {
    const { w, firm } = await open();
    const id = firm.timecard(null, "2026-11-12T10:00:00.000Z");
    w.org.remove(CARD, id, { at: msOf("2026-11-13T10:00:00.000Z"), by: SOMEBODY });
    const { records } = await readAll(w.stream(CARD));
    expect(w.stream(CARD).identify(records[0])).toMatchObject({ nativeId: id, deleted: true });
    expect(mapAll(w.stream(CARD), records)).toHaveLength(7);
  });
});
