import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { at, type Fixture, itemsOf, refusalOf, seedFirm, startAccount } from "./fixture.ts";

const STRICT = { "x-netsuite-propertynamevalidation": "error" };

describe("the NetSuite record API", () => {
  let ns: Fixture;
  let firm: ReturnType<typeof seedFirm>;
  beforeEach(async () => {
    ns = await startAccount();
    firm = seedFirm(ns);
  });
  afterEach(() => ns.close());

  const allocation = () => ({
    allocationResource: { id: firm.employee },
    project: { id: firm.job },
    startDate: "2026-11-02",
    endDate: "2026-11-13",
    percentOfTime: 50,
  });

  it("shows a record with references, UTC stamps and no empty members, whatever the case of its name", async () => {
    const id = firm.time({ memo: "Cutover rehearsal", rate: "225.00" }, "2026-11-16T17:40:00.500Z");
    const { status, body } = await ns.call("GET", at(`timebill/${id}`));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      employee: { id: "1900", refName: "Sample Person" },
      customer: { id: "1842", refName: "C-0645 Northwind Traders : NW-001" },
      caseTaskEvent: { refName: "Data migration" },
      item: { links: [], id: "88", refName: "Consulting" },
      tranDate: "2026-11-12",
      hours: "7:30",
      rate: 225,
      isBillable: true,
      approvalStatus: { id: "3", refName: "Approved" },
      lastModifiedDate: "2026-11-16T17:40:00Z",
    });
    expect(body).not.toHaveProperty("billingClass");
    const some = await ns.call("GET", at(`timeBill/${id}?fields=hours,approvalStatus&simpleEnumFormat=true`));
    expect(some.body).toEqual({ links: expect.any(Array), id, hours: "7:30", approvalStatus: "3" });
  });

  it("creates with an empty answer that says where the record is", async () => {
    const answer = await ns.call("POST", at("job"), {
      entityId: "NW-009",
      companyName: "NW wave two",
      parent: { externalId: "001000000000001AAA" },
      subsidiary: { id: firm.subsidiary },
      projectExpenseType: "-2",
      customer: { id: "645" },
    });
    expect([answer.status, answer.body]).toEqual([204, {}]);
    const location = answer.headers.get("location") ?? "";
    expect(location).toMatch(new RegExp(`^${ns.url}/services/rest/record/v1/job/\\d+$`));
    const { body } = await ns.call("GET", location.slice(ns.url.length));
    expect(body).toMatchObject({ entityId: "NW-009", parent: { id: "645" }, isInactive: false });
    expect(body).not.toHaveProperty("customer");
  });

  it("drops a member it does not know unless told to refuse it", async () => {
    expect((await ns.call("PATCH", at("job/1842"), { projectedEnd: "2027-02-26" })).status).toBe(204);
    const refusal = await ns.call("PATCH", at("job/1842"), { projectedEnd: "2027-02-26" }, STRICT);
    expect(refusalOf(refusal)).toMatchObject({ status: 400, code: "INVALID_CONTENT" });
    expect(
      refusalOf(await ns.call("PATCH", at("job/1842"), {}, { "x-netsuite-propertynamevalidation": "maybe" })),
    ).toMatchObject({ code: "INVALID_HEADER" });
  });

  it("changes only what is named, clears what is null and moves the stamp", async () => {
    await ns.call("PATCH", at("job/1842"), { projectedEndDate: "2027-02-26", startDate: null }, STRICT);
    const { body } = await ns.call("GET", at("job/1842"));
    expect(body).toMatchObject({
      projectedEndDate: "2027-02-26",
      entityId: "NW-001",
      dateCreated: "2026-08-20T17:00:00Z",
    });
    expect(body.lastModifiedDate).toBe("2026-11-20T15:00:00Z");
    expect(body).not.toHaveProperty("startDate");
  });

  it("makes one record however often an upsert by external id is repeated", async () => {
    const time = {
      employee: { id: firm.employee },
      customer: { id: firm.job },
      caseTaskEvent: { id: firm.task },
      item: { id: "88" },
      tranDate: "2026-11-12",
      hours: "7:30",
      isBillable: true,
      custcol_psa_time_id: "tc-1_2026-11-12",
    };
    const path = at(`timeBill/eid:${encodeURIComponent("tc-1_2026-11-12")}`);
    const answers = [await ns.call("PUT", path, time, STRICT), await ns.call("PUT", path, time, STRICT)];
    expect(answers.map((a) => a.status)).toEqual([204, 204]);
    expect(answers[0]?.headers.get("location")).toBe(answers[1]?.headers.get("location"));
    const rows = itemsOf(
      await ns.query("SELECT id, hours, externalid, timetype, approvalstatus FROM timebill"),
    );
    expect(rows).toEqual([
      {
        links: [],
        id: expect.any(String),
        hours: "7.5",
        externalid: "tc-1_2026-11-12",
        timetype: "A",
        approvalstatus: "1",
      },
    ]);
    expect((await ns.call("GET", path)).body).toMatchObject({
      custcol_psa_time_id: "tc-1_2026-11-12",
      hours: "7:30",
    });
    expect((await ns.call("PUT", at("timeBill/1"), time)).status).toBe(405);
  });

  it("keeps hours, share and dates of an allocation in step", async () => {
    const created = await ns.call("POST", at("resourceAllocation"), allocation(), STRICT);
    const path = (created.headers.get("location") ?? "").slice(ns.url.length);
    expect((await ns.call("GET", path)).body).toMatchObject({
      allocationUnit: { id: "P" },
      allocationAmount: 50,
      percentOfTime: 50,
      numberHours: 40,
    });
    await ns.call("PATCH", path, { endDate: "2026-11-20" }, STRICT);
    expect((await ns.call("GET", path)).body).toMatchObject({ percentOfTime: 50, numberHours: 60 });
    await ns.call("PATCH", path, { allocationUnit: { id: "H" }, allocationAmount: 30 }, STRICT);
    expect((await ns.call("GET", path)).body).toMatchObject({ percentOfTime: 25, numberHours: 30 });
    const backwards = await ns.call("PATCH", path, { endDate: "2026-10-01" }, STRICT);
    expect(refusalOf(backwards)).toMatchObject({ status: 400, code: "USER_ERROR" });
  });

  it.each([
    ["time without a person or hours", "timeBill", {}, "USER_ERROR", /Employee, Duration/],
    [
      "project time without a service item",
      "timeBill",
      { employee: { id: "1900" }, hours: "1:00", customer: { id: "1842" } },
      "USER_ERROR",
      /Service Item/,
    ],
    [
      "an item that does not exist",
      "timeBill",
      { employee: { id: "1900" }, hours: "1:00", item: { id: "9999" } },
      "INVALID_CONTENT",
      /9999 for the following field: item/,
    ],
    [
      "hours that are no duration",
      "timeBill",
      { employee: { id: "1900" }, hours: "soon" },
      "INVALID_CONTENT",
      /hours/,
    ],
    ["negative hours", "timeBill", { employee: { id: "1900" }, hours: "-1:00" }, "INVALID_CONTENT", /hours/],
    [
      "a day that is none",
      "job",
      { entityId: "X", subsidiary: "1", projectExpenseType: "-2", startDate: "2026-02-30" },
      "INVALID_CONTENT",
      /startDate/,
    ],
    [
      "a status nobody defined",
      "job",
      { entityId: "X", subsidiary: "1", projectExpenseType: "-2", entityStatus: { id: "99" } },
      "INVALID_CONTENT",
      /entityStatus/,
    ],
    [
      "a project code that is taken",
      "job",
      { entityId: "nw-001", subsidiary: "1", projectExpenseType: "-2" },
      "UNIQUE_CUST_ID_REQD",
      /already exists/,
    ],
    [
      "an external id that is taken",
      "job",
      { entityId: "X", subsidiary: "1", projectExpenseType: "-2", externalId: "a0P000000000001AAA" },
      "DUP_RCRD",
      /already exists/,
    ],
    ["an invoice without lines", "invoice", { entity: { id: "1842" } }, "USER_ERROR", /at least one line/],
    ["a body that is no object", "job", "[1]", "INVALID_CONTENT", /request body/],
  ])("refuses %s", async (_, type, body, code, words) => {
    const refusal = refusalOf(await ns.call("POST", at(type), body));
    expect(refusal).toMatchObject({ status: 400, code });
    expect(refusal.detail).toMatch(words);
  });

  it("knows no rate cards, charge rules or anything else that is not a REST record", async () => {
    for (const type of ["billingRateCard", "chargeRule", "milestone", "billingClass", "item"]) {
      expect(refusalOf(await ns.call("GET", at(`${type}/1`)))).toMatchObject({
        status: 404,
        code: "NOT_FOUND",
      });
    }
    expect(refusalOf(await ns.call("GET", at("job/99999")))).toMatchObject({
      status: 404,
      code: "NONEXISTENT_ID",
    });
    expect(refusalOf(await ns.call("GET", at("job/eid:nobody")))).toMatchObject({ code: "NONEXISTENT_ID" });
    expect((await ns.call("GET", "/services/rest/other")).status).toBe(404);
    expect((await ns.call("DELETE", at("job"))).status).toBe(405);
    expect((await ns.call("POST", at("job/1842/!transform/invoice"), {})).status).toBe(404);
  });

  it("lets the integration look at periods and subsidiaries but not touch them", async () => {
    expect((await ns.call("GET", at("accountingPeriod/1"))).body).toMatchObject({
      periodName: "Sep 2026",
      closed: true,
    });
    const refusal = await ns.call("PATCH", at("accountingPeriod/1"), { closed: false });
    expect(refusalOf(refusal)).toMatchObject({ status: 403, code: "INSUFFICIENT_PERMISSION" });
  });

  it("lists a collection as ids, filtered by day and text", async () => {
    const ids = async (q: string) =>
      itemsOf(await ns.call("GET", at(`job?q=${encodeURIComponent(q)}`))).map((i) => i.id);
    expect(await ids('entityId IS "NW-001"')).toEqual(["1842"]);
    expect(await ids('lastModifiedDate ON_OR_AFTER "8/20/2026" AND isInactive IS false')).toEqual(["1842"]);
    expect(await ids('lastModifiedDate AFTER "08/20/2026" OR entityId START_WITH "ZZ"')).toEqual([]);
    expect(await ids("parent ANY_OF [645, 646]")).toEqual(["1842"]);
    expect((await ns.call("GET", at("job?q=nonsense"))).status).toBe(400);
    expect((await ns.call("GET", at("job?limit=10"))).body).toMatchObject({
      count: 1,
      hasMore: false,
      totalResults: 1,
    });
  });

  it("describes its records, so that a mapping can be checked before it is used", async () => {
    const { body } = await ns.call("GET", at("metadata-catalog/timeBill"));
    expect(body.properties).toMatchObject({
      hours: { type: "string" },
      custcol_psa_time_id: { "x-ns-custom-field": true },
      approvalStatus: { properties: { id: { enum: ["1", "2", "3", "4"] } } },
    });
    const names = itemsOf(await ns.call("GET", at("metadata-catalog"))).map((i) => i.name);
    expect(names).toContain("resourceAllocation");
    expect(names).not.toContain("billingRateCard");
  });

  it("keeps invoice lines in a sublist that is read apart and totalled", async () => {
    const created = await ns.call("POST", at("invoice"), {
      entity: { id: firm.job },
      tranId: "INV7",
      item: { items: [{ item: { id: "88" }, quantity: 2, rate: 112.5 }] },
    });
    const path = (created.headers.get("location") ?? "").slice(ns.url.length);
    expect((await ns.call("GET", path)).body).toMatchObject({
      total: 225,
      item: { links: [{ rel: "self" }] },
    });
    await ns.call("PATCH", path, { item: { items: [{ item: { id: "88" }, amount: 10 }] } });
    const { body } = await ns.call("GET", `${path}?expandSubResources=true`);
    expect(body).toMatchObject({
      total: 235,
      item: {
        totalResults: 2,
        items: [
          { line: 1, amount: 225 },
          { line: 2, amount: 10 },
        ],
      },
    });
    await ns.call("PATCH", `${path}?replace=item`, { item: { items: [{ item: { id: "88" }, amount: 5 }] } });
    expect((await ns.call("GET", `${path}/item`)).body).toMatchObject({ totalResults: 1 });
  });

  it("refuses a change to a record someone else's transaction is changing", async () => {
    const mark = { at: ns.clock.now(), by: "900", visibleAt: ns.clock.now() + 60_000 };
    ns.account.write("job", firm.job, { companyName: "Renamed" }, mark);
    const change = () => ns.call("PATCH", at("job/1842"), { projectedEndDate: "2027-02-26" });
    expect(refusalOf(await change())).toMatchObject({ status: 400, code: "RCRD_HAS_BEEN_CHANGED" });
    ns.clock.advance(60_000);
    expect((await change()).status).toBe(204);
  });
});

