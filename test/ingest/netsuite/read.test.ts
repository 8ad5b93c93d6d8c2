import { afterEach, describe, expect, it } from "vitest";
import { manualClock, msOf } from "#core/time";
import { mapAll, NOW, netsuiteWorld, readAll, seed, type World } from "./account.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (...args: Parameters<typeof netsuiteWorld>) => {
  world = await netsuiteWorld(...args);
  return { world, firm: seed(world) };
};
const key = (n: number) => `a3C${n}_2026-11-10`;

describe("reading NetSuite", () => {
  it("gets every row once over many pages, also when a mass update gave them one stamp", async () => {
    const { world, firm } = await open({}, { pageSize: 2 });
    for (let n = 0; n < 7; n++) firm.time(null, key(n), "2026-11-10", "1", "2026-11-12T10:00:00.000Z");
    for (let n = 7; n < 10; n++) firm.time(null, key(n), "2026-11-10", "1", `2026-11-13T10:00:0${n}.000Z`);
    const { ids, pages } = await readAll(world.stream("timebill"));
    expect(new Set(ids).size).toBe(10);
    expect(ids).toHaveLength(10);
    expect(pages.length).toBeGreaterThanOrEqual(5);
    expect(pages.at(-1)?.completeUntil).toBe("2026-11-20T14:58:00.000Z");
  });

  it("loses nothing when pages come shuffled or every row comes twice", async () => {
    const { world, firm } = await open({}, { pageSize: 3 });
    for (let n = 0; n < 11; n++)
      firm.time(null, key(n), "2026-11-10", "1", `2026-11-12T10:00:${10 + (n >> 1)}.000Z`);
    for (const kind of ["shuffled-page", "duplicate-page"] as const) {
      const id = world.server.faults.add({ path: "suiteql", effect: { kind } });
      const { ids } = await readAll(world.stream("timebill"));
      expect(new Set(ids).size).toBe(11);
      world.server.faults.remove(id);
    }
  });

  it("resumes from the bookmark of any page without losing a row", async () => {
    const { world, firm } = await open({}, { pageSize: 2 });
    for (let n = 0; n < 9; n++) firm.time(null, key(n), "2026-11-10", "1", `2026-11-12T1${n}:00:00.000Z`);
    const whole = await readAll(world.stream("timebill"));
    for (const [n, page] of whole.pages.entries()) {
      expect(page.bookmark).not.toBeNull();
      const rest = await readAll(world.stream("timebill"), page.bookmark);
      const expected = whole.pages.slice(n + 1).flatMap((p) => p.records);
      for (const record of expected) expect(rest.records).toContainEqual(record);
    }
  });

  it("reads again what was committed late, behind where the last read ended", async () => {
    const { world, firm } = await open();
    firm.time(null, key(1), "2026-11-10", "1", "2026-11-20T14:50:00.000Z");
    const late = firm.time(null, key(2), "2026-11-10", "2", "2026-11-20T14:57:00.000Z");
    world.account.write(
      "timeBill",
      late,
      { hours: "3" },
      { at: msOf("2026-11-20T14:57:30.000Z"), by: "9001", visibleAt: msOf("2026-11-20T15:04:00.000Z") },
    );
    const first = await readAll(world.stream("timebill"));
    expect(mapAll(world.stream("timebill"), first.records)).toMatchObject([
      { data: { hours: "1" } },
      { data: { hours: "2" } },
    ]);
    world.clock.advance(6 * 60_000);
    const second = await readAll(world.stream("timebill"), first.bookmark);
    expect(mapAll(world.stream("timebill"), second.records)).toContainEqual(
      expect.objectContaining({ key: key(2), data: expect.objectContaining({ hours: "3" }) }),
    );
  });

  it("finds a change between the last read and the account's own midnight", async () => {
    const { world, firm } = await open({ overlapMinutes: 0 });
    // 22:30 on the 19th in New York.
    firm.time(null, key(1), "2026-11-10", "1", "2026-11-20T03:30:00.000Z");
    const { ids } = await readAll(
      world.stream("timebill"),
      JSON.stringify({ since: "2026-11-20T03:00:00.000Z" }),
    );
    expect(ids).toHaveLength(1);
    const after = await readAll(
      world.stream("timebill"),
      JSON.stringify({ since: "2026-11-20T03:31:00.000Z" }),
    );
    expect(after.ids).toHaveLength(0);
    expect(await world.stream("timebill").countOn?.("2026-11-20")).toBe(1n);
    expect(await world.stream("timebill").countOn?.("2026-11-19")).toBe(0n);
  });

  it("misses nothing in the hour that comes twice when summer time ends", async () => {
    const { world, firm } = await open({ overlapMinutes: 0 });
    world.clock.set("2026-11-01T12:00:00.000Z");
    // 01:10 by the wall clock, after it showed 01:50 already.
    firm.time(null, key(1), "2026-10-30", "1", "2026-11-01T06:10:00.000Z");
    const { ids } = await readAll(
      world.stream("timebill"),
      JSON.stringify({ since: "2026-11-01T05:50:00.000Z" }),
    );
    expect(ids).toHaveLength(1);
  });

  it("tells change times in UTC whatever zone the account is in", async () => {
    for (const timeZone of ["America/New_York", "Asia/Kolkata", "UTC"]) {
      const { world, firm } = await open({}, { timeZone });
      firm.time(null, key(1), "2026-11-10", "1", "2026-11-12T23:45:10.000Z");
      const stream = world.stream("timebill");
      const { records } = await readAll(stream);
      expect(stream.identify(records[0])).toMatchObject({ changedAt: "2026-11-12T23:45:10.000Z" });
      await world.close();
    }
    world = null;
  });

  it("goes on after an expired token, throttling, server errors and broken answers", async () => {
    const { world, firm } = await open({}, { pageSize: 2 });
    for (let n = 0; n < 7; n++) firm.time(null, key(n), "2026-11-10", "1", `2026-11-12T1${n}:00:00.000Z`);
    const effects = [
      { kind: "unauthorized" },
      { kind: "too-many-requests" },
      { kind: "too-many-requests", retryAfter: 0 },
      { kind: "server-error", status: 500 },
      { kind: "server-error", status: 503, html: true },
      { kind: "truncated" },
      { kind: "malformed-json" },
      { kind: "cut" },
    ] as const;
    for (const effect of effects) {
      world.server.faults.clear();
      world.server.faults.add({ path: "suiteql", after: 2, times: 1, effect });
      const { ids } = await readAll(world.stream("timebill"));
      expect(world.server.faults.list()[0]?.struck, effect.kind).toBe(1);
      expect(new Set(ids).size, effect.kind).toBe(7);
    }
  });

  it("gives up on an outage in words for people, and reads on from where it was afterwards", async () => {
    const { world, firm } = await open({}, { pageSize: 2 });
    for (let n = 0; n < 7; n++) firm.time(null, key(n), "2026-11-10", "1", `2026-11-12T1${n}:00:00.000Z`);
    const seen: string[] = [];
    let bookmark: string | null = null;
    const stream = world.stream("timebill");
    const take = async () => {
      for await (const page of stream.read(bookmark, { full: false, signal: new AbortController().signal })) {
        for (const r of page.records) seen.push(JSON.stringify(r));
        bookmark = page.bookmark ?? bookmark;
        if (seen.length === 4) world.server.faults.add({ id: "down", effect: { kind: "outage" } });
      }
    };
    await expect(take()).rejects.toMatchObject({
      recovery: "retry",
      userMessage: expect.stringContaining("NetSuite"),
    });
    world.server.faults.clear();
    await take();
    expect(new Set(seen).size).toBe(7);
  });

  it("never has more requests in flight than it was told, and keeps one of them for pushes", async () => {
    let [now, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++now);
      // Long enough for whatever else was sent meanwhile to arrive.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      now--;
    };
    const { world, firm } = await open({}, { pageSize: 2, work });
    for (let n = 0; n < 9; n++) firm.time(null, key(n), "2026-11-10", "1", `2026-11-12T1${n}:00:00.000Z`);
    await Promise.all(world.source.streams.map((s) => readAll(s)));
    expect(most).toBe(2);
    const look = () =>
      world.source.writer?.read({ entity: "project", nativeId: null, key: "a2dProj" }, [], {});
    await Promise.all([...world.source.streams.map((s) => readAll(s)), look(), look(), look()]);
    expect(most).toBe(3);
    expect(world.counts().retries).toBe(0);
  });

  it("leaves out planned time and counts turned-down time as not approved", async () => {
    const { world, firm } = await open();
    firm.time(null, key(1), "2026-11-10", "1", "2026-11-12T10:00:00.000Z", { timeType: "P" });
    firm.time(null, key(2), "2026-11-10", "1", "2026-11-12T10:00:00.000Z", { approvalStatus: "4" });
    firm.time(null, key(3), "2026-11-10", "1", "2026-11-12T10:00:00.000Z", { approvalStatus: "1" });
    const stream = world.stream("timebill");
    const records = mapAll(stream, (await readAll(stream)).records);
    expect(records.map((r) => [r.key, (r.data as { is_approved: boolean }).is_approved])).toEqual([
      [key(2), false],
      [key(3), true],
    ]);
  });

  it("sees a copy made in NetSuite as the same time line twice, since copies keep custom fields only", async () => {
    const { world, firm } = await open();
    firm.time(null, key(1), "2026-11-10", "1", "2026-11-12T10:00:00.000Z");
    firm.time(null, null, "2026-11-10", "1", "2026-11-12T11:00:00.000Z", { custcol_psa_time_id: key(1) });
    firm.time(null, null, "2026-11-10", "1", "2026-11-12T12:00:00.000Z");
    const stream = world.stream("timebill");
    expect(mapAll(stream, (await readAll(stream)).records).map((r) => r.key)).toEqual([key(1), key(1), null]);
  });

  it("sweeps the ids that are left after a deletion", async () => {
    const { world, firm } = await open({}, { pageSize: 2 });
    const made = [1, 2, 3, 4, 5].map((n) =>
      firm.time(null, key(n), "2026-11-10", "1", "2026-11-12T10:00:00.000Z"),
    );
    world.account.remove("timeBill", made[2] as string, { at: msOf(NOW), by: "9001" });
    const ids: string[] = [];
    for await (const page of world.stream("timebill").ids?.(new AbortController().signal) ?? [])
      ids.push(...page);
    expect(ids.sort()).toEqual(made.filter((_, n) => n !== 2).sort());
  });

  it("reads invoices with what they bill, income as a positive amount", async () => {
    const { world, firm } = await open();
    const lines = [
      { item: "88", quantity: "7.5", rate: "200", amount: "1500", description: "Build", job: firm.job },
    ];
    const fields = {
      tranId: "INV-1",
      entity: firm.job,
      tranDate: "2026-11-05",
      currency: "1",
      subsidiary: "1",
      total: "1500",
      status: "Open",
      lines,
    };
    const id = world.put("invoice", null, fields, "2026-11-05T10:00:00.000Z");
    const [invoices, invoiceLines] = [world.stream("invoice"), world.stream("invoiceline")];
    expect(mapAll(invoices, (await readAll(invoices)).records)).toMatchObject([
      {
        nativeId: id,
        data: {
          number: "INV-1",
          customer_ref: firm.customer,
          project_ref: firm.job,
          total: "1500",
          currency: "USD",
          legal_entity: "US01",
          is_released: true,
        },
      },
    ]);
    expect(mapAll(invoiceLines, (await readAll(invoiceLines)).records)).toMatchObject([
      {
        nativeId: `${id}:1`,
        data: { invoice_ref: id, project_ref: firm.job, hours: "7.5", rate: "200", amount: "1500" },
      },
    ]);
  });

  it("tells who changed what in canonical words, people apart from integrations", async () => {
    const { world, firm } = await open();
    world.put("job", firm.job, { projectedEndDate: "2027-03-31" }, "2026-11-12T10:00:00.000Z");
    world.account.write(
      "job",
      firm.job,
      { companyName: "NW roll-out" },
      { at: msOf("2026-11-12T11:00:00.000Z"), by: world.account.integrationUser },
    );
    const stream = world.stream("systemnote");
    const { records } = await readAll(stream, JSON.stringify({ since: "2026-11-01T00:00:00.000Z" }));
    const changes = records.flatMap((r) => {
      const mapped = stream.map(r);
      return mapped.ok ? (mapped.changes ?? []) : [];
    });
    expect(changes).toMatchObject([
      {
        entity: "project",
        nativeId: firm.job,
        field: "end_on",
        oldValue: "2027-02-26",
        newValue: "2027-03-31",
        actorKind: "person",
        changedAt: "2026-11-12T10:00:00.000Z",
      },
      {
        entity: "project",
        nativeId: firm.job,
        field: "name",
        oldValue: "NW rollout",
        newValue: "NW roll-out",
        actorKind: "integration",
      },
    ]);
  });
});

