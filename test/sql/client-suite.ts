/**
 * What an unmodified @clickhouse/client may expect, as a table. The same behaviours are run against the embedded engine and, when
 * CLICKHOUSE_TEST_URL names one, against a real server; where the two differ by design the table says so.
 */
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  type ClickHouseSettings,
  type DataFormat,
  TupleParam,
} from "@clickhouse/client";
import { expect, vi } from "vitest";

export interface SuiteContext {
  client: ClickHouseClient;
  /** Another client on the same database. */
  connect(options?: ClickHouseClientConfigOptions): ClickHouseClient;
  /** A name for a table of this behaviour alone. */
  table: string;
  embedded: boolean;
}

export interface Behaviour {
  name: string;
  run(on: SuiteContext): Promise<void>;
}

async function rows<T = Record<string, unknown>>(
  client: ClickHouseClient,
  query: string,
  params?: Record<string, unknown>,
  settings?: ClickHouseSettings,
): Promise<T[]> {
  const result = await client.query({
    query,
    format: "JSONEachRow",
    ...(params ? { query_params: params } : {}),
    ...(settings ? { clickhouse_settings: settings } : {}),
  });
  return result.json<T>();
}

async function count(client: ClickHouseClient, from: string): Promise<number> {
  return Number((await rows<{ n: string }>(client, `SELECT count() AS n FROM ${from}`))[0]?.n);
}

async function createPeople({ client, table }: SuiteContext): Promise<void> {
  await client.command({
    query: `CREATE TABLE ${table} (id UInt64, name String, at DateTime64(3, 'UTC') DEFAULT 0, note Nullable(String))
            ENGINE = MergeTree ORDER BY id`,
  });
}

/** Long enough that it cannot end by itself while a test looks at it, and findable by its text. */
const endless = (mark: string) =>
  `SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number, '${mark}') % 7 = 3 AND sleepEachRow(0) = 0`;

async function running(client: ClickHouseClient, mark: string): Promise<number> {
  return count(
    client,
    `system.processes WHERE query LIKE '%${mark}%' AND query NOT LIKE '%system.processes%'`,
  );
}

async function untilGone(client: ClickHouseClient, mark: string): Promise<void> {
  await vi.waitFor(async () => expect(await running(client, mark)).toBe(0), {
    timeout: 20_000,
    interval: 50,
  });
}

async function untilRunning(client: ClickHouseClient, mark: string): Promise<void> {
  await vi.waitFor(async () => expect(await running(client, mark)).toBe(1), {
    timeout: 20_000,
    interval: 20,
  });
}

const refused = (code: string) => expect.objectContaining({ code });

