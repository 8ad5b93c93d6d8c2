import { afterEach, describe, expect, it } from "vitest";
import { dateForm, decimalForm } from "#ingest/tryton/values";
import { mapAll, readAll, trytonWorld, type World } from "./world.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (...args: Parameters<typeof trytonWorld>) => {
  world = await trytonWorld(...args);
  return world;
};
const NEVER = new AbortController().signal;
const line = { employee: 1, company: 1, work: 1, date: dateForm("2026-11-20") };
const time = (w: World, id: number | undefined, at: string, seconds = 3600) =>
  w.fake.put(
    "timesheet.line",
    { ...line, ...(id ? { id } : {}), duration: { __class__: "timedelta", seconds } },
    at,
  );

describe("reading Tryton", () => {
  it("gets every record once over many pages, though records come and go meanwhile", async () => {
    const w = await open("erp", { pageSize: 2 });
    const stream = w.stream("timesheet.line");
    const seen: unknown[] = [];
    let pages = 0;
    for await (const page of stream.read(null, { full: true, signal: NEVER })) {
      seen.push(...page.records.map((r) => (r as { id: number }).id));
      if (++pages === 1) w.fake.remove("timesheet.line", 1);
      if (pages === 2) time(w, undefined, "2026-11-21T14:59:59Z");
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("reads what changed since, by the last write or, before there was one, by the making", async () => {
    const w = await open();
    const stream = w.stream("timesheet.line");
    const { bookmark, pages } = await readAll(stream);
    expect(pages.at(-1)?.completeUntil).toBe("2026-11-21T14:59:00.000Z");
    expect((await readAll(stream, bookmark)).ids).toEqual([]);
    w.clock.advance(60_000);
    const made = time(w, undefined, "2026-11-21T15:00:30.123456Z");
    time(w, 2, "2026-11-21T15:00:31Z", 1800);
    const { records, ids } = await readAll(stream, bookmark);
    expect(ids).toEqual(["2", String(made)]);
    expect(stream.identify(records[1])).toMatchObject({ changedAt: "2026-11-21T15:00:30.123Z" });
  });

  it("reads again what a long transaction brings in behind where the last read ended", async () => {
    const w = await open();
    const stream = w.stream("timesheet.line");
    const { bookmark } = await readAll(stream);
    const late = time(w, undefined, "2026-11-21T14:59:10Z");
    w.clock.advance(60_000);
    expect((await readAll(stream, bookmark)).ids).toEqual([String(late)]);
  });

  it("goes on where it was stopped, and owes what changed since it began", async () => {
    const w = await open("erp", { pageSize: 3 });
    const stream = w.stream("timesheet.line");
    let bookmark: string | null = null;
    for await (const page of stream.read(null, { full: true, signal: NEVER })) {
      bookmark = page.bookmark;
      break;
    }
    w.clock.advance(3_600_000);
    time(w, 1, "2026-11-21T15:30:00Z", 1800);
    const rest = await readAll(stream, bookmark);
    expect(rest.ids).toEqual(["4", "5", "6", "7"]);
    // Its end promises nothing of what happened after it began.
    expect(rest.pages.at(-1)?.completeUntil).toBe("2026-11-21T14:59:00.000Z");
    expect((await readAll(stream, rest.bookmark)).ids).toEqual(["1"]);
  });

  it("goes by the server's clock", async () => {
    const w = await open();
    const fakeNow = w.clock.now();
    const { pages } = await readAll(w.stream("party.party"));
    expect(Date.parse(pages.at(-1)?.completeUntil ?? "")).toBe(fakeNow - 60_000);
  });

  it("lists everything, each time, where deletions are found that way", async () => {
    const w = await open("erp", { pageSize: 2 });
    const stream = w.stream("company.employee");
    const first = await readAll(stream);
    expect(first.pages.map((p) => p.everything)).toEqual([undefined, true]);
    w.fake.remove("company.employee", 2);
    const second = await readAll(stream, first.bookmark);
    expect(second.ids).toEqual(["1", "3"]);
    expect(second.pages.at(-1)?.everything).toBe(true);
  });

  it("goes on after an ended session, server errors and broken answers", async () => {
    const w = await open("erp", { pageSize: 2 });
    const effects = [
      { kind: "unauthorized" },
      { kind: "server-error", status: 500 },
      { kind: "server-error", status: 503, html: true },
      { kind: "truncated" },
      { kind: "malformed-json" },
      { kind: "cut" },
    ] as const;
    const { faults } = w.fake.server;
    for (const effect of effects) {
      faults.clear();
      faults.add({ path: "/erp/", after: 6, times: 1, effect });
      const { ids } = await readAll(w.stream("timesheet.line"), null, true);
      expect(faults.list()[0]?.struck, effect.kind).toBe(1);
      expect(ids, effect.kind).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
    }
  });

  it("stops when it is told to", async () => {
    const w = await open();
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    await expect(
      (async () => {
        for await (const page of w.stream("party.party").read(null, { full: true, signal: stop.signal }))
          expect(page).toBeDefined();
      })(),
    ).rejects.toThrow("stopped");
  });
});

describe("reading what depends on other records", () => {
  it("reads a person again when the party that holds the name is renamed", async () => {
    const w = await open();
    const stream = w.stream("company.employee");
    await readAll(stream);
    w.fake.put("party.party", { id: 5, name: "Dana Ruiz-Hale" }, "2026-11-21T15:01:00Z");
    const { records } = await readAll(stream);
    expect(stream.identify(records[0])).toMatchObject({ changedAt: "2026-11-21T15:01:00.000Z" });
    expect(mapAll(stream, records)[0]).toMatchObject({ data: { name: "Dana Ruiz-Hale" } });
  });

  it("takes a cost price on the day it comes into force, as a change of that day", async () => {
    const w = await open();
    const stream = w.stream("company.employee");
    const prices = w.fake.rows("company.employee")[0]?.cost_prices as number[];
    const cost_price = decimalForm("101");
    const id = w.fake.put(
      "company.employee_cost_price",
      { date: dateForm("2026-12-01"), cost_price },
      "2026-11-01T00:00:00Z",
    );
    w.fake.put("company.employee", { id: 1, cost_prices: [...prices, id] }, "2026-11-21T14:40:00Z");
    expect(mapAll(stream, (await readAll(stream)).records)[0]).toMatchObject({ data: { cost_rate: "95.5" } });
    w.clock.set("2026-12-01T06:00:00.000Z");
    const { records } = await readAll(stream);
    expect(mapAll(stream, records)[0]).toMatchObject({ data: { cost_rate: "101" } });
    expect(stream.identify(records[0])).toMatchObject({ changedAt: "2026-12-01T00:00:00.000Z" });
  });

  it("reads everything below a project again when it is renamed or moved, and allocations with it", async () => {
    const w = await open();
    const [works, allocations] = [w.stream("project.work"), w.stream("project.allocation")];
    const before = await readAll(works);
    const allocated = await readAll(allocations);
    w.clock.advance(120_000);
    // The project inside the project loses its key: what is below it belongs to the outer one.
    w.fake.put("project.work", { id: 4, name: "Operations" }, "2026-11-21T15:01:00Z");
    const { ids, records } = await readAll(works, before.bookmark);
    expect(ids).toEqual(["4", "6"]);
    expect(mapAll(works, records)[1]).toMatchObject({ nativeId: "6", data: { project_ref: "1" } });
    expect(works.identify(records[1])).toMatchObject({ changedAt: "2026-11-21T15:01:00.000Z" });
    expect((await readAll(allocations, allocated.bookmark)).ids).toEqual([]);
    w.fake.put("project.work", { id: 1, party: 3 }, "2026-11-21T15:01:30Z");
    expect((await readAll(works, before.bookmark)).ids).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
    expect((await readAll(allocations, allocated.bookmark)).ids).toEqual(["1", "2", "3"]);
  });

  it("reads a work and a sale again when the product they sell is renamed", async () => {
    const w = await open();
    const works = w.stream("project.work");
    const { bookmark } = await readAll(works);
    w.clock.advance(120_000);
    w.fake.put("product.template", { id: 2, name: "Principal Consultant" }, "2026-11-21T15:01:00Z");
    const { ids, records } = await readAll(works, bookmark);
    expect(ids).toEqual(["3"]);
    expect(mapAll(works, records)[1]).toMatchObject({ data: { role_name: "Principal Consultant" } });
  });

  it("takes an invoice line's own change, and a price list line's by any of its records", async () => {
    const w = await open();
    const lines = w.stream("product.price_list.line");
    w.fake.put("product.template", { id: 2, name: "Principal Consultant" }, "2026-11-21T15:01:00Z");
    const { records } = await readAll(lines);
    expect(lines.identify(records[1])).toMatchObject({ changedAt: "2026-11-21T15:01:00.000Z" });
    expect(lines.identify(records[0])).not.toMatchObject({ changedAt: "2026-11-21T15:01:00.000Z" });
  });
});