describe("reading NetSuite's rate cards", () => {
  it("gives each price its own line, and later only the prices that changed", async () => {
    const { world, firm } = await open();
    const stream = world.stream("billingratecard");
    const first = await readAll(stream);
    const line = `${firm.card}:${firm.consultant}:1`;
    expect(mapAll(stream, first.records)).toMatchObject([
      { entity: "rate_card", nativeId: firm.card },
      {
        entity: "rate_line",
        nativeId: line,
        data: { rate: "200", currency: "USD", role_name: "Consultant", card_ref: firm.card },
      },
      {
        entity: "rate_line",
        nativeId: `${firm.card}:${firm.consultant}:2`,
        data: { rate: "160", currency: "GBP" },
      },
    ]);
    world.clock.advance(60_000);
    const quiet = await readAll(stream, first.bookmark);
    expect(quiet.records).toEqual([]);
    const lines = [{ billingClassId: firm.consultant, prices: { "1": "210.00", "2": "160.00" } }];
    world.put("billingRateCard", firm.card, { lines }, "2026-11-20T15:00:30.000Z");
    const second = await readAll(stream, quiet.bookmark);
    expect(second.ids).toEqual([line]);
    expect(stream.identify(second.records[0])).toMatchObject({ changedAt: "2026-11-20T15:01:00.000Z" });
    const full = await readAll(stream, second.bookmark, true);
    expect(full.records).toHaveLength(3);
    expect(full.bookmark).toBe(second.bookmark);
  });

  it("drops a price that was taken off its card from the ids it still has", async () => {
    const { world, firm } = await open();
    world.put(
      "billingRateCard",
      firm.card,
      { lines: [{ billingClassId: firm.consultant, prices: { "2": "160.00" } }] },
      "2026-11-20T14:00:00.000Z",
    );
    const ids: string[] = [];
    for await (const page of world.stream("billingratecard").ids?.(new AbortController().signal) ?? [])
      ids.push(...page);
    expect(ids).toEqual([firm.card, `${firm.card}:${firm.consultant}:2`]);
  });
});

