/** DuckDB, inside this process, on a file of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Beside, SIDE_COLUMNS } from "./dialect.ts";

export async function openDuckDb(): Promise<Beside> {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-bench-duckdb-"));
  const instance = await DuckDBInstance.create(join(dir, "bench.duckdb"));
  const connection = await instance.connect();
  const ask = async (sql: string) =>
    (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(String));
  return {
    name: `DuckDB ${(await ask("SELECT version()"))[0]?.[0] ?? ""}`,
    dialect: {
      hash: (text) => `CAST(hash(${text}) >> 1 AS bigint)`,
      newest: (table) =>
        `(SELECT ${SIDE_COLUMNS.map((c) => `arg_max(${c}, version) AS ${c}`).join(", ")} FROM ${table} GROUP BY native_id)`,
    },
    ask,
    async run(sql) {
      await connection.run(sql);
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
