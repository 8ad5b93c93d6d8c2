/** Every query and every table there is, compared with the migrated database: drift between SQL and types fails here. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  chBool,
  chDecimal,
  chInstant,
  chUInt64,
  compiledQuery,
  defineTable,
  registeredQueries,
  registeredTables,
} from "#sql/query";
import { sqlDir } from "#sql/root";
import { describeQuery, describeTable, queryDifferences, tableDifferences } from "../support/describe.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

const folder = join(sqlDir(), "queries");
const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
for (const file of files.filter((f) => f.endsWith(".ts")))
  await import(/* @vite-ignore */ join(folder, file));
const tablesFile = join(sqlDir(), "tables.ts");
if (existsSync(tablesFile)) await import(/* @vite-ignore */ tablesFile);
const queries = [...registeredQueries()];
const tables = [...registeredTables()];

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe("queries", () => {
  it("are all defined: no SQL file lies about unused", () => {
    const written = files.filter((f) => f.endsWith(".sql")).map((f) => f.replace(/\.sql$/, ""));
    expect(queries.map((q) => q.name).sort()).toEqual(written.sort());
  });

  it("return the rows they declare", async () => {
    const wrong: Record<string, string[]> = {};
    for (const q of queries) {
      const found = await describeQuery(store, q).then(
        (columns) => queryDifferences(q, columns),
        (error: Error) => [error.message],
      );
      if (found.length > 0) wrong[q.name] = found;
    }
    expect(wrong).toEqual({});
  });
});

describe("tables", () => {
  it("have the columns that are written to them", async () => {
    const wrong: Record<string, string[]> = {};
    for (const table of tables) {
      const found = tableDifferences(table, await describeTable(store, table.name));
      if (found.length > 0) wrong[table.name] = found;
    }
    expect(wrong).toEqual({});
  });
});

describe("the comparison itself", () => {
  const query = (row: z.ZodObject) =>
    compiledQuery({
      name: "sample",
      sql: "SELECT toDecimal64(1, 4) AS price, toUInt64(1) AS k, toNullable('x') AS note, now64(3, 'UTC') AS at, toUInt8(1) AS ok WHERE {since:DateTime64(3)} < now() AND 'x' IN {ids:Array(String)}",
      params: z.object({ since: z.string(), ids: z.array(z.string()) }),
      row,
    });
  const right = { price: chDecimal, k: chUInt64, note: z.string().nullable(), at: chInstant, ok: chBool };

  it("finds nothing wrong with a right row", async () => {
    const q = query(z.object(right));
    expect(queryDifferences(q, await describeQuery(store, q))).toEqual([]);
  });

  it.each([
    ["a missing column", { ...right, extra: z.string() }, /^extra: declared/],
    [
      "an undeclared column",
      { price: chDecimal, k: chUInt64, note: z.string().nullable(), at: chInstant },
      /^ok: a column/,
    ],
    ["money read as a number", { ...right, price: z.number() }, /^price: /],
    ["a wide integer read as a number", { ...right, k: z.number() }, /^k: /],
    ["a null nobody expects", { ...right, note: z.string() }, /^note: .* may be null/],
    ["a null that cannot be", { ...right, ok: chBool.nullable() }, /^ok: .* never null/],
  ])("finds %s", async (_, row, why) => {
    const q = query(z.object(row));
    expect(queryDifferences(q, await describeQuery(store, q))).toEqual([expect.stringMatching(why)]);
  });

  it("finds a table row that leaves out a column without default", async () => {
    await store.command(
      "CREATE TABLE sample (a String, b UInt8, c UInt8 DEFAULT 1, d UInt8 MATERIALIZED 2) ENGINE = MergeTree ORDER BY a",
    );
    const table = defineTable({ name: "sample", row: z.object({ a: z.string() }) });
    expect(tableDifferences(table, await describeTable(store, "sample"))).toEqual([
      "b: a column the row does not declare",
    ]);
  });
});
