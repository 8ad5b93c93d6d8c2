/** SOQL and its pages, as the vendor answers them. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  codes,
  DATA,
  type QueryPage,
  type Staffed,
  staff,
  startTestOrg,
  type TestOrg,
} from "./org-server.ts";

let t: TestOrg;
let firm: Staffed;

beforeAll(async () => {
  t = await startTestOrg({ pageSize: 250 });
  firm = staff(t);
  const deals: [string, string | null, string, string][] = [
    ["Pilot", "1000.50", "Prospecting", "2026-11-03"],
    ["Rollout", "480000.00", "Closed Won", "2026-09-30"],
    ["rollout phase 2", null, "Qualification", "2026-12-31"],
    ["100%_sure", "99.99", "Closed Lost", "2026-10-01"],
    ["O'Brien's", "-5", "Prospecting", "2026-11-20"],
  ];
  for (const [i, [Name, Amount, StageName, CloseDate]] of deals.entries()) {
    const AccountId = i === 2 ? null : firm.account;
    t.write(
      "Opportunity",
      null,
      { Name, Amount, StageName, CloseDate, AccountId },
      `2026-11-0${i + 1}T08:00:00Z`,
    );
  }
});
afterAll(() => t.close());

const names = async (where: string) =>
  (await t.query(`SELECT Name FROM Opportunity WHERE ${where} ORDER BY Name`)).records.map((r) => r.Name);

async function refused(soql: string): Promise<string[]> {
  const answer = await t.call("GET", `${DATA}/query?q=${encodeURIComponent(soql)}`);
  expect(answer.status).toBe(400);
  return codes(answer);
}

describe("WHERE", () => {
  it.each([
    ["Name = 'ROLLOUT'", ["Rollout"]],
    ["Name LIKE 'roll%'", ["Rollout", "rollout phase 2"]],
    ["Name LIKE '100\\\\%\\\\_s___'", ["100%_sure"]],
    ["Name = 'O\\\\'Brien\\\\'s'", ["O'Brien's"]],
    ["Amount > 99.99 AND Amount <= 480000", ["Pilot", "Rollout"]],
    ["Amount = 1000.5", ["Pilot"]],
    ["Amount = null", ["rollout phase 2"]],
    ["Amount < 0", ["O'Brien's"]],
    ["StageName NOT IN ('Prospecting','Qualification')", ["100%_sure", "Rollout"]],
    ["IsWon = TRUE", ["Rollout"]],
    ["NOT IsClosed = FALSE", ["100%_sure", "Rollout"]],
    ["CloseDate >= 2026-11-01 AND CloseDate < 2026-12-01", ["O'Brien's", "Pilot"]],
    ["CloseDate = TODAY", ["O'Brien's"]],
    ["CloseDate = LAST_N_DAYS:20", ["O'Brien's", "Pilot"]],
    ["CloseDate > THIS_MONTH", ["rollout phase 2"]],
    ["Account.Name = 'northwind clinics' AND IsWon = FALSE AND Amount > 0", ["100%_sure", "Pilot"]],
    ["Account.Name = null", ["rollout phase 2"]],
    [
      "AccountId IN (SELECT Id FROM Account WHERE AccountNumber = 'C-10442') AND IsClosed = TRUE",
      ["100%_sure", "Rollout"],
    ],
    ["(NOT (IsWon = TRUE OR Amount = null)) AND (Name LIKE 'P%' OR Name LIKE '1%')", ["100%_sure", "Pilot"]],
    [
      "SystemModstamp >= 2026-11-02T08:00:00Z AND SystemModstamp < 2026-11-04T08:00:00.000+00:00",
      ["Rollout", "rollout phase 2"],
    ],
    ["SystemModstamp > 2026-11-04T07:59:59.999Z", ["100%_sure", "O'Brien's"]],
  ])("%s", async (where, expected) => {
    expect(await names(where.replaceAll("\\\\", "\\"))).toEqual(expected);
  });

  it("matches rows without a value when they must not equal one", async () => {
    expect(await names("Amount != 99.99")).toContain("rollout phase 2");
  });
});

describe("the answer", () => {
  it("nests a parent with attributes of its own, and null where there is none", async () => {
    const soql =
      "SELECT Id, Account.Name, Account.AccountNumber FROM Opportunity WHERE Name LIKE 'Rollout%' ORDER BY Name";
    const { records } = await t.query(soql);
    expect(records[0]?.Account).toEqual({
      attributes: { type: "Account", url: `${DATA}/sobjects/Account/${firm.account}` },
      Name: "Northwind Clinics",
      AccountNumber: "C-10442",
    });
    expect(records[1]?.Account).toBeNull();
  });

  it("writes numbers as numbers and instants with a zone of +0000", async () => {
    const { records } = await t.query(
      "SELECT Amount, CreatedDate, CloseDate FROM Opportunity WHERE Name = 'Pilot'",
    );
    expect(records[0]).toMatchObject({
      Amount: 1000.5,
      CreatedDate: "2026-11-01T08:00:00.000+0000",
      CloseDate: "2026-11-03",
    });
  });

  it("takes names in any case and answers in the org's own", async () => {
    const { records } = await t.query("select ID, amount from OPPORTUNITY where name = 'Pilot'");
    expect(Object.keys(records[0] ?? {})).toEqual(["attributes", "Id", "Amount"]);
  });

  it("puts empty values first unless told otherwise", async () => {
    const order = async (by: string) =>
      (await t.query(`SELECT Name FROM Opportunity ORDER BY ${by}`)).records.map((r) => r.Name);
    expect((await order("Amount"))[0]).toBe("rollout phase 2");
    expect((await order("Amount DESC NULLS LAST")).slice(0, 2)).toEqual(["Rollout", "Pilot"]);
    expect((await order("Amount ASC NULLS LAST")).at(-1)).toBe("rollout phase 2");
  });

  it("evaluates formulas on read: a schedule moves its assignment without stamping it", async () => {
    const read = async () =>
      (
        await t.query(
          `SELECT pse__Start_Date__c, pse__End_Date__c, pse__Scheduled_Hours__c, SystemModstamp, pse__Schedule__r.SystemModstamp FROM pse__Assignment__c WHERE Id = '${firm.assignment}'`,
        )
      ).records[0];
    const before = await read();
    expect(before).toMatchObject({ pse__Start_Date__c: "2026-11-02", pse__Scheduled_Hours__c: 160 });
    t.write("pse__Schedule__c", firm.schedule, { pse__End_Date__c: "2026-12-06" }, "2026-11-10T08:00:00Z");
    const after = await read();
    expect(after).toMatchObject({ pse__End_Date__c: "2026-12-06", pse__Scheduled_Hours__c: 200 });
    expect(after?.SystemModstamp).toBe(before?.SystemModstamp);
    expect(after?.pse__Schedule__r).toMatchObject({ SystemModstamp: "2026-11-10T08:00:00.000+0000" });
  });

  it("counts and groups", async () => {
    expect(await t.query("SELECT COUNT() FROM Opportunity WHERE Amount != null")).toEqual({
      totalSize: 4,
      done: true,
      records: [],
    });
    const { records } = await t.query(
      "SELECT StageName, COUNT(Id) n, SUM(Amount), MAX(CloseDate) latest FROM Opportunity WHERE StageName = 'Prospecting' GROUP BY StageName",
    );
    expect(records).toEqual([
      {
        attributes: { type: "AggregateResult" },
        StageName: "Prospecting",
        n: 2,
        expr0: 995.5,
        latest: "2026-11-20",
      },
    ]);
  });
});

describe("refusals", () => {
  it.each([
    ["SELECT Id FORM Account", "MALFORMED_QUERY"],
    ["SELECT Id, id FROM Account", "MALFORMED_QUERY"],
    ["SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY"],
    ["SELECT Id, (SELECT Id FROM Contacts) FROM Account", "MALFORMED_QUERY"],
    ["SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY"],
    ["SELECT Id FROM Account WHERE DAY_ONLY(CreatedDate) = 2026-01-01", "MALFORMED_QUERY"],
    ["SELECT Nope__c FROM Account", "INVALID_FIELD"],
    ["SELECT Id FROM Opportunity WHERE Amount = '5'", "INVALID_FIELD"],
    ["SELECT Id FROM Opportunity WHERE CreatedDate > 2026-01-01", "INVALID_FIELD"],
    ["SELECT Nope__r.Name FROM Account", "INVALID_FIELD"],
    ["SELECT SystemModstamp FROM AccountHistory", "INVALID_FIELD"],
    ["SELECT Id FROM AccountHistory WHERE OldValue = 'x'", "INVALID_FIELD"],
    ["SELECT Id FROM Nope__c", "INVALID_TYPE"],
    ["SELECT Id FROM Account LIMIT 1 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"],
  ])("%s is %s", async (soql, code) => {
    expect(await refused(soql)).toEqual([code]);
  });

  it("hides what the API user may not see", async () => {
    t.org.hide("Account.Phone");
    t.org.hide("pse__Grp__c");
    expect(await refused("SELECT Phone FROM Account")).toEqual(["INVALID_FIELD"]);
    expect(await refused("SELECT Id FROM pse__Grp__c")).toEqual(["INVALID_TYPE"]);
    const { body } = await t.call("GET", `${DATA}/sobjects/Account/describe`);
    expect((body as { fields: { name: string }[] }).fields.map((f) => f.name)).not.toContain("Phone");
  });
});

describe("pages", () => {
  const soql = "SELECT Id FROM pse__Region__c ORDER BY SystemModstamp, Id";

  it("hands out locators that can be read again and die after two days", async () => {
    for (let i = 0; i < 600; i++) t.write("pse__Region__c", null, { Name: `Region ${i}` });
    const first = await t.query(soql);
    expect([first.totalSize, first.done, first.records.length]).toEqual([600, false, 250]);
    expect(first.nextRecordsUrl).toMatch(/^\/services\/data\/v66\.0\/query\/0r8[0-9A-Za-z]{15}-250$/);
    const next = first.nextRecordsUrl ?? "";
    const second = (await t.call("GET", next)).body as QueryPage;
    expect((await t.call("GET", next)).body).toEqual(second);
    const third = (await t.call("GET", second.nextRecordsUrl ?? "")).body as QueryPage;
    expect([third.done, third.records.length, third.nextRecordsUrl]).toEqual([true, 100, undefined]);
    const ids = [first, second, third].flatMap((p) => p.records.map((r) => r.Id));
    expect(new Set(ids).size).toBe(600);
    expect([...ids].sort()).toEqual(ids);

    t.clock.advance(2 * 86_400_000);
    await t.login();
    const late = await t.call("GET", next);
    expect([late.status, codes(late)]).toEqual([400, ["INVALID_QUERY_LOCATOR"]]);
  });

  it("makes pages as small as the caller asks, down to 200", async () => {
    const ask = async (size: number) =>
      (
        (
          await t.call("GET", `${DATA}/query?q=${encodeURIComponent(soql)}`, undefined, {
            "Sforce-Query-Options": `batchSize=${size}`,
          })
        ).body as QueryPage
      ).records.length;
    expect([await ask(220), await ask(10), await ask(2000)]).toEqual([220, 200, 250]);
  });

  it("shows a row changed between two pages as it is now, and drops one deleted since", async () => {
    const first = await t.query("SELECT Id, Name FROM pse__Region__c ORDER BY SystemModstamp, Id");
    const rest = [...t.org.rows("pse__Region__c")].slice(250, 252).map((r) => String(r.Id));
    t.write("pse__Region__c", rest[0] ?? "", { Name: "Renamed" }, "2026-11-22T10:00:00Z");
    t.org.remove("pse__Region__c", rest[1] ?? "", { at: t.clock.now(), by: firm.person });
    const second = (await t.call("GET", first.nextRecordsUrl ?? "")).body as QueryPage;
    expect(second.records.find((r) => r.Id === rest[0])?.Name).toBe("Renamed");
    expect(second.records.some((r) => r.Id === rest[1])).toBe(false);
  });
});

it("answers a window by keyset exactly as filtering every row would", async () => {
  const base = Date.parse("2026-11-15T00:00:00Z");
  const iso = (s: number) => new Date(base + s * 1000).toISOString().replace(".000Z", "Z");
  for (let i = 0; i < 300; i++) t.write("pse__Practice__c", null, { Name: `P${i}` }, iso((i * 7919) % 60));
  const all = [...t.org.rows("pse__Practice__c")].map((r) => ({
    at: Number(r.SystemModstamp),
    id: String(r.Id),
  }));
  all.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  await fc.assert(
    fc.asyncProperty(
      fc.nat(60),
      fc.nat(60),
      fc.nat(299),
      fc.integer({ min: 1, max: 200 }),
      async (lo, hi, n, limit) => {
        const after = all[n] ?? { at: 0, id: "" };
        const tie = new Date(after.at).toISOString().replace(".000Z", "Z");
        const where = `SystemModstamp >= ${iso(lo)} AND SystemModstamp < ${iso(hi)} AND (SystemModstamp > ${tie} OR (SystemModstamp = ${tie} AND Id > '${after.id}'))`;
        const page = await t.query(
          `SELECT Id FROM pse__Practice__c WHERE ${where} ORDER BY SystemModstamp ASC, Id ASC LIMIT ${limit}`,
        );
        const expected = all
          .filter((r) => r.at >= base + lo * 1000 && r.at < base + hi * 1000)
          .filter((r) => r.at > after.at || (r.at === after.at && r.id > after.id));
        expect(page.records.map((r) => r.Id)).toEqual(expected.slice(0, limit).map((r) => r.id));
      },
    ),
    { numRuns: 60 },
  );
});
