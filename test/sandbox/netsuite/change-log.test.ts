import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { at, type Fixture, itemsOf, refusalOf, seedFirm, startAccount } from "./fixture.ts";

const NOTES = `SELECT TO_CHAR(date,'YYYY-MM-DD HH24:MI:SS') AS ts, recordid, recordtypeid, field, oldvalue, newvalue, name, role, context
  FROM systemnote WHERE recordtypeid IN (-9,-30) AND date >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS') ORDER BY date, recordid, field`;

describe("what NetSuite remembers about changes", () => {
  let ns: Fixture;
  let firm: ReturnType<typeof seedFirm>;
  beforeEach(async () => {
    ns = await startAccount();
    firm = seedFirm(ns);
  });
  afterEach(() => ns.close());

  const notesSince = async (since: string) => itemsOf(await ns.query(NOTES, [since]));

  it("notes who set which member of a project from what to what, and how", async () => {
    ns.account.write(
      "job",
      firm.job,
      { projectedEndDate: "2027-02-26", isInactive: true },
      { at: Date.parse("2026-11-20T14:04:31Z"), by: "1900" },
    );
    await ns.call("PATCH", at("job/1842"), { entityId: "NW-001A" });
    const shared = { links: [], recordid: "1842", recordtypeid: "-9" };
    expect(await notesSince("2026-11-20 09:00:00")).toEqual([
      {
        ...shared,
        ts: "2026-11-20 09:04:31",
        field: "ENTITY.BINACTIVE",
        newvalue: "T",
        name: "1900",
        role: "3",
        context: "UIF",
      },
      {
        ...shared,
        ts: "2026-11-20 09:04:31",
        field: "ENTITY.DPROJECTEDENDDATE",
        oldvalue: "01/31/2027",
        newvalue: "02/26/2027",
        name: "1900",
        role: "3",
        context: "UIF",
      },
      {
        ...shared,
        ts: "2026-11-20 10:00:00",
        field: "ENTITY.SENTITYID",
        oldvalue: "NW-001",
        newvalue: "NW-001A",
        name: "-5",
        role: "1021",
        context: "RWS",
      },
    ]);
  });

  it("notes nothing for rate-card lines, time or a save that changes nothing", async () => {
    const mark = { at: ns.clock.now(), by: "1900" };
    ns.account.write("billingRateCard", firm.card, { lines: [] }, mark);
    const id = firm.time({}, "2026-11-20T14:00:00Z");
    await ns.call("PATCH", at(`timeBill/${id}`), { memo: "fixed" });
    await ns.call("PATCH", at("job/1842"), { entityId: "NW-001" });
    expect(await notesSince("2026-11-20 00:00:00")).toEqual([]);
  });

  it("forgets a record's notes with the record and leaves a tombstone without an internal id", async () => {
    await ns.call("PUT", at("job/eid:proj-9"), {
      entityId: "NW-009",
      subsidiary: "1",
      projectExpenseType: "-2",
    });
    expect((await notesSince("2026-11-20 00:00:00")).length).toBeGreaterThan(0);
    expect((await ns.call("DELETE", at("job/eid:proj-9"))).status).toBe(204);
    expect(await notesSince("2026-11-20 00:00:00")).toEqual([]);
    expect(refusalOf(await ns.call("GET", at("job/eid:proj-9")))).toMatchObject({
      status: 404,
      code: "NONEXISTENT_ID",
    });
    const gone = await ns.query(
      "SELECT recordtype, name, externalid, deletedby, TO_CHAR(deleteddate,'YYYY-MM-DD HH24:MI:SS') d FROM deletedrecord",
    );
    expect(itemsOf(gone)).toEqual([
      {
        links: [],
        recordtype: "job",
        name: "NW-009",
        externalid: "proj-9",
        deletedby: "-5",
        d: "2026-11-20 10:00:00",
      },
    ]);
  });

  it("refuses to delete what other records stand on", async () => {
    for (const path of ["job/1842", "customer/645"]) {
      expect(refusalOf(await ns.call("DELETE", at(path)))).toMatchObject({ status: 400, code: "USER_ERROR" });
    }
    const id = firm.time({ externalId: "t-1" }, "2026-11-13T10:00:00Z");
    expect((await ns.call("DELETE", at(`timeBill/${id}`))).status).toBe(204);
    expect(itemsOf(await ns.query("SELECT id FROM timebill"))).toEqual([]);
    // The external id is free again, for a new record with a new id.
    await ns.call("PUT", at("timeBill/eid:t-1"), { employee: { id: firm.employee }, hours: "1:00" });
    expect(itemsOf(await ns.query("SELECT externalid FROM timebill WHERE id > ?", [id]))).toHaveLength(1);
  });

  it("has no table of deleted records in an account that does not offer one", async () => {
    const plain = await startAccount({ deletedRecordTable: false });
    try {
      expect(refusalOf(await plain.query("SELECT name FROM deletedrecord")).detail).toMatch(/was not found/);
    } finally {
      await plain.close();
    }
  });

  it("refuses two records of one type the same external id, and members no record has", () => {
    const mark = { at: ns.clock.now(), by: "900" };
    expect(() => ns.account.write("job", null, { externalId: "a0P000000000001AAA" }, mark)).toThrow(
      /external id/,
    );
    expect(() => ns.account.write("job", null, { projectedEnd: "2027-01-01" }, mark)).toThrow(/projectedEnd/);
    expect(() => ns.account.write("timeBill", null, { hours: "lots" }, mark)).toThrow(/hours/);
    expect(() => ns.account.write("invoice", null, { lines: [{ amuont: "1" }] }, mark)).toThrow(/amuont/);
    expect(() => ns.account.write("journalEntry", null, {}, mark)).toThrow(/no record type journalEntry/);
    expect(() => ns.account.remove("job", "7", mark)).toThrow(/No job 7/);
  });
});
