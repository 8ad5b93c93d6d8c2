/** What callers of the Store may rely on: checked rows and parameters, errors by what to do next, recovery, bounded memory. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { env } from "#core/env";
import { AppError, ConfigError, InvariantError, TransientError } from "#core/errors";
import { readAddress } from "#sql/engine/address";
import {
  chBool,
  chCount,
  chDate,
  chDecimal,
  chEnum,
  chInstant,
  chUInt64,
  compiledQuery,
  defineQuery,
  defineTable,
} from "#sql/query";
import { openStore } from "#sql/store";
import { openTestStore, type TestStore, truncateAll } from "../support/store.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore({ migrated: false });
  await store.command(`CREATE TABLE entry (
      id String, hours Decimal(18, 4), at DateTime64(3, 'UTC'), on_day Date, ok UInt8, state Enum8('open' = 1, 'done' = 2),
      big UInt64, note Nullable(String), tags Array(String)
    ) ENGINE = MergeTree ORDER BY id`);
});
afterAll(() => store.close());
beforeEach(() => truncateAll(store));

const row = z.object({
  id: z.string(),
  hours: chDecimal,
  at: chInstant,
  on_day: chDate,
  ok: chBool,
  state: chEnum(["open", "done"]),
  big: chUInt64,
  note: z.string().nullable(),
  tags: z.array(z.string()),
});
const entry = defineTable({ name: "entry", row });
const all = compiledQuery({ name: "all", sql: "SELECT * FROM entry ORDER BY id", params: z.object({}), row });
const countEntries = compiledQuery({
  name: "count-entries",
  sql: "SELECT count() AS n FROM entry",
  params: z.object({}),
  row: z.object({ n: chCount }),
});
const sample: z.infer<typeof row> = {
  id: "a",
  hours: "7.25",
  at: "2026-11-21T06:27:52.123Z",
  on_day: "2026-11-21",
  ok: true,
  state: "done",
  big: "18446744073709551615",
  note: null,
  tags: ["x", "it's\n\n€"],
};

describe("rows", () => {
  it("come back as they were stored, exactly", async () => {
    await store.insert(entry, [sample]);
    expect(await store.query(all, {})).toEqual([sample]);
  });

  it("are found by moments, lists and flags given as parameters", async () => {
    await store.insert(entry, [sample, { ...sample, id: "b", at: "2026-11-21T06:27:52.124Z", ok: false }]);
    const q = compiledQuery({
      name: "by-parameters",
      sql: `SELECT id FROM entry WHERE at > {after:DateTime64(3, 'UTC')} AND id IN {ids:Array(String)} AND ok = {ok:UInt8}
            AND at NOT IN {moments:Array(DateTime64(3, 'UTC'))} AND hours = {hours:Decimal(18, 4)}`,
      params: z.object({
        after: z.string(),
        ids: z.array(z.string()),
        ok: z.boolean(),
        moments: z.array(z.string()),
        hours: z.string(),
      }),
      row: z.object({ id: z.string() }),
    });
    const params = {
      after: "2026-11-21T06:27:52.123Z",
      ids: ["a", "b"],
      ok: false,
      moments: ["2026-11-21T06:27:52.123Z"],
      hours: "7.25",
    };
    expect(await store.query(q, params)).toEqual([{ id: "b" }]);
  });

  it("are stored in batches when there are many", async () => {
    await store.insert(
      entry,
      Array.from({ length: 25_001 }, (_, n) => ({ ...sample, id: String(n) })),
    );
    expect(await store.query(countEntries, {})).toEqual([{ n: 25_001 }]);
  });

  it("are refused with a key the table does not have", async () => {
    const surprising = { ...sample, surprise: 1 };
    await expect(store.insert(entry, [surprising])).rejects.toMatchObject({ code: "table.row" });
  });

  it("are refused when a value is not of its kind", async () => {
    await expect(store.insert(entry, [{ ...sample, hours: "7,25" }])).rejects.toThrow(InvariantError);
    await expect(store.insert(entry, [{ ...sample, at: "yesterday" }])).rejects.toThrow(InvariantError);
  });

  it("that are not what the query declares are a fault that is named", async () => {
    await store.insert(entry, [sample]);
    const q = compiledQuery({
      name: "lies",
      sql: "SELECT note FROM entry",
      params: z.object({}),
      row: z.object({ note: z.string() }),
    });
    await expect(store.query(q, {})).rejects.toMatchObject({
      code: "query.row",
      message: expect.stringContaining("lies: note"),
    });
  });

  it("by the million are read without being held, and dropping them ends the query", async () => {
    const q = compiledQuery({
      name: "endless",
      sql: "SELECT toString(number) AS n, repeat('x', 500) AS filler FROM system.numbers",
      params: z.object({}),
      row: z.object({ n: z.string(), filler: z.string() }),
    });
    const before = process.memoryUsage().rss;
    let seen = 0;
    for await (const { n } of store.stream(q, {})) {
      expect(n).toBe(String(seen));
      if (++seen === 300_000) break;
    }
    // 300,000 rows are 160 MB of text; what is held is a few buffers.
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    const running = compiledQuery({
      name: "running",
      sql: "SELECT count() AS n FROM system.processes WHERE query LIKE '%system.numbers%' AND query NOT LIKE '%processes%'",
      params: z.object({}),
      row: z.object({ n: chCount }),
    });
    await vi.waitFor(async () => expect(await store.query(running, {})).toEqual([{ n: 0 }]), {
      timeout: 20_000,
    });
  });
});

describe("queries", () => {
  it("must ask for exactly the parameters they declare", () => {
    const define = (params: z.ZodObject) =>
      compiledQuery({ name: "q", sql: "SELECT {a:String} AS a", params, row: z.object({ a: z.string() }) });
    expect(() => define(z.object({}))).toThrow("asks for [a]");
    expect(() => define(z.object({ a: z.string(), b: z.string() }))).toThrow("parameters have [b]");
  });

  it("must have their file", () => {
    expect(() => defineQuery({ name: "no.such-file", params: z.object({}), row: z.object({}) })).toThrow(
      InvariantError,
    );
  });

  it("are not sent with parameters that are not what they declare", async () => {
    const q = compiledQuery({
      name: "typed",
      sql: "SELECT {n:UInt8} AS n",
      params: z.object({ n: z.number() }),
      row: z.object({ n: z.number() }),
    });
    await expect(store.query(q, { n: "1" as unknown as number })).rejects.toMatchObject({
      code: "query.parameters",
    });
  });

  it("and commands take moments and flags alike", async () => {
    const sql = "INSERT INTO entry (id, at, ok) SELECT {id:String}, {at:DateTime64(3, 'UTC')}, {ok:UInt8}";
    await store.command(sql, { id: "c", at: "2026-11-21T06:27:52.123Z", ok: true });
    expect(await store.query(all, {})).toMatchObject([{ id: "c", at: "2026-11-21T06:27:52.123Z", ok: true }]);
    await expect(store.command(sql, { id: "c" })).rejects.toMatchObject({ code: "store.statement" });
  });

  it("stop when their caller gives up", async () => {
    const q = compiledQuery({
      name: "long",
      sql: "SELECT count() AS n FROM numbers(1000000000000) WHERE sipHash64(number) = 1",
      params: z.object({}),
      row: z.object({ n: chCount }),
    });
    const signal = AbortSignal.timeout(200);
    await expect(store.query(q, {}, { signal })).rejects.toMatchObject({
      code: "store.aborted",
      recovery: "retry",
    });
  });
});

describe("a backup", () => {
  it("brings back what was lost", async () => {
    await store.insert(entry, [sample]);
    const name = `backup-${randomUUID()}`;
    await store.command(`BACKUP DATABASE ${store.database} TO File('${name}')`);
    await store.command("TRUNCATE TABLE entry");
    await store.command(
      `RESTORE TABLE ${store.database}.entry FROM File('${name}') SETTINGS allow_non_empty_tables = true`,
    );
    expect(await store.query(all, {})).toEqual([sample]);
  });
});

describe("errors", () => {
  it("of our SQL are ours", async () => {
    await expect(store.command("SELEC 1")).rejects.toMatchObject({
      code: "store.statement",
      recovery: "bug",
    });
    await expect(store.command("DROP TABLE nowhere_at_all")).rejects.toThrow(InvariantError);
    await expect(store.command("SELECT 1; SELECT 2")).rejects.toThrow(InvariantError);
  });

  it("say that a server is not there, and how to help", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    const { port } = await new Promise<AddressInfo>((ok) =>
      closed.on("listening", () => ok(closed.address() as AddressInfo)),
    );
    await new Promise((ok) => closed.close(ok));
    const opening = openStore({ url: `http://127.0.0.1:${port}` });
    await expect(opening).rejects.toBeInstanceOf(TransientError);
    await expect(opening).rejects.toMatchObject({
      code: "store.unreachable",
      userMessage: expect.stringContaining("CLICKHOUSE_URL"),
    });
  });

  it("say that a password is wrong, and which settings to look at", async () => {
    const address = store.dataDir === null ? null : readAddress(store.dataDir);
    const url = address?.url ?? env.CLICKHOUSE_TEST_URL ?? "";
    const opening = openStore({ url, user: "plumbline", password: "wrong" });
    await expect(opening).rejects.toBeInstanceOf(ConfigError);
    await expect(opening).rejects.toMatchObject({
      userMessage: expect.stringContaining("CLICKHOUSE_PASSWORD"),
    });
  });
});

// A server is not ours to kill.
if (env.CLICKHOUSE_TEST_URL === undefined)
  describe("an engine that dies", () => {
    it("is started again, and a read it died under is repeated unseen", async () => {
      const dataDir = directory();
      await store.insert(entry, [sample]);
      const mark = randomUUID();
      const slow = compiledQuery({
        name: "slow",
        sql: `SELECT count() AS n, '${mark}' AS mark FROM entry WHERE sleepEachRow(1) = 0`,
        params: z.object({}),
        row: z.object({ n: chCount, mark: z.string() }),
      });
      const reading = store.query(slow, {});
      await untilRunning(mark);
      kill(dataDir);
      expect(await reading).toEqual([{ n: 1, mark }]);
    });

    it("fails a write it died under, once, and never repeats it", async () => {
      const dataDir = directory();
      const mark = randomUUID();
      const write = store.command(
        `INSERT INTO entry (id, note) SELECT toString(number), '${mark}' FROM numbers(3) WHERE sleepEachRow(1) = 0 SETTINGS max_block_size = 1`,
      );
      const outcome = write.catch((e: unknown) => e);
      await untilRunning(mark);
      kill(dataDir);
      expect(await outcome).toMatchObject({ code: "store.engine-lost", recovery: "retry" });
      expect(await outcome).toBeInstanceOf(AppError);
      await store.ping();
      const [before] = await store.query(countEntries, {});
      expect(before?.n).toBeLessThan(3);
      await store.insert(entry, [sample]);
      expect(await store.query(countEntries, {})).toEqual([{ n: (before?.n ?? 0) + 1 }]);
    });

    it("is found by a second store on the same data", async () => {
      const dataDir = directory();
      const other = await openStore({ dataDir });
      await store.insert(entry, [sample]);
      expect(await other.query(countEntries, {})).toEqual([{ n: 1 }]);
      await other.close();
      await store.ping();
    });
  });

function directory(): string {
  if (store.dataDir === null) throw new Error("Only the embedded engine has a directory");
  return store.dataDir;
}

function kill(dataDir: string): void {
  const address = readAddress(dataDir);
  if (address) process.kill(address.pid, "SIGKILL");
}

async function untilRunning(mark: string): Promise<void> {
  const q = compiledQuery({
    name: "running",
    sql: "SELECT count() AS n FROM system.processes WHERE position(query, {mark:String}) > 0 AND query NOT LIKE '%processes%'",
    params: z.object({ mark: z.string() }),
    row: z.object({ n: chCount }),
  });
  await vi.waitFor(async () => expect(await store.query(q, { mark })).toEqual([{ n: 1 }]), {
    timeout: 20_000,
    interval: 10,
  });
}