export const behaviours: Behaviour[] = [
  {
    name: "answers a ping",
    run: async ({ client }) => {
      expect(await client.ping()).toEqual({ success: true });
      expect(await client.ping({ select: true })).toEqual({ success: true });
    },
  },
  {
    name: "refuses a wrong password",
    run: async ({ connect }) => {
      const stranger = connect({ password: "not the password" });
      await expect(rows(stranger, "SELECT 1")).rejects.toEqual(refused("516"));
      await stranger.close();
    },
  },
  {
    name: "refuses an unknown user",
    run: async ({ connect }) => {
      const stranger = connect({ username: "nobody-here" });
      await expect(rows(stranger, "SELECT 1")).rejects.toEqual(refused("516"));
      await stranger.close();
    },
  },
  {
    name: "works in the database the client names",
    run: async ({ client, table }) => {
      await client.command({ query: `CREATE TABLE ${table} (a UInt8) ENGINE = MergeTree ORDER BY a` });
      expect(
        await count(client, `currentDatabase() AS d, system.tables WHERE name = '${table}'`).catch(() => -1),
      ).toBe(-1);
      expect(
        await count(client, `system.tables WHERE database = currentDatabase() AND name = '${table}'`),
      ).toBe(1);
    },
  },
  {
    name: "refuses an unknown database",
    run: async ({ connect }) => {
      const lost = connect({ database: "no_such_database" });
      await expect(rows(lost, "SELECT 1")).rejects.toEqual(refused("81"));
      await lost.close();
    },
  },
  {
    name: "stores an array of objects and says how many",
    run: async (on) => {
      await createPeople(on);
      const values = [{ id: 1, name: "a'b\\\n€;--", at: "2026-01-01 00:00:00.123", note: null }];
      const stored = await on.client.insert({ table: on.table, values, format: "JSONEachRow" });
      expect(stored.executed).toBe(true);
      expect(stored.summary?.written_rows).toBe("1");
      expect(await rows(on.client, `SELECT toUInt32(id) AS id, name, at, note FROM ${on.table}`)).toEqual(
        values,
      );
    },
  },
  {
    name: "stores a stream of objects",
    run: async (on) => {
      await createPeople(on);
      const values = Readable.from(Array.from({ length: 30_000 }, (_, n) => ({ id: n, name: `name ${n}` })));
      const stored = await on.client.insert({ table: on.table, values, format: "JSONEachRow" });
      expect(stored.summary?.written_rows).toBe("30000");
      expect(await count(on.client, on.table)).toBe(30_000);
    },
  },
  {
    name: "stores nothing from an empty stream, and does not mind",
    run: async (on) => {
      await createPeople(on);
      const stored = await on.client.insert({
        table: on.table,
        values: Readable.from([]),
        format: "JSONEachRow",
      });
      expect(stored.query_id).not.toBe("");
      expect(await count(on.client, on.table)).toBe(0);
    },
  },
  {
    name: "stores nothing from a stream that has already ended",
    run: async (on) => {
      await createPeople(on);
      const ended = Readable.from([], { objectMode: false });
      await buffer(ended);
      await on.client.insert({ table: on.table, values: ended, format: "CSV" });
      expect(await count(on.client, on.table)).toBe(0);
    },
  },
  {
    name: "refuses even an empty insert into an unknown table",
    run: async ({ client, table }) => {
      const insert = client.insert({ table, values: Readable.from([]), format: "JSONEachRow" });
      await expect(insert).rejects.toEqual(refused("60"));
    },
  },
  {
    name: "keeps characters whose bytes arrive in two pieces",
    run: async (on) => {
      await createPeople(on);
      const bytes = Buffer.from('7,"€€€"\n');
      const cut = bytes.indexOf(0xe2) + 1;
      const values = Readable.from([bytes.subarray(0, cut), bytes.subarray(cut)], { objectMode: false });
      await on.client.insert({ table: on.table, values, format: "CSV", columns: ["id", "name"] });
      expect(await rows(on.client, `SELECT name FROM ${on.table}`)).toEqual([{ name: "€€€" }]);
    },
  },
  {
    name: "takes blank lines and SQL inside data for data",
    run: async (on) => {
      await createPeople(on);
      const name = `one\n\nDROP TABLE ${on.table};\n\ntwo`;
      const values = Readable.from([`1,"${name}"\n`], { objectMode: false });
      await on.client.insert({ table: on.table, values, format: "CSV", columns: ["id", "name"] });
      expect(await rows(on.client, `SELECT name FROM ${on.table}`)).toEqual([{ name }]);
    },
  },
  {
    name: "never runs what stands behind the data",
    run: async (on) => {
      await createPeople(on);
      const insert = (format: DataFormat, body: string) =>
        on.client
          .insert({
            table: on.table,
            values: Readable.from([body], { objectMode: false }),
            format: format as "CSV",
            columns: ["id", "name"],
          })
          .catch(() => undefined);
      await insert("JSONEachRow", `{"id":1,"name":"x"}\n\nDROP TABLE ${on.table}\n`);
      await insert("JSONEachRow", `{"id":1,"name":"x"};\nDROP TABLE ${on.table};\n`);
      await insert("CSV", `1,"x"\n\n;DROP TABLE ${on.table};\n`);
      await insert("TabSeparated", `1\tx\n\nDROP TABLE ${on.table};\n`);
      await on.client
        .exec({
          query: `INSERT INTO ${on.table} (id, name) VALUES`,
          values: Readable.from([`(1,'x'); DROP TABLE ${on.table};`], { objectMode: false }),
        })
        .then((r) => buffer(r.stream))
        .catch(() => undefined);
      expect(
        await count(on.client, `system.tables WHERE database = currentDatabase() AND name = '${on.table}'`),
      ).toBe(1);
    },
  },
  {
    name: "carries Parquet out and in",
    run: async (on) => {
      await createPeople(on);
      const out = await on.client.exec({
        query: "SELECT toUInt64(number) AS id, toString(number) AS name FROM numbers(70000) FORMAT Parquet",
      });
      const bytes = await buffer(out.stream);
      expect(bytes.subarray(0, 4).toString()).toBe("PAR1");
      const values = Readable.from([bytes], { objectMode: false });
      await on.client.insert({ table: on.table, values, format: "Parquet", columns: ["id", "name"] });
      expect(await count(on.client, `${on.table} WHERE name = toString(id)`)).toBe(70_000);
    },
  },
  {
    name: "stores a batch whole or not at all",
    run: async (on) => {
      await createPeople(on);
      const values = [...Array.from({ length: 5_000 }, (_, n) => ({ id: n })), { id: "not a number" }];
      await expect(on.client.insert({ table: on.table, values, format: "JSONEachRow" })).rejects.toEqual(
        refused("27"),
      );
      expect(await count(on.client, on.table)).toBe(0);
    },
  },
  {
    name: "refuses unknown fields when told to",
    run: async (on) => {
      await createPeople(on);
      const insert = on.client.insert({
        table: on.table,
        values: [{ id: 1, surprise: 2 }],
        format: "JSONEachRow",
        clickhouse_settings: { input_format_skip_unknown_fields: 0 },
      });
      await expect(insert).rejects.toEqual(refused("117"));
    },
  },
  {
    name: "does not let one insert's settings reach the next",
    run: async (on) => {
      await createPeople(on);
      const values = [{ id: 1, surprise: 2 }];
      const strict = { input_format_skip_unknown_fields: 0 } as const;
      await expect(
        on.client.insert({ table: on.table, values, format: "JSONEachRow", clickhouse_settings: strict }),
      ).rejects.toEqual(refused("117"));
      for (let n = 0; n < 10; n++)
        await on.client.insert({
          table: on.table,
          values,
          format: "JSONEachRow",
          clickhouse_settings: { input_format_skip_unknown_fields: 1 },
        });
      expect(await count(on.client, on.table)).toBe(10);
    },
  },
  {
    name: "takes data that stands in the statement itself",
    run: async (on) => {
      await createPeople(on);
      await on.client.command({
        query: `INSERT INTO ${on.table} (id, name) VALUES (1, 'a;b'), (2, 'c\n\nd');`,
      });
      await on.client.command({
        query: `INSERT INTO ${on.table} (id, name) FORMAT JSONEachRow {"id":3,"name":"e"}`,
      });
      expect(await rows(on.client, `SELECT name FROM ${on.table} ORDER BY id`)).toEqual([
        { name: "a;b" },
        { name: "c\n\nd" },
        { name: "e" },
      ]);
    },
  },
  {
    name: "takes an INSERT with a SELECT and parameters",
    run: async (on) => {
      await createPeople(on);
      await on.client.command({
        query: `INSERT INTO ${on.table} (id, name) SELECT number, {name:String} FROM numbers({n:UInt32})`,
        query_params: { name: "it's\t€", n: 5 },
      });
      expect(await count(on.client, `${on.table} WHERE name = 'it\\'s\\t€'`)).toBe(5);
    },
  },
  {
    name: "accepts async_insert and has stored the rows when it answers",
    run: async (on) => {
      await createPeople(on);
      await on.client.insert({
        table: on.table,
        values: [{ id: 1 }],
        format: "JSONEachRow",
        clickhouse_settings: { async_insert: 1, wait_for_async_insert: 1 },
      });
      expect(await count(on.client, on.table)).toBe(1);
    },
  },
  {
    name: "passes parameters of every shape",
    run: async ({ client }) => {
      const a = ["x'y", "z\\w", "t\tb\n"];
      const s = "it's \\ \n\t; DROP {x:String} €";
      const [row] = await rows(
        client,
        `SELECT {a:Array(String)} AS a, {n:Nullable(Int32)} AS n, {s:String} AS s, {m:Map(String, UInt8)} AS m,
                {t:Tuple(String, UInt8)} AS t, {b:Bool} AS b, {d:Decimal(18, 4)} = toDecimal64('1.1', 4) AS d`,
        { a, n: null, s, m: { k: 1 }, t: new TupleParam(["a'b", 1]), b: true, d: "1.1" },
      );
      expect(row).toEqual({ a, n: null, s, m: { k: 1 }, t: ["a'b", 1], b: true, d: 1 });
    },
  },
  {
    name: "keeps the milliseconds of a moment given as a parameter",
    run: async ({ client }) => {
      const d = new Date("2026-01-01T00:00:00.123Z");
      const row = await rows(client, "SELECT {d:DateTime64(3, 'UTC')} AS d, {t:DateTime64(3, 'UTC')} AS t", {
        d,
        t: "2026-01-01 00:00:00.123",
      });
      expect(row).toEqual([{ d: "2026-01-01 00:00:00.123", t: "2026-01-01 00:00:00.123" }]);
    },
  },
  {
    name: "never takes a parameter for SQL",
    run: async ({ client }) => {
      const evil = "x'); DROP TABLE t; --";
      expect(await rows(client, "SELECT {v:String} AS v", { v: evil })).toEqual([{ v: evil }]);
      await expect(rows(client, "SELECT {v:UInt32} AS v", { v: evil })).rejects.toEqual(
        expect.objectContaining({ code: expect.stringMatching(/^(457|27|26|6)$/) }),
      );
    },
  },
  {
    name: "names a parameter that was not given",
    run: async ({ client }) => {
      await expect(rows(client, "SELECT {missing:String}")).rejects.toEqual(refused("456"));
    },
  },
  {
    name: "does not remember a parameter of an earlier statement",
    run: async ({ client }) => {
      for (let n = 0; n < 5; n++) await rows(client, "SELECT {earlier:String}", { earlier: "x" });
      for (let n = 0; n < 5; n++)
        await expect(rows(client, "SELECT {earlier:String}")).rejects.toEqual(refused("456"));
    },
  },
  {
    name: "takes twenty thousand ids as a parameter",
    run: async ({ connect }) => {
      const client = connect({ use_multipart_params_auto: true });
      const ids = Array.from({ length: 20_000 }, (_, n) => `id-${n}`);
      const query =
        "SELECT count() AS n FROM numbers(50000) WHERE concat('id-', toString(number)) IN {ids:Array(String)}";
      expect(await rows(client, query, { ids })).toEqual([{ n: 20_000 }]);
      await client.close();
    },
  },
  {
    name: "keeps parameters of parallel statements apart",
    run: async ({ client }) => {
      const asked = Array.from({ length: 200 }, (_, n) => `value ${n}`);
      const given = await Promise.all(
        asked.map((v) => rows<{ v: string }>(client, "SELECT {v:String} AS v", { v })),
      );
      expect(given.map((r) => r[0]?.v)).toEqual(asked);
    },
  },
  {
    name: "applies a setting to its statement only",
    run: async ({ client }) => {
      const block = "SELECT getSetting('max_block_size') AS v";
      expect(await rows(client, block, undefined, { max_block_size: "1234" })).toEqual([{ v: 1234 }]);
      const later = await Promise.all(Array.from({ length: 20 }, () => rows<{ v: number }>(client, block)));
      expect(later.filter((r) => r[0]?.v === 1234)).toEqual([]);
    },
  },
  {
    name: "quotes wide numbers and decimals when asked",
    run: async ({ client }) => {
      const row = await rows(
        client,
        "SELECT 18446744073709551615 AS u, toDecimal64('0.10', 2) AS d",
        undefined,
        {
          output_format_json_quote_64bit_integers: 1,
          output_format_json_quote_decimals: 1,
        },
      );
      expect(row).toEqual([{ u: "18446744073709551615", d: "0.1" }]);
    },
  },
  {
    name: "refuses an unknown setting",
    run: async ({ client }) => {
      const odd = { no_such_setting: 1 } as ClickHouseSettings;
      await expect(rows(client, "SELECT 1", undefined, odd)).rejects.toEqual(refused("115"));
    },
  },
  {
    name: "refuses writes that claim to be reads",
    run: async (on) => {
      await createPeople(on);
      const readonly = { readonly: "1" } as const;
      const drop = `DROP TABLE ${on.table}`;
      await expect(on.client.command({ query: drop, clickhouse_settings: readonly })).rejects.toEqual(
        refused("164"),
      );
      await expect(rows(on.client, "SELECT 1 SETTINGS readonly = 0", undefined, readonly)).rejects.toEqual(
        refused("164"),
      );
      await on.client.command({ query: drop });
    },
  },
  {
    name: "ends a result at its row limit with an error",
    run: async ({ client }) => {
      await expect(
        rows(client, "SELECT number FROM numbers(10)", undefined, { max_result_rows: "1" }),
      ).rejects.toEqual(refused("396"));
      expect(await rows(client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    },
  },
  {
    name: "says what is wrong by code: syntax, table, column",
    run: async ({ client }) => {
      await expect(rows(client, "SELEC 1")).rejects.toMatchObject({ code: "62", type: "SYNTAX_ERROR" });
      await expect(rows(client, "SELECT * FROM nowhere_at_all")).rejects.toMatchObject({
        code: "60",
        type: "UNKNOWN_TABLE",
      });
      await expect(rows(client, "SELECT nothing_like_it")).rejects.toMatchObject({
        code: "47",
        type: "UNKNOWN_IDENTIFIER",
      });
    },
  },
  {
    name: "ends a statement at its time limit",
    run: async ({ client }) => {
      await expect(rows(client, endless(randomUUID()), undefined, { max_execution_time: 1 })).rejects.toEqual(
        refused("159"),
      );
    },
  },
  {
    name: "ends a statement at its memory limit and stays well",
    run: async ({ client }) => {
      const hungry = "SELECT groupArray(number) AS all FROM numbers(100000000)";
      await expect(rows(client, hungry, undefined, { max_memory_usage: "50000000" })).rejects.toEqual(
        refused("241"),
      );
      expect(await rows(client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    },
  },
  {
    name: "stops a read whose caller gives up",
    run: async ({ client }) => {
      const mark = randomUUID();
      const abort = new AbortController();
      const query = client.query({ query: endless(mark), abort_signal: abort.signal }).catch((e: Error) => e);
      await untilRunning(client, mark);
      abort.abort();
      expect(await query).toBeInstanceOf(Error);
      await untilGone(client, mark);
    },
  },
  {
    name: "stops a read whose client gave it too little time",
    run: async ({ client, connect }) => {
      const mark = randomUUID();
      const hasty = connect({ request_timeout: 300 });
      await expect(rows(hasty, endless(mark))).rejects.toThrow("Timeout");
      await hasty.close();
      await untilGone(client, mark);
    },
  },
  {
    name: "is not held up by clients that leave at once",
    run: async ({ client }) => {
      const mark = randomUUID();
      for (let n = 0; n < 40; n++) {
        const abort = new AbortController();
        const query = client
          .query({ query: endless(mark), abort_signal: abort.signal })
          .catch(() => undefined);
        setTimeout(() => abort.abort(), n % 8);
        await query;
      }
      await untilGone(client, mark);
      expect(await rows(client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    },
  },
  {
    name: "cancels by KILL QUERY",
    run: async ({ client }) => {
      const mark = randomUUID();
      const query = rows(client, endless(mark)).catch((e: unknown) => e);
      await untilRunning(client, mark);
      await rows(client, `KILL QUERY WHERE query LIKE '%${mark}%' AND query NOT LIKE '%KILL%' ASYNC`);
      expect(await query).toEqual(refused("394"));
    },
  },
  {
    name: "streams a result without holding it",
    run: async ({ client }) => {
      const result = await client.query({
        query: "SELECT number FROM numbers(500000)",
        format: "JSONEachRow",
      });
      let seen = 0;
      for await (const part of result.stream()) seen += part.length;
      expect(seen).toBe(500_000);
    },
  },
  {
    name: "lets others work while a result without end is read slowly and then dropped",
    run: async ({ client }) => {
      const mark = randomUUID();
      const open = await Promise.all(
        Array.from({ length: 4 }, () =>
          client.query({
            query: `SELECT number, '${mark}' AS mark, repeat('x', 1000) AS filler FROM system.numbers`,
            format: "JSONEachRow",
          }),
        ),
      );
      for (const result of open) {
        const reader = result.stream()[Symbol.asyncIterator]();
        await reader.next();
      }
      expect(await rows(client, "SELECT sum(number) AS s FROM numbers(1000)")).toEqual([{ s: 499_500 }]);
      for (const result of open) result.close();
      await untilGone(client, mark);
    },
  },
  {
    name: "reports a failure in the middle of a result",
    run: async ({ client }) => {
      const result = await client.query({
        query:
          "SELECT number, throwIf(number = 3000000) AS boom, repeat('x', 20) AS filler FROM numbers(4000000)",
        format: "JSONEachRow",
        clickhouse_settings: { max_threads: 1 },
      });
      const read = async () => {
        let seen = 0;
        for await (const part of result.stream()) seen += part.length;
        return seen;
      };
      await expect(read()).rejects.toMatchObject({ code: "395" });
    },
  },
  {
    name: "reports a late failure as one when the result is kept until its end",
    run: async ({ client }) => {
      await expect(
        rows(client, "SELECT throwIf(number = 300000) FROM numbers(400000)", undefined, {
          wait_end_of_query: 1,
        }),
      ).rejects.toEqual(refused("395"));
    },
  },
  {
    name: "sends progress between rows in the format with progress",
    run: async ({ client }) => {
      const result = await client.query({
        query: "SELECT number FROM numbers(200000)",
        format: "JSONEachRowWithProgress",
        clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
      });
      let seen = 0;
      let progress = 0;
      for await (const part of result.stream<{ number: number }>())
        for (const entry of part) {
          const json = entry.json() as object;
          if ("row" in json) seen++;
          if ("progress" in json) progress++;
        }
      expect(seen).toBe(200_000);
      expect(progress).toBeGreaterThan(0);
    },
  },
  {
    name: "writes JSON as one document, whatever its size",
    run: async ({ client }) => {
      const result = await client.query({ query: "SELECT number AS n FROM numbers(150000)", format: "JSON" });
      const document = await result.json<{ n: string }>();
      expect(document.data.length).toBe(150_000);
      expect(document.meta?.[0]).toEqual({ name: "n", type: "UInt64" });
      expect(document.rows).toBe(150_000);
    },
  },
  {
    name: "writes CSV with its header once",
    run: async ({ client }) => {
      const result = await client.query({
        query: "SELECT number AS n FROM numbers(150000)",
        format: "CSVWithNames",
      });
      const lines = (await result.text()).trimEnd().split("\n");
      expect(lines.length).toBe(150_001);
      expect(lines.filter((line) => line === '"n"').length).toBe(1);
    },
  },
  {
    name: "gives a result without rows its shape",
    run: async ({ client }) => {
      const query = "SELECT number AS n FROM numbers(0)";
      expect(await rows(client, query)).toEqual([]);
      const named = await client.query({ query, format: "CSVWithNames" });
      expect(await named.text()).toBe('"n"\n');
      const document = await (await client.query({ query, format: "JSON" })).json();
      expect(document.data).toEqual([]);
    },
  },
  {
    name: "compresses both ways",
    run: async (on) => {
      await createPeople(on);
      const client = on.connect({ compression: { request: true, response: true } });
      const values = Array.from({ length: 3_000 }, (_, n) => ({ id: n, name: `€ ${n}` }));
      await client.insert({ table: on.table, values, format: "JSONEachRow" });
      expect((await rows(client, `SELECT name FROM ${on.table} ORDER BY id`)).length).toBe(3_000);
      await client.close();
    },
  },
  {
    name: "compresses an error too, before and in the middle of a result",
    run: async ({ connect }) => {
      const client = connect({ compression: { request: true, response: true } });
      await expect(rows(client, "SELECT * FROM nowhere_at_all")).rejects.toMatchObject({ code: "60" });
      const result = await client.query({
        query: "SELECT number, throwIf(number = 3000000) AS boom FROM numbers(4000000)",
        format: "JSONEachRow",
        clickhouse_settings: { max_threads: 1 },
      });
      const read = async () => {
        for await (const part of result.stream()) expect(part.length).toBeGreaterThan(0);
      };
      await expect(read()).rejects.toMatchObject({ code: "395" });
      await client.close();
    },
  },
  {
    name: "sends a server's headers with results, inserts and commands",
    run: async (on) => {
      await createPeople(on);
      const result = await on.client.query({
        query: "SELECT 1",
        format: "JSONEachRow",
        query_id: randomUUID(),
      });
      await result.text();
      const stored = await on.client.insert({ table: on.table, values: [{ id: 1 }], format: "JSONEachRow" });
      const done = await on.client.command({ query: `TRUNCATE TABLE ${on.table}` });
      expect(result.response_headers["x-clickhouse-format"]).toBe("JSONEachRow");
      for (const { response_headers: headers } of [result, stored, done]) {
        expect(headers["x-clickhouse-query-id"]).toBeTruthy();
        expect(headers["x-clickhouse-server-display-name"]).toBeTruthy();
        expect(headers["x-clickhouse-timezone"]).toBeTruthy();
        expect(JSON.parse(String(headers["x-clickhouse-summary"]))).toHaveProperty("written_rows");
      }
    },
  },
  {
    name: "answers with the query id it was given",
    run: async ({ client }) => {
      const query_id = randomUUID();
      const result = await client.query({ query: "SELECT 1", format: "JSONEachRow", query_id });
      await result.text();
      expect(result.query_id).toBe(query_id);
    },
  },
  {
    name: "runs no second statement, however it is hidden",
    run: async (on) => {
      await createPeople(on);
      const drop = `DROP TABLE ${on.table}`;
      const tricks = [
        `SELECT 1; ${drop}`,
        `SELECT 1 ;; ${drop}`,
        `SELECT ';' ; ${drop} --`,
        `SELECT 'a\\'' ; ${drop} -- '`,
        `SELECT 'a''' ; ${drop} -- '`,
        `SELECT 1 -- '\n ; ${drop} -- '`,
        `SELECT 1 /* ' */ ; ${drop} /* ' */`,
        `SELECT 1 # '\n ; ${drop} -- '`,
        `SELECT $a$ ' $a$ ; ${drop} -- '`,
        `SELECT 1$$';$$ ; ${drop} -- '`,
        `SELECT ‘'’ ; ${drop} -- '`,
        `SELECT 1 AS \`a'\` ; ${drop} -- '`,
        `SELECT 1 AS "a'" ; ${drop} -- '`,
        `SET readonly = 0; ${drop}`,
        `OPTIMIZE TABLE ${on.table}; ${drop}`,
        `INSERT INTO ${on.table} (id) VALUES (1); ${drop}`,
        `INSERT INTO ${on.table} (id) SELECT 1; ${drop}`,
      ];
      for (const query of tricks) await on.client.command({ query }).catch(() => undefined);
      const there = `system.tables WHERE database = currentDatabase() AND name = '${on.table}'`;
      expect(await count(on.client, there)).toBe(1);
    },
  },
  {
    name: "takes a semicolon that is not one",
    run: async ({ client }) => {
      const [row] = await rows(
        client,
        `SELECT ';' AS a, 'it''s;' AS b, 'c\\';' AS c, $x$;'$x$ AS d, "e;".1 AS e /* ; */ -- ;
         FROM (SELECT tuple(1) AS "e;") # ;
         `,
      );
      expect(row).toEqual({ a: ";", b: "it's;", c: "c';", d: ";'", e: 1 });
      await client.command({ query: "SELECT 1 ; ; -- ;" });
    },
  },
  {
    name: "runs twenty statements at once",
    run: async ({ client }) => {
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          rows<{ n: number }>(client, `SELECT sum(number) + ${n} AS n FROM numbers(100000)`),
        ),
      );
      expect(all.map((r) => Number(r[0]?.n) - 4_999_950_000)).toEqual(
        Array.from({ length: 20 }, (_, n) => n),
      );
    },
  },
  {
    name: "describes, explains and shows",
    run: async (on) => {
      await createPeople(on);
      const columns = await rows<{ name: string }>(on.client, `DESCRIBE TABLE ${on.table}`);
      expect(columns.map((c) => c.name)).toEqual(["id", "name", "at", "note"]);
      await on.client.insert({ table: on.table, values: [{ id: 1 }], format: "JSONEachRow" });
      const plan = await on.client.query({
        query: `EXPLAIN SELECT * FROM ${on.table}`,
        format: "TabSeparated",
      });
      expect(await plan.text()).toContain("ReadFromMergeTree");
      const shown = await on.client.query({
        query: `SHOW CREATE TABLE ${on.table}`,
        format: "TabSeparatedRaw",
      });
      expect(await shown.text()).toContain("CREATE TABLE");
    },
  },
  {
    name: "takes a format named in the statement",
    run: async ({ client }) => {
      const out = await client.exec({ query: "SELECT 1 AS a, 'x' AS b FORMAT JSONCompactEachRow" });
      expect(await text(out.stream)).toBe('[1, "x"]\n');
    },
  },
  {
    name: "keeps no temporary tables between requests without a session",
    run: async ({ client, table }) => {
      await client.command({ query: `CREATE TEMPORARY TABLE ${table} (a UInt8)` });
      await expect(rows(client, `SELECT * FROM ${table}`)).rejects.toEqual(refused("60"));
    },
  },
  {
    name: "does not keep a USE for the next request",
    run: async ({ client }) => {
      await client.command({ query: "USE system" });
      expect(await rows(client, "SELECT currentDatabase() = 'system' AS moved")).toEqual([{ moved: 0 }]);
    },
  },
  {
    name: "refuses to read or write files named by a statement",
    run: async ({ client, table }) => {
      await client.command({ query: `CREATE TABLE ${table} (a String) ENGINE = MergeTree ORDER BY a` });
      await expect(
        client.command({ query: `INSERT INTO ${table} FROM INFILE '/etc/hostname' FORMAT LineAsString` }),
      ).rejects.toThrow();
      await expect(
        client.command({ query: "SELECT 1 INTO OUTFILE '/tmp/plumbline-should-not-exist.csv'" }),
      ).rejects.toThrow();
      expect(await count(client, table)).toBe(0);
    },
  },
];
