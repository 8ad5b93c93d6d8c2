import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixture, itemsOf, refusalOf, seedFirm, startAccount } from "./fixture.ts";

const STAMP = "YYYY-MM-DD HH24:MI:SS";

describe("SuiteQL", () => {
  let ns: Fixture;
  let firm: ReturnType<typeof seedFirm>;
  beforeAll(async () => {
    ns = await startAccount();
    firm = seedFirm(ns);
    for (let i = 0; i < 40; i++) {
      // Pairs share a second, as rows of one mass update do.
      const second = String(Math.floor(i / 2)).padStart(2, "0");
      firm.time({ memo: `line ${i}`, custcol_psa_time_id: `link-${i}` }, `2026-11-16T17:40:${second}Z`);
    }
  });
  afterAll(() => ns.close());

  it("sends every value as text, leaves nulls out, and shows times on the account's clock", async () => {
    const answer = await ns.query(
      `SELECT id, entityid, customer, parent, isinactive, startdate, enddate, jobprice, lastmodifieddate,
              TO_CHAR(lastmodifieddate, '${STAMP}') AS lm, BUILTIN.DF(entitystatus) AS status, BUILTIN.DF(parent) client FROM job`,
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ count: 1, hasMore: false, offset: 0, totalResults: 1 });
    expect(itemsOf(answer)).toEqual([
      {
        links: [],
        id: "1842",
        entityid: "NW-001",
        customer: "645",
        parent: "645",
        isinactive: "F",
        startdate: "09/01/2026",
        lastmodifieddate: "08/20/2026",
        // 17:00 UTC is one in the afternoon in New York's summer.
        lm: "2026-08-20 13:00:00",
        status: "In Progress",
        client: "C-0645 Northwind Traders",
      },
    ]);
  });

  it("gives hours as a decimal and dates in the format asked for", async () => {
    const [row] = itemsOf(
      await ns.query(
        "SELECT hours, TO_CHAR(trandate, 'YYYY-MM-DD') d, isbillable, timetype, BUILTIN.DF(customer) c, department FROM timebill WHERE memo = 'line 0'",
      ),
    );
    expect(row).toEqual({
      links: [],
      hours: "7.5",
      d: "2026-11-12",
      isbillable: "T",
      timetype: "A",
      c: "C-0645 Northwind Traders : NW-001",
    });
  });

  it("pages through a uniquely ordered query without losing or repeating a row", async () => {
    const sql = `SELECT id FROM timebill WHERE lastmodifieddate >= TO_DATE(?, '${STAMP}') ORDER BY lastmodifieddate, id`;
    const seen: unknown[] = [];
    for (let offset = 0, more = true; more; offset += 8) {
      const page = await ns.query(sql, ["2026-11-16 12:40:05"], `?limit=8&offset=${offset}`);
      expect(page.body.totalResults).toBe(30);
      seen.push(...itemsOf(page).map((r) => r.id));
      more = page.body.hasMore === true;
      const rels = (page.body.links as { rel: string }[]).map((l) => l.rel);
      expect(rels.includes("next")).toBe(more);
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => String(i + 11)));
  });

  it("follows a keyset through rows of the same second", async () => {
    const sql = `SELECT id, TO_CHAR(lastmodifieddate, '${STAMP}') AS lm FROM timebill
      WHERE (lastmodifieddate > TO_DATE(?, '${STAMP}') OR (lastmodifieddate = TO_DATE(?, '${STAMP}') AND id > ?))
        AND lastmodifieddate < TO_DATE(?, '${STAMP}') ORDER BY lastmodifieddate ASC, id ASC`;
    let last = { lm: "2026-11-16 12:40:00", id: "0" };
    const seen: string[] = [];
    for (;;) {
      const page = itemsOf(
        await ns.query(sql, [last.lm, last.lm, last.id, "2026-11-16 12:40:10"], "?limit=3"),
      );
      if (page.length === 0) break;
      seen.push(...page.map((r) => String(r.id)));
      last = page.at(-1) as typeof last;
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)));
  });

  it("gives rows nobody ordered in another order each time", async () => {
    const orders = new Set<string>();
    for (let i = 0; i < 3; i++) {
      orders.add(
        itemsOf(await ns.query("SELECT id FROM timebill"))
          .map((r) => r.id)
          .join(),
      );
      orders.add(
        itemsOf(await ns.query("SELECT id FROM timebill ORDER BY lastmodifieddate"))
          .map((r) => r.id)
          .join(),
      );
    }
    expect(orders.size).toBeGreaterThan(4);
  });

  it("orders numbers as numbers, either way, and puts nulls where Oracle does", async () => {
    const ids = itemsOf(await ns.query("SELECT id FROM timebill WHERE id <= 12 ORDER BY id DESC")).map(
      (r) => r.id,
    );
    expect(ids).toEqual(["12", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1"]);
    const titles =
      "SELECT e.id, j.entityid AS code FROM customer e LEFT JOIN job j ON j.parent = e.id AND j.entityid = 'none' ORDER BY code, 1";
    expect(itemsOf(await ns.query(titles))).toEqual([{ links: [], id: "645" }]);
  });

  it.each([
    ["id IN (1, 2, '3')", 3],
    ["id NOT IN (1, 2)", 38],
    ["memo LIKE 'line 1%'", 11],
    ["memo LIKE 'line _'", 10],
    ["memo NOT LIKE 'line%'", 0],
    ["externalid IS NULL AND memo IS NOT NULL", 40],
    ["hours = 7.50 AND hours <> 8", 40],
    ["hours BETWEEN 7 AND 7.25", 0],
    ["NOT (id = 1 OR id = 2)", 38],
    ["rate < 5 OR rate >= 5", 0],
    ["trandate = TO_DATE('2026-11-12', 'YYYY-MM-DD')", 40],
    ["trandate >= '11/12/2026' AND trandate <= '11/12/2026'", 40],
    ["lastmodifieddate > '11/16/2026'", 40],
    ["TRUNC(lastmodifieddate) = TO_DATE('2026-11-16', 'YYYY-MM-DD')", 40],
    ["lastmodifieddate >= TO_TIMESTAMP('2026-11-16 12:40:19.000', 'YYYY-MM-DD HH24:MI:SS.FF3')", 2],
    ["lastmodifieddate < SYSDATE - 3", 40],
    ["isbillable = 'T' AND approvalstatus = 3", 40],
    ["UPPER(memo) = 'LINE 7'", 1],
    ["NVL(externalid, 'none') = 'none'", 40],
    ["custcol_psa_time_id = 'link-7' -- the ? in a comment is no parameter", 1],
  ])("understands WHERE %s", async (where, count) => {
    const answer = await ns.query(`SELECT COUNT(*) AS n FROM timebill WHERE ${where}`);
    expect(itemsOf(answer)).toEqual([{ links: [], n: String(count) }]);
  });

  it("counts, sums and groups exactly", async () => {
    const answer = await ns.query(
      "SELECT employee, COUNT(*) AS lines, SUM(hours) AS total, MIN(id) AS first, TO_CHAR(MAX(trandate), 'YYYY-MM-DD') AS d FROM timebill GROUP BY employee",
    );
    expect(itemsOf(answer)).toEqual([
      { links: [], employee: "1900", lines: "40", total: "300", first: "1", d: "2026-11-12" },
    ]);
    expect(
      itemsOf(await ns.query("SELECT COUNT(*) AS n, MAX(id) AS top FROM timebill WHERE id = 0")),
    ).toEqual([{ links: [], n: "0" }]);
    expect(itemsOf(await ns.query("SELECT DISTINCT employee FROM timebill"))).toHaveLength(1);
  });

  it("joins an invoice to its lines, income with the sign it posts", async () => {
    ns.account.write(
      "invoice",
      null,
      {
        tranId: "INV1042",
        entity: firm.job,
        tranDate: "2026-11-02",
        currency: firm.usd,
        subsidiary: firm.subsidiary,
        total: "450.00",
        status: "Open",
        lines: [
          { item: "88", quantity: "1.5", rate: "200", amount: "300.00" },
          { item: "88", quantity: "1", rate: "150", amount: "150.00" },
        ],
      },
      firm.mark("2026-11-02T16:00:00Z"),
    );
    const answer = await ns.query(
      `SELECT t.tranid, t.foreigntotal, t.status, BUILTIN.DF(t.status) AS st, tl.id AS line, tl.quantity, tl.rate, tl.netamount, tl.subsidiary
       FROM transaction t INNER JOIN transactionline tl ON tl.transaction = t.id
       WHERE t.type = 'CustInvc' AND tl.mainline = 'F' ORDER BY t.id, tl.id`,
    );
    const shared = {
      links: [],
      tranid: "INV1042",
      foreigntotal: "450",
      status: "A",
      st: "Invoice : Open",
      subsidiary: "1",
    };
    expect(itemsOf(answer)).toEqual([
      { ...shared, line: "1", quantity: "-1.5", rate: "200", netamount: "-300" },
      { ...shared, line: "2", quantity: "-1", rate: "150", netamount: "-150" },
    ]);
  });

  it("says what the account's clock shows", async () => {
    const [row] = itemsOf(await ns.query(`SELECT TO_CHAR(SYSDATE, '${STAMP}') AS now FROM dual`));
    expect(row?.now).toBe("2026-11-20 10:00:00");
  });

  it("shows an hour twice when clocks go back, because the zone has no offset", async () => {
    const time = firm.mark("2026-11-01T05:30:00Z");
    const ids = [time, firm.mark("2026-11-01T06:30:00Z")].map((m) =>
      ns.account.write("projectTask", null, { title: `at ${m.at}`, project: firm.job }, m),
    );
    const rows = itemsOf(
      await ns.query(
        `SELECT TO_CHAR(lastmodifieddate, '${STAMP}') AS lm FROM projecttask WHERE id IN (?, ?)`,
        ids,
      ),
    );
    expect(rows.map((r) => r.lm)).toEqual(["2026-11-01 01:30:00", "2026-11-01 01:30:00"]);
  });

  it.each([
    ["SELECT nothing FROM job", /Unknown identifier 'nothing'/],
    ["SELECT id FROM ratecardpricing", /Record 'ratecardpricing' was not found/],
    ["SELECT id FROM job WHERE", /Invalid or unsupported search/],
    ["SELECT id FROM job LIMIT 5", /LIMIT/],
    ["DELETE FROM job", /Only one SELECT/],
    ["SELECT id FROM job; SELECT id FROM job", /Only one SELECT/],
    ["SELECT id FROM job WHERE startdate > 'soon'", /Invalid date: soon/],
    ["SELECT id FROM job WHERE id > 'many'", /Invalid number: many/],
    ["SELECT id FROM job WHERE startdate > TO_DATE('2026-13-01', 'YYYY-MM-DD')", /Invalid date/],
    ["SELECT SOUNDEX(entityid) FROM job", /Unknown function: SOUNDEX/],
    ["SELECT id FROM job WHERE id IN (SELECT id FROM customer)", /unsupported|Unsupported|IN takes/],
    ["SELECT id FROM job j INNER JOIN customer c ON c.id = j.parent", /ambiguously/],
    ["SELECT id FROM job, customer", /Unsupported join/],
    ["SELECT id FROM job WHERE entityid = ?", /1 parameters, 0 were given/],
    ["SELECT subsidiary FROM transaction", /Unknown identifier 'subsidiary'/],
  ])("refuses %s", async (sql, words) => {
    const refusal = refusalOf(await ns.query(sql));
    expect(refusal).toMatchObject({ status: 400, code: "INVALID_PARAMETER" });
    expect(refusal.detail).toMatch(words);
  });

  it("insists on a transient query, on POST, and on whole pages", async () => {
    const path = "/services/rest/query/v1/suiteql";
    const q = { q: "SELECT id FROM job" };
    expect(refusalOf(await ns.call("POST", path, q))).toMatchObject({ status: 400, code: "INVALID_HEADER" });
    expect((await ns.call("GET", path, undefined, { prefer: "transient" })).status).toBe(405);
    for (const page of [
      "?limit=1001",
      "?limit=0",
      "?limit=10&offset=5",
      "?limit=x",
      "?limit=1&offset=1000",
    ]) {
      expect(refusalOf(await ns.query(q.q, [], page))).toMatchObject({
        status: 400,
        code: "INVALID_PARAMETER",
      });
    }
    expect((await ns.call("POST", path, "{", { prefer: "transient" })).status).toBe(400);
  });

  it("hides a transaction that is still on its way and shows it, stamped early, once committed", async () => {
    const later = ns.clock.now() + 300_000;
    const early = ns.clock.now() - 60_000;
    const id = ns.account.write(
      "customer",
      null,
      { entityId: "C-late", companyName: "Late" },
      { at: early, by: "900", visibleAt: later },
    );
    const find = async () =>
      itemsOf(
        await ns.query(`SELECT TO_CHAR(lastmodifieddate, '${STAMP}') lm FROM customer WHERE id = ?`, [id]),
      );
    expect(await find()).toEqual([]);
    expect(ns.account.get("customer", id)?.entityId).toBe("C-late");
    ns.clock.advance(300_000);
    expect(await find()).toEqual([{ links: [], lm: "2026-11-20 09:59:00" }]);
  });

  it("shows the old version of a record until a long transaction commits the new one", async () => {
    const mark = { at: ns.clock.now(), by: "900", visibleAt: ns.clock.now() + 60_000 };
    ns.account.write("job", firm.job, { entityId: "NW-002" }, mark);
    const code = async () =>
      itemsOf(await ns.query("SELECT entityid FROM job WHERE id = ?", [firm.job]))[0]?.entityid;
    expect(await code()).toBe("NW-001");
    ns.clock.advance(60_000);
    expect(await code()).toBe("NW-002");
  });
});

describe("SuiteQL on a large account", () => {
  it("stops at a hundred thousand rows and reads the newest of them at once", async () => {
    const ns = await startAccount();
    try {
      const firm = seedFirm(ns);
      const start = Date.parse("2026-10-01T00:00:00Z");
      for (let i = 0; i < 100_500; i++) firm.time({}, new Date(start + i * 1000).toISOString());
      const sql = `SELECT id FROM timebill WHERE lastmodifieddate >= TO_DATE(?, '${STAMP}') ORDER BY lastmodifieddate, id`;
      const all = await ns.query(sql, ["2026-01-01 00:00:00"], "?limit=1000&offset=99000");
      expect(all.body).toMatchObject({ totalResults: 100_000, hasMore: false, count: 1000 });
      expect(
        refusalOf(await ns.query(sql, ["2026-01-01 00:00:00"], "?limit=1000&offset=100000")).status,
      ).toBe(400);
      const newest = await ns.query(sql, ["2026-10-01 23:54:59"]);
      expect(newest.body.totalResults).toBe(1);
      expect(itemsOf(newest)[0]?.id).toBe("100500");
    } finally {
      await ns.close();
    }
  });
});
