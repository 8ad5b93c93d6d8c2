/** The lexer against plain expectations, and against the engine's own over thousands of awkward texts. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { compiledQuery } from "#sql/query";
import { formatClause, insertWithData, oneStatement, placeholders } from "#sql/statement";
import { openTestStore, type TestStore } from "../support/store.ts";

describe("one statement", () => {
  it.each([
    ["SELECT 1", "SELECT 1"],
    ["SELECT 1;", "SELECT 1"],
    ["SELECT 1 ; -- done\n;;", "SELECT 1 "],
    ["SELECT ';' -- ;", "SELECT ';' -- ;"],
    ["SELECT 'it''s;', 'a\\';'", "SELECT 'it''s;', 'a\\';'"],
    ["SELECT /* ; */ 1 # ;", "SELECT /* ; */ 1 # ;"],
    ["SELECT $doc$ ; ' $doc$", "SELECT $doc$ ; ' $doc$"],
    ["SELECT ‘;’, “;”", "SELECT ‘;’, “;”"],
    ["SELECT 1 AS a$b$, ';' AS c$b$", "SELECT 1 AS a$b$, ';' AS c$b$"],
  ])("%s is one", (sql, statement) => {
    expect(oneStatement(sql)).toMatchObject({ ok: true, sql: statement });
  });

  it.each([
    "SELECT 1; SELECT 2",
    "SELECT 'a\\\\'; DROP TABLE t",
    "SELECT 1 #;\n",
    "SELECT $a; $a",
    "SELECT 1/*/;/**/; SELECT 2",
  ])("%s is not one", (sql) => {
    const one = oneStatement(sql);
    // `#;` is no comment, so what follows is not part of the statement.
    expect(one.ok && one.sql === sql).toBe(false);
  });

  it.each(["", "  \n", ";", "-- nothing", "/* nothing */"])("%j is none", (sql) => {
    expect(oneStatement(sql)).toEqual({ ok: false, reason: "empty" });
  });
});

describe("parameters of a text", () => {
  it("are found with their types, outside strings and comments", () => {
    const sql = `-- {no:String}
      SELECT {a:Array(LowCardinality(String))}, '{b:String}', {c: DateTime64(3, 'UTC')}, {a:Array(LowCardinality(String))}`;
    expect([...placeholders(sql)]).toEqual([
      ["a", "Array(LowCardinality(String))"],
      ["c", "DateTime64(3, 'UTC')"],
    ]);
  });
});

describe("where an insert's data begin", () => {
  it("is after the format, its settings apart", () => {
    expect(insertWithData("INSERT INTO t (a, format) SETTINGS x = 1 FORMAT CSV 1,2")).toEqual({
      head: "INSERT INTO t (a, format) ",
      settings: "SETTINGS x = 1 ",
      format: "CSV",
      dataFrom: 51,
    });
  });
  it("is after VALUES", () => {
    expect(insertWithData("insert into format values (1)")).toMatchObject({
      head: "insert into format ",
      format: "Values",
    });
  });
  it.each([
    "INSERT INTO t SELECT 1 FORMAT CSV",
    "INSERT INTO t (SELECT 1)",
    "INSERT INTO t WITH 1 AS x SELECT x",
    "INSERT INTO t; DROP TABLE t FORMAT CSV",
    "INSERT INTO t FROM INFILE 'x' FORMAT CSV",
    "SELECT 1 FORMAT CSV",
  ])("is nowhere in %s", (sql) => {
    expect(insertWithData(sql)).toBeNull();
  });
});

it("knows the format a statement asks for", () => {
  expect(formatClause("SELECT 1 FORMAT JSON")).toBe("JSON");
  expect(formatClause("SELECT 1 FORMAT CSV SETTINGS max_threads = 1")).toBe("CSV");
  expect(formatClause("SELECT format FROM t")).toBeNull();
  expect(formatClause("SELECT 'x FORMAT CSV'")).toBeNull();
});

describe("the engine's own lexer", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore({ migrated: false });
  });
  afterAll(() => store.close());

  /** Pieces with which a text pretends that a `;` is, or is not, the end of a statement. */
  const pieces = fc.constantFrom(
    ..."' '' \\' \" ` ; ;; $ $$ $a$ $b$ -- # #! // /* */ { } ( ) ‘ ’ “ ” \\ \\\\ a$ 1$ a 1 .5 1.5 , €".split(
      " ",
    ),
    " ",
    "\n",
    "# ",
    "SELECT 2",
    "';'",
    "/*;*/",
    "$a$;$a$",
    "‘;’",
    "“;”",
  );

  const parse = compiledQuery({
    name: "test.parse",
    sql: "SELECT formatQuerySingleLine({sql:String}) AS parsed",
    params: z.object({ sql: z.string() }),
    row: z.object({ parsed: z.string() }),
  });

  it("never sees a second statement in a text that was let through", async () => {
    const seen = { several: 0, one: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 14 }), async (parts) => {
        const sql = `SELECT 1 ${parts.join("")}`;
        const ours = oneStatement(sql).ok ? "one" : "several";
        const theirs = await store.query(parse, { sql }).then(
          () => "one",
          (error: Error) =>
            error.message.includes("Multi-statements are not allowed") ? "several" : "not SQL",
        );
        if (theirs !== "not SQL") expect(ours).toBe(theirs);
        if (theirs === ours) seen[ours]++;
      }),
      { numRuns: 2_500, seed: 20261121 },
    );
    expect(seen.several).toBeGreaterThan(50);
    expect(seen.one).toBeGreaterThan(50);
  });
});
