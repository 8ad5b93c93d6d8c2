/** What a write leaves behind: stamps, history, tombstones, and rows that show up late. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { normalId, recordId, withSuffix } from "#sandbox/salesforce/ids";
import { DATA, STAFF, type Staffed, staff, startTestOrg, type TestOrg } from "./org-server.ts";

let t: TestOrg;
let firm: Staffed;
beforeEach(async () => {
  t = await startTestOrg();
  firm = staff(t);
});
afterEach(() => t.close());

const DAY = 86_400_000;

describe("ids", () => {
  it("carry the vendor's checksum and survive being cut to 15 characters", () => {
    // From the vendor's own documentation of the two forms.
    expect(withSuffix("001A0000006Vm9r")).toBe("001A0000006Vm9rIAC");
    const id = recordId("a2d", 123_456_789);
    expect(id).toMatch(/^a2dHs[0-9A-Za-z]{10}[A-Z0-5]{3}$/);
    expect(normalId(id.slice(0, 15))).toBe(id);
    expect(normalId(`${id.slice(0, 17)}9`)).toBeNull();
  });

  it("are the same in every run of the same writes", async () => {
    const again = await startTestOrg();
    expect(staff(again)).toEqual(firm);
    await again.close();
  });

  it("start with their object's prefix", () => {
    const prefixes = Object.values(firm).map((id) => id.slice(0, 3));
    expect(prefixes).toEqual(["001", "a2d", "003", "a30", "a1A"]);
  });
});

describe("stamps", () => {
  it("hold whole seconds and the user who did it", () => {
    t.write("Account", firm.account, { Name: "Northwind" }, "2026-11-02T08:00:00.750Z");
    expect(t.org.get("Account", firm.account)).toMatchObject({
      Name: "Northwind",
      CreatedDate: Date.parse("2026-11-01T08:00:00Z"),
      SystemModstamp: Date.parse("2026-11-02T08:00:00Z"),
      LastModifiedDate: Date.parse("2026-11-02T08:00:00Z"),
      LastModifiedById: STAFF,
    });
  });

  it("of a background job move SystemModstamp alone and leave no history", async () => {
    t.org.recalculate("pse__Proj__c", [firm.project], Date.parse("2026-11-09T02:00:00Z"));
    const { records } = await t.query("SELECT SystemModstamp, LastModifiedDate FROM pse__Proj__c");
    expect(records[0]).toMatchObject({
      SystemModstamp: "2026-11-09T02:00:00.000+0000",
      LastModifiedDate: "2026-11-01T08:00:00.000+0000",
    });
    expect((await t.query("SELECT Field FROM pse__Proj__History")).records.map((r) => r.Field)).toEqual([
      "created",
    ]);
  });
});

describe("history", () => {
  it("has a row per tracked field that changed, with both values and the actor", async () => {
    t.write("pse__Assignment__c", firm.assignment, {
      pse__Bill_Rate__c: "235.0000",
      pse__Role__c: "Architect",
    });
    t.write("pse__Assignment__c", firm.assignment, { pse__Bill_Rate__c: "235" });
    const { records } = await t.query(
      "SELECT ParentId, Parent.Name, Field, DataType, OldValue, NewValue, CreatedById FROM pse__Assignment__History ORDER BY CreatedDate, Id",
    );
    expect(records.map(({ attributes: _a, Parent: _p, ...row }) => row)).toEqual([
      {
        ParentId: firm.assignment,
        Field: "created",
        DataType: "Text",
        OldValue: null,
        NewValue: null,
        CreatedById: STAFF,
      },
      {
        ParentId: firm.assignment,
        Field: "pse__Bill_Rate__c",
        DataType: "Currency",
        OldValue: 225,
        NewValue: 235,
        CreatedById: STAFF,
      },
    ]);
    expect(records[0]?.Parent).toMatchObject({ Name: "Dana on EHR" });
  });

  it("logs a lookup twice: by name and by id", async () => {
    const other = t.write("Contact", null, { FirstName: "Ravi", LastName: "Menon" });
    t.write("pse__Assignment__c", firm.assignment, { pse__Resource__c: other });
    const { records } = await t.query(
      "SELECT OldValue, NewValue FROM pse__Assignment__History WHERE Field = 'pse__Resource__c' ORDER BY Id",
    );
    expect(records.map((r) => [r.OldValue, r.NewValue])).toEqual([
      ["Dana Whitfield", "Ravi Menon"],
      [firm.person, other],
    ]);
  });

  it("is not kept for schedules", async () => {
    expect(t.org.table("pse__Schedule__History")).toBeUndefined();
    expect((await t.call("GET", `${DATA}/sobjects/pse__Schedule__History/describe`)).status).toBe(404);
  });
});

describe("a transaction that commits late", () => {
  it("lands behind a reader's bookmark, and getUpdated says so beforehand", async () => {
    t.write("Account", firm.account, { Name: "Late" }, "2026-11-20T09:50:00Z", "2026-11-20T10:05:00Z");
    const fresh = t.write("Account", null, { Name: "New" }, "2026-11-20T09:55:00Z", "2026-11-20T10:05:00Z");
    const seen = async () =>
      (await t.query("SELECT Name FROM Account WHERE SystemModstamp >= 2026-11-20T09:00:00Z")).records.map(
        (r) => r.Name,
      );
    expect(await seen()).toEqual([]);
    expect((await t.query(`SELECT Name FROM Account WHERE Id = '${firm.account}'`)).records[0]?.Name).toBe(
      "Northwind Clinics",
    );
    expect((await t.call("GET", `${DATA}/sobjects/Account/${fresh}`)).status).toBe(404);
    expect((await t.query("SELECT Id FROM AccountHistory WHERE Field = 'Name'")).totalSize).toBe(0);
    const window = "start=2026-11-20T09:00:00%2B00:00&end=2026-11-20T10:00:00%2B00:00";
    const early = await t.call("GET", `${DATA}/sobjects/Account/updated/?${window}`);
    expect(early.body).toEqual({ ids: [], latestDateCovered: "2026-11-20T09:50:00.000+0000" });

    const locked = await t.call("PATCH", `${DATA}/sobjects/Account/${firm.account}`, { Phone: "1" });
    expect(locked.body).toMatchObject([{ errorCode: "UNABLE_TO_LOCK_ROW" }]);

    t.clock.set("2026-11-20T10:05:00.000Z");
    expect((await seen()).sort()).toEqual(["Late", "New"]);
    expect((await t.query("SELECT Id FROM AccountHistory WHERE Field = 'Name'")).totalSize).toBe(1);
    const later = await t.call("GET", `${DATA}/sobjects/Account/updated?${window}`);
    expect(later.body).toEqual({
      ids: [firm.account, fresh],
      latestDateCovered: "2026-11-20T10:00:00.000+0000",
    });
  });
});

describe("deletes", () => {
  it("are soft: queryAll and getDeleted show them, query and rows do not", async () => {
    t.org.remove("Account", firm.account, { at: Date.parse("2026-11-20T09:00:00Z"), by: STAFF });
    expect((await t.query("SELECT Id FROM Account")).totalSize).toBe(0);
    expect([...t.org.rows("Account")]).toEqual([]);
    const all = await t.query("SELECT Id, SystemModstamp FROM Account WHERE IsDeleted = true", "queryAll");
    expect(all.records).toMatchObject([{ Id: firm.account, SystemModstamp: "2026-11-20T09:00:00.000+0000" }]);
    const gone = await t.call("GET", `${DATA}/sobjects/Account/${firm.account}`);
    expect([gone.status, gone.body]).toMatchObject([404, [{ errorCode: "ENTITY_IS_DELETED" }]]);

    t.org.emptyRecycleBin("Account");
    expect((await t.query("SELECT Id FROM Account", "queryAll")).totalSize).toBe(0);
    const log = await t.call(
      "GET",
      `${DATA}/sobjects/Account/deleted?start=2026-11-20T08:00:00Z&end=2026-11-20T09:30:00Z`,
    );
    expect(log.body).toMatchObject({ deletedRecords: [{ id: firm.account }] });
  });

  it("leave the log when it is purged, which its first date betrays", async () => {
    t.org.remove("Account", firm.account, { at: Date.parse("2026-11-18T09:00:00Z"), by: STAFF });
    const path = `${DATA}/sobjects/Account/deleted?start=2026-11-18T08:00:00Z&end=2026-11-18T10:00:00Z`;
    const before = (await t.call("GET", path)).body as {
      deletedRecords: unknown[];
      earliestDateAvailable: string;
    };
    expect([before.deletedRecords.length, before.earliestDateAvailable]).toEqual([
      1,
      "2026-11-05T10:00:00.000+0000",
    ]);
    t.org.purgeDeleteLog("Account", Date.parse("2026-11-19T00:00:00Z"));
    const after = (await t.call("GET", path)).body as typeof before;
    expect([after.deletedRecords.length, after.earliestDateAvailable]).toEqual([
      0,
      "2026-11-19T00:00:00.000+0000",
    ]);
  });

  it("refuse windows too old or too short", async () => {
    const ask = (resource: string, from: number, to: number) =>
      t.call(
        "GET",
        `${DATA}/sobjects/Account/${resource}?start=${new Date(t.clock.now() + from).toISOString()}&end=${new Date(t.clock.now() + to).toISOString()}`,
      );
    const refused = [
      await ask("deleted", -16 * DAY, 0),
      await ask("updated", -31 * DAY, 0),
      await ask("updated", 0, 0),
    ];
    for (const answer of refused) {
      expect([answer.status, answer.body]).toMatchObject([400, [{ errorCode: "INVALID_REPLICATION_DATE" }]]);
    }
    expect((await ask("updated", -29 * DAY, 0)).status).toBe(200);
  });
});

describe("the firm's own flows", () => {
  it("keep a timecard's flags in step with its status", () => {
    const card = t.write("pse__Timecard_Header__c", null, {
      pse__Assignment__c: firm.assignment,
      pse__Start_Date__c: "2026-11-08",
      pse__End_Date__c: "2026-11-14",
      pse__Monday_Hours__c: "7.5",
      pse__Tuesday_Hours__c: "8",
      pse__Bill_Rate__c: "225",
      pse__Billable__c: true,
    });
    const flags = () => {
      const row = t.org.get("pse__Timecard_Header__c", card);
      return [
        row?.pse__Status__c,
        row?.pse__Submitted__c,
        row?.pse__Approved__c,
        row?.pse__Include_In_Financials__c,
      ];
    };
    expect(flags()).toEqual(["Saved", false, false, false]);
    t.write("pse__Timecard_Header__c", card, { pse__Status__c: "Submitted" });
    expect(flags()).toEqual(["Submitted", true, false, false]);
    t.write("pse__Timecard_Header__c", card, { pse__Status__c: "Approved" });
    expect(flags()).toEqual(["Approved", true, true, true]);
    expect(t.org.get("pse__Timecard_Header__c", card)).toMatchObject({
      Name: "TCH-11-01-2026-000001",
      pse__Total_Hours__c: "15.5",
      pse__Total_Billable_Amount__c: "3487.5",
    });
  });

  it("decide from the stage whether a deal is won", () => {
    const deal = t.write("Opportunity", null, {
      Name: "D",
      StageName: "Closed Won",
      CloseDate: "2026-11-01",
    });
    expect(t.org.get("Opportunity", deal)).toMatchObject({ IsWon: true, IsClosed: true });
  });
});

it("refuses what the firm cannot mean: unknown objects, unknown fields, formulas, values of another type", () => {
  expect(() => t.write("Nope__c", null, {})).toThrow("no object Nope__c");
  expect(() => t.write("Account", null, { Nmae: "x" })).toThrow("no field Nmae");
  expect(() => t.write("pse__Assignment__c", null, { pse__Start_Date__c: "2026-01-01" })).toThrow("formula");
  expect(() => t.write("Opportunity", null, { Amount: "1,200" })).toThrow("Amount");
  expect(() => t.write("Opportunity", null, { CloseDate: "2026-02-30" })).toThrow("CloseDate");
  expect(() => t.write("Account", "001000000000000AAA", { Name: "x" })).toThrow("no Account");
});
