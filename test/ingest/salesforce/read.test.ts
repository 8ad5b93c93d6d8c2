import { afterEach, describe, expect, it } from "vitest";
import { msOf } from "#core/time";
import { salesforce } from "#ingest/salesforce/index";
import { idsOf, mapAll, NOW, readAll, SOMEBODY, salesforceWorld, type World } from "./org.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (
  ...args: [settings?: Record<string, unknown>, options?: { pageSize?: number; tokenTtlMs?: number }]
) => {
  world = await salesforceWorld(salesforce, ...args);
  return world;
};
const accounts = (w: World, count: number, at: (n: number) => string) =>
  Array.from({ length: count }, (_, n) =>
    w.put("Account", null, { Name: `Client ${n}`, CurrencyIsoCode: "USD" }, at(n)),
  );
const minute = (n: number) => `2026-11-12T10:${String(n).padStart(2, "0")}:00.000Z`;

describe("reading Salesforce", () => {
  it("gets every row once over many pages, also when many share a second", async () => {
    const w = await open({}, { pageSize: 2 });
    const made = accounts(w, 9, (n) => (n < 5 ? minute(0) : minute(n)));
    const { ids, pages } = await readAll(w.stream("Account"));
    expect(ids.sort()).toEqual(made.sort());
    expect(pages).toHaveLength(5);
    expect(pages[0]?.total).toBe(9);
    expect(pages.at(-1)?.completeUntil).toBe("2026-11-20T14:58:00.000Z");
    expect(pages.slice(0, -1).every((p) => p.completeUntil === null)).toBe(true);
  });

  it("loses nothing when pages come shuffled or every row comes twice", async () => {
    const w = await open({}, { pageSize: 3 });
    const made = accounts(w, 10, minute);
    for (const kind of ["shuffled-page", "duplicate-page"] as const) {
      const id = w.server.faults.add({ path: "/queryAll", effect: { kind } });
      expect(new Set((await readAll(w.stream("Account"))).ids)).toEqual(new Set(made));
      w.server.faults.remove(id);
    }
  });

  it("resumes from the bookmark of any page without losing a row", async () => {
    const w = await open({ overlapMinutes: 0 }, { pageSize: 2 });
    accounts(w, 9, minute);
    const whole = await readAll(w.stream("Account"));
    for (const [n, page] of whole.pages.entries()) {
      const rest = await readAll(w.stream("Account"), page.bookmark);
      for (const record of whole.pages.slice(n + 1).flatMap((p) => p.records))
        expect(rest.records).toContainEqual(record);
    }
  });

  it("reads only what changed since, and again what was committed late behind it", async () => {
    const w = await open();
    const [one, two] = accounts(w, 2, minute);
    const first = await readAll(w.stream("Account"));
    expect(first.ids).toEqual([one, two]);
    // Stamped before the first read ended, committed after it.
    w.put(
      "Account",
      two as string,
      { Name: "Renamed" },
      "2026-11-20T14:57:00.000Z",
      "2026-11-20T15:04:00.000Z",
    );
    expect((await readAll(w.stream("Account"), first.bookmark)).ids).toEqual([]);
    w.clock.advance(6 * 60_000);
    const later = await readAll(w.stream("Account"), first.bookmark);
    expect(mapAll(w.stream("Account"), later.records)).toMatchObject([
      { nativeId: two, data: { name: "Renamed" } },
    ]);
  });

  it("shows what was changed a moment ago, without calling it complete yet", async () => {
    const w = await open();
    const [id] = accounts(w, 1, () => "2026-11-20T14:59:59.000Z");
    const { ids, pages, bookmark } = await readAll(
      w.stream("Account"),
      JSON.stringify({ since: "2026-11-20T14:00:00.000Z" }),
    );
    expect(ids).toEqual([id]);
    expect(pages.at(-1)?.completeUntil).toBe("2026-11-20T14:58:00.000Z");
    expect(bookmark).toBe(JSON.stringify({ since: "2026-11-20T14:58:00.000Z" }));
  });

  it("goes on after an expired token, throttling, server errors and broken answers", async () => {
    const w = await open({}, { pageSize: 2 });
    const made = accounts(w, 7, minute);
    const effects = [
      { kind: "unauthorized" },
      { kind: "answer", status: 429, body: [{ errorCode: "REQUEST_LIMIT_EXCEEDED", message: "slow down" }] },
      { kind: "answer", status: 429, body: [], headers: { "retry-after": "0" } },
      {
        kind: "answer",
        status: 400,
        body: [{ errorCode: "QUERY_TIMEOUT", message: "running for too long" }],
      },
      {
        kind: "answer",
        status: 400,
        body: [{ errorCode: "INVALID_QUERY_LOCATOR", message: "invalid query locator" }],
      },
      { kind: "server-error", status: 500 },
      { kind: "server-error", status: 503, html: true },
      { kind: "truncated" },
      { kind: "malformed-json" },
      { kind: "cut" },
    ] as const;
    for (const effect of effects) {
      w.server.faults.clear();
      w.server.faults.add({ path: "/query", after: 2, times: 1, effect });
      const { ids } = await readAll(w.stream("Account"));
      expect(w.server.faults.list()[0]?.struck, JSON.stringify(effect)).toBe(1);
      expect(new Set(ids), JSON.stringify(effect)).toEqual(new Set(made));
    }
  });

  it("fetches a new token when the session ends mid-read", async () => {
    const w = await open({}, { pageSize: 2 });
    const made = accounts(w, 5, minute);
    const ids: string[] = [];
    for await (const page of w
      .stream("Account")
      .read(null, { full: true, signal: new AbortController().signal })) {
      ids.push(...page.records.map((r) => (r as { Id: string }).Id));
      w.server.revokeTokens();
    }
    expect(ids.sort()).toEqual(made.sort());
  });

  it("says that the day's requests are used up instead of hammering on", async () => {
    const w = await open();
    accounts(w, 1, minute);
    w.server.faults.add({
      path: "/query",
      effect: {
        kind: "answer",
        status: 403,
        body: [{ errorCode: "REQUEST_LIMIT_EXCEEDED", message: "TotalRequests Limit exceeded." }],
      },
    });
    await expect(readAll(w.stream("Account"))).rejects.toMatchObject({
      code: "salesforce.quota",
      recovery: "retry",
    });
    expect(w.server.faults.list()[0]?.struck).toBe(1);
  });

  it("brings soft-deleted rows along, and leaves them out of counts and of the ids it still has", async () => {
    const w = await open();
    const [kept, gone] = accounts(w, 2, minute);
    w.org.remove("Account", gone as string, { at: msOf("2026-11-12T12:00:00.000Z"), by: SOMEBODY });
    const stream = w.stream("Account");
    const { records } = await readAll(stream);
    expect(records.map((r) => stream.identify(r))).toMatchObject([
      { nativeId: kept, deleted: false },
      { nativeId: gone, deleted: true, changedAt: "2026-11-12T12:00:00.000Z" },
    ]);
    expect(await idsOf(stream)).toEqual([kept]);
    expect(await stream.countOn?.("2026-11-12")).toBe(1n);
    expect(await stream.countOn?.("2026-11-13")).toBe(0n);
  });
});

