/** How long other engines take for the answer of the bare statements, and that it is the same answer. */
import { deepEqual } from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { z } from "zod";
import { chCount, chString, compiledQuery } from "#sql/query";
import type { Store } from "#sql/store";
import type { Lines } from "../time-lines.ts";
import { answerSql, type Beside, rowsSql } from "./dialect.ts";
import { openDuckDb } from "./duckdb.ts";
import { openPostgres } from "./postgres.ts";

export interface BesideTime {
  name: string;
  ms: number;
}

const bareKinds = compiledQuery({
  name: "bench.bare-kinds",
  sql: "SELECT toString(kind) AS kind, count() AS lines FROM bare_answer WHERE kind != 'match' GROUP BY kind ORDER BY kind",
  params: z.object({}),
  row: z.object({ kind: chString, lines: chCount }),
});

/** The median of three. Expects the answer of the bare statements in `bare_answer`; throws when another engine's differs. */
export async function measureBeside(
  store: Store,
  lines: Lines,
  note: (text: string) => void,
): Promise<BesideTime[]> {
  const expected = (await store.query(bareKinds, {})).map((r) => [r.kind, String(r.lines)]);
  const times: BesideTime[] = [];
  for (const open of [openDuckDb, openPostgres]) {
    const engine = await open();
    if (engine === null) continue;
    try {
      note(`the same lines in ${engine.name}`);
      for (const sql of rowsSql(engine.dialect, lines)) await engine.run(sql);
      times.push({ name: engine.name, ms: await medianOf(engine) });
      const found = await engine.ask("SELECT kind, count(*) FROM answer GROUP BY kind ORDER BY kind");
      deepEqual(found, expected, `${engine.name} gives another answer than the bare statements`);
    } finally {
      await engine.close();
    }
  }
  return times;
}

async function medianOf(engine: Beside): Promise<number> {
  const all: number[] = [];
  for (let n = 0; n < 3; n++) {
    await engine.run("TRUNCATE TABLE answer");
    const from = performance.now();
    await engine.run(answerSql(engine.dialect));
    all.push(Math.round(performance.now() - from));
  }
  return all.sort((a, b) => a - b)[1] ?? 0;
}
