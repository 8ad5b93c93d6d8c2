/** Migrations go forward once, in order, and say so when history does not add up. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { expand, migrate, readMigrations } from "#sql/migrate";
import { chCount, compiledQuery } from "#sql/query";
import { sqlDir } from "#sql/root";
import { openTestStore, type TestStore } from "../support/store.ts";

let store: TestStore;
let folder: string;
let dir: string;
let viewsDir: string;

beforeAll(async () => {
  store = await openTestStore({ migrated: false });
});
afterAll(() => store.close());

beforeEach(async () => {
  const tables = await store.query(tableNames, {});
  for (const { name } of tables) await store.command(`DROP TABLE \`${name}\` SYNC`);
  folder = mkdtempSync(join(tmpdir(), "plumbline-migrations-"));
  dir = join(folder, "migrations");
  viewsDir = join(folder, "views");
  mkdirSync(dir);
  mkdirSync(viewsDir);
  return () => rmSync(folder, { recursive: true, force: true });
});

const tableNames = compiledQuery({
  name: "tables",
  sql: "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY engine = 'View' DESC, name",
  params: z.object({}),
  row: z.object({ name: z.string() }),
});

const countOf = async (from: string) => {
  const q = compiledQuery({
    name: "n",
    sql: `SELECT count() AS n FROM ${from}`,
    params: z.object({}),
    row: z.object({ n: chCount }),
  });
  return (await store.query(q, {}))[0]?.n;
};

function migration(name: string, sql: string): void {
  writeFileSync(join(dir, `${name}.sql`), sql);
}

const table = (name: string, version = "") =>
  `-- what one row is; nothing else\nCREATE TABLE IF NOT EXISTS ${name} (a UInt8${version}) ENGINE = {{MergeTree}} ORDER BY a;\n`;

it("applies what is missing, in order, and each only once", async () => {
  migration("001_one", table("one"));
  migration("002_two", "INSERT INTO one SELECT 1");
  expect(await migrate(store, { dir, viewsDir })).toEqual({ applied: ["001_one", "002_two"] });
  migration("003_three", "INSERT INTO one SELECT 2");
  expect(await migrate(store, { dir, viewsDir })).toEqual({ applied: ["003_three"] });
  expect(await migrate(store, { dir, viewsDir })).toEqual({ applied: [] });
  expect(await countOf("one")).toBe(2);
});

it("goes on where it was cut off between a statement and its record", async () => {
  migration("001_one", table("one"));
  await store.command(expand("CREATE TABLE one (a UInt8) ENGINE = {{MergeTree}} ORDER BY a"));
  expect(await migrate(store, { dir, viewsDir })).toEqual({ applied: ["001_one"] });
});

it("refuses a gap in the numbers", async () => {
  migration("001_one", table("one"));
  migration("003_three", table("three"));
  await expect(migrate(store, { dir, viewsDir })).rejects.toMatchObject({ code: "migration.gap" });
  expect(await store.query(tableNames, {})).toEqual([]);
});

it("refuses two migrations with one number", () => {
  migration("001_one", table("one"));
  migration("001_uno", table("uno"));
  expect(() => readMigrations(dir)).toThrow("should be number 002");
});

it("refuses a database that lacks an earlier migration than the last it has", async () => {
  migration("001_one", table("one"));
  migration("002_two", table("two"));
  await migrate(store, { dir, viewsDir });
  await store.command("DELETE FROM schema_migration WHERE name = '001_one'");
  await expect(migrate(store, { dir, viewsDir })).rejects.toMatchObject({ code: "migration.gap" });
});

it("refuses a migration that was edited after it was applied", async () => {
  migration("001_one", table("one"));
  await migrate(store, { dir, viewsDir });
  migration("001_one", table("one", ", b UInt8"));
  await expect(migrate(store, { dir, viewsDir })).rejects.toMatchObject({ code: "migration.edited" });
});

it("refuses a database from a newer version", async () => {
  migration("001_one", table("one"));
  migration("002_two", table("two"));
  await migrate(store, { dir, viewsDir });
  rmSync(join(dir, "002_two.sql"));
  await expect(migrate(store, { dir, viewsDir })).rejects.toMatchObject({
    code: "migration.newer",
    recovery: "reconfigure",
  });
});

it("refuses a file with two statements before anything is applied", async () => {
  migration("001_one", table("one"));
  migration("002_two", `${table("two")} DROP TABLE one`);
  await expect(migrate(store, { dir, viewsDir })).rejects.toMatchObject({ code: "migration.one-statement" });
  expect(await store.query(tableNames, {})).toEqual([]);
});

it("refuses a token it does not know", async () => {
  migration("001_one", "CREATE TABLE one (a UInt8) ENGINE = {{Memory}}");
  await expect(migrate(store, { dir, viewsDir })).rejects.toMatchObject({ code: "migration.token" });
});

it("creates views in an order in which they can be made", async () => {
  migration("001_one", table("one"));
  writeFileSync(join(viewsDir, "a.sql"), "CREATE OR REPLACE VIEW a AS SELECT a FROM b");
  writeFileSync(join(viewsDir, "b.sql"), "CREATE OR REPLACE VIEW b AS SELECT a FROM c");
  writeFileSync(join(viewsDir, "c.sql"), "CREATE OR REPLACE VIEW c AS SELECT a FROM one");
  await migrate(store, { dir, viewsDir });
  expect(await countOf("a")).toBe(0);
});

it("says which view cannot be made", async () => {
  migration("001_one", table("one"));
  writeFileSync(join(viewsDir, "a.sql"), "CREATE OR REPLACE VIEW a AS SELECT a FROM nowhere_at_all");
  await expect(migrate(store, { dir, viewsDir })).rejects.toThrow("nowhere_at_all");
});

it("makes a view again that somebody dropped", async () => {
  migration("001_one", table("one"));
  writeFileSync(join(viewsDir, "shown.sql"), "CREATE OR REPLACE VIEW shown AS SELECT a FROM one");
  await migrate(store, { dir, viewsDir });
  await store.command("DROP VIEW shown");
  await migrate(store, { dir, viewsDir });
  expect(await countOf("shown")).toBe(0);
});

it("creates the views anew when one has changed", async () => {
  migration("001_one", table("one"));
  writeFileSync(join(viewsDir, "shown.sql"), "CREATE OR REPLACE VIEW shown AS SELECT a FROM one");
  await migrate(store, { dir, viewsDir });
  writeFileSync(join(viewsDir, "shown.sql"), "CREATE OR REPLACE VIEW shown AS SELECT 1 AS a FROM numbers(3)");
  await migrate(store, { dir, viewsDir });
  expect(await countOf("shown")).toBe(3);
});

it("brings a new database to Plumbline's own version, and again without change", async () => {
  const names = readMigrations(join(sqlDir(), "migrations")).map((m) => m.name);
  expect((await migrate(store)).applied).toEqual(names);
  expect((await migrate(store)).applied).toEqual([]);
});

describe("tokens", () => {
  it("write plain engines on one machine and replicated ones on a cluster", () => {
    const sql = "ENGINE = {{ReplacingMergeTree(version)}} SETTINGS {{durable}}";
    const durable = "fsync_after_insert = 1, fsync_part_directory = 1";
    expect(expand(sql)).toBe(`ENGINE = ReplacingMergeTree(version) SETTINGS ${durable}`);
    expect(expand(sql, { replicated: true })).toBe(
      `ENGINE = ReplicatedReplacingMergeTree(version) SETTINGS ${durable}`,
    );
    expect(expand("ENGINE = {{MergeTree}}")).toBe("ENGINE = MergeTree()");
  });
});