describe("checking the connection to Salesforce", () => {
  it("finds everything in order, and names what the integration user cannot see", async () => {
    const w = await open();
    expect((await w.source.check()).filter((r) => !r.ok)).toEqual([]);
    w.org.hide("Contract_Rate__c.Rate__c");
    w.org.hide("Contract_Amendment__c");
    const failed = (await w.source.check()).filter((r) => !r.ok);
    expect(failed.map((r) => r.what)).toEqual(["Contract_Amendment__c", "Contract_Rate__c"]);
    expect(failed[1]?.message).toContain("Rate__c");
    await expect(readAll(w.stream("Contract_Rate__c"))).rejects.toMatchObject({
      code: "salesforce.not-visible",
      recovery: "reconfigure",
    });
  });

  it("says what to look at when the credentials are wrong", async () => {
    const w = await open({ clientSecret: "not-the-secret" });
    const results = await w.source.check();
    expect(results.filter((r) => r.ok).map((r) => r.what)).toEqual(["Clock"]);
    expect(results[1]?.message).toContain("clientSecret");
  });

  it("opens records in the org's own screens", async () => {
    const w = await open();
    expect(w.source.recordUrl("customer", "001Hs0000000001IAA")).toBe(`${w.server.url}/001Hs0000000001IAA`);
    expect(w.source.writer).toBeNull();
    expect(msOf(NOW)).toBe(w.clock.now());
  });
});