describe("checking the connection to NetSuite", () => {
  it("finds everything in order on a good account", async () => {
    const { world } = await open();
    const results = await world.source.check();
    expect(results.filter((r) => !r.ok)).toEqual([]);
    expect(results.length).toBeGreaterThan(10);
  });

  it("says so when the zone in the configuration is not the account's", async () => {
    const { world } = await open();
    const { netsuite } = await import("#ingest/netsuite/index");
    const { openHttp } = await import("#ingest/http");
    const clock = manualClock(NOW);
    const http = openHttp({
      source: "NetSuite",
      hosts: [new URL(world.server.url).host],
      requestsPerMinute: 100_000,
      clock,
    });
    const { config, settings } = world.opened;
    const wrong = netsuite.open({ ...config, timeZone: "Europe/Berlin" }, settings, { http, clock });
    expect(await wrong.check()).toContainEqual({
      what: "Time zone",
      ok: false,
      message: expect.stringContaining("timeZone"),
    });
  });

  it("says what to look at when the certificate is not accepted", async () => {
    const { world } = await open({ certificateId: "another" });
    const results = await world.source.check();
    expect(results.every((r) => !r.ok)).toBe(true);
    expect(results[0]?.message).toContain("certificateId");
  });

  it("names the stream whose field the account does not have", async () => {
    const { world } = await open({ timeLinkField: "custcol_missing" });
    const failed = (await world.source.check()).filter((r) => !r.ok);
    expect(failed.map((r) => r.what)).toEqual(["timebill", "invoiceline"]);
    expect(failed[0]?.message).toContain("custcol_missing");
  });
});