describe("time in NetSuite that must not change", () => {
  let ns: Fixture;
  let firm: ReturnType<typeof seedFirm>;
  beforeEach(async () => {
    ns = await startAccount();
    firm = seedFirm(ns);
  });
  afterEach(() => ns.close());

  it("is closed with its accounting period: no new line, no change, no move into it, no delete", async () => {
    const closed = firm.time({ tranDate: "2026-09-15" }, "2026-09-16T10:00:00Z");
    const open = firm.time({ tranDate: "2026-10-15" }, "2026-10-16T10:00:00Z");
    const body = { employee: { id: firm.employee }, hours: "1:00", tranDate: "2026-09-30" };
    for (const answer of [
      await ns.call("PUT", at("timeBill/eid:new-1"), body),
      await ns.call("PATCH", at(`timeBill/${closed}`), { hours: "4:00" }),
      await ns.call("PATCH", at(`timeBill/${open}`), { tranDate: "2026-09-30" }),
      await ns.call("DELETE", at(`timeBill/${closed}`)),
    ]) {
      const refusal = refusalOf(answer);
      expect(refusal).toMatchObject({ status: 400, code: "USER_ERROR" });
      expect(refusal.detail).toMatch(/period Sep 2026 .* closed/);
    }
    expect((await ns.call("PATCH", at(`timeBill/${open}`), { hours: "4:00" })).status).toBe(204);
  });

  it("is locked once billed or posted, and free again when the invoice is void", async () => {
    const posted = firm.time({ posted: true }, "2026-11-13T10:00:00Z");
    const billed = firm.time({}, "2026-11-13T10:00:00Z");
    const line = { item: "88", amount: "1", timeBill: billed };
    const mark = firm.mark("2026-11-14T10:00:00Z");
    const invoice = ns.account.write(
      "invoice",
      null,
      { tranId: "INV1", entity: firm.job, status: "Open", lines: [line] },
      mark,
    );
    for (const id of [posted, billed]) {
      expect(refusalOf(await ns.call("PATCH", at(`timeBill/${id}`), { hours: "4:00" })).detail).toMatch(
        /locked/,
      );
      expect((await ns.call("DELETE", at(`timeBill/${id}`))).status).toBe(400);
    }
    ns.account.write("invoice", invoice, { status: "Voided" }, mark);
    expect((await ns.call("PATCH", at(`timeBill/${billed}`), { hours: "4:00" })).status).toBe(204);
  });

  it("may not sit on another project's task", async () => {
    const other = ns.account.write(
      "job",
      null,
      { entityId: "NW-050", parent: firm.customer },
      firm.mark("2026-11-01T10:00:00Z"),
    );
    const id = firm.time({}, "2026-11-13T10:00:00Z");
    const refusal = refusalOf(await ns.call("PATCH", at(`timeBill/${id}`), { customer: { id: other } }));
    expect(refusal.detail).toMatch(/does not belong/);
  });
});
