/**
 * The engine is killed in the middle of its work, twenty times. What it had acknowledged is there afterwards, whole; what it had
 * not is there whole or not at all; and callers need to do no more than try again.
 */
import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { env } from "#core/env";
import { TransientError } from "#core/errors";
import { readAddress } from "#sql/engine/address";
import { chCount, compiledQuery, defineTable } from "#sql/query";
import { openTestStore, type TestStore } from "../support/store.ts";

const ROUNDS = 20;
const WRITERS = 3;

const batchRow = z.object({ batch: z.string(), n: z.int(), filler: z.string() });
const landed = defineTable({ name: "landed", row: batchRow });
const counts = compiledQuery({
  name: "batches",
  sql: "SELECT batch, count() AS n, uniqExact(landed.n) AS distinct FROM landed GROUP BY batch",
  params: z.object({}),
  row: z.object({ batch: z.string(), n: chCount, distinct: chCount }),
});

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore({ migrated: false });
  await store.command(
    "CREATE TABLE landed (batch String, n UInt32, filler String) ENGINE = MergeTree ORDER BY (batch, n)",
  );
});
afterAll(() => store.close());

// A server is not ours to kill.
if (env.CLICKHOUSE_TEST_URL === undefined)
  it("an engine killed twenty times under load loses nothing it acknowledged, and its callers recover", async () => {
    const sizes = new Map<string, number>();
    const acknowledged = new Set<string>();
    const failures: unknown[] = [];

    const write = async (until: () => boolean) => {
      while (!until()) {
        const batch = randomUUID();
        const size = randomInt(2) === 0 ? 50 : 4_000;
        sizes.set(batch, size);
        const rows = Array.from({ length: size }, (_, n) => ({ batch, n, filler: "x".repeat(20) }));
        try {
          await store.insert(landed, rows);
          acknowledged.add(batch);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    const read = async (until: () => boolean) => {
      while (!until()) await store.query(counts, {}).catch((error) => failures.push(error));
    };

    const engines = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      let over = false;
      const before = acknowledged.size;
      const work = [...Array.from({ length: WRITERS }, () => write(() => over)), read(() => over)];
      const pid = readAddress(store.dataDir ?? "")?.pid ?? 0;
      engines.add(pid);
      // The moment is what is random; that the engine is working then is what is waited for.
      while (acknowledged.size < before + 2) await delay(5);
      await delay(randomInt(150));
      process.kill(pid, "SIGKILL");
      const killedAt = acknowledged.size;
      // Recovered: the same callers get new batches through, without being told anything.
      while (acknowledged.size < killedAt + 2) await delay(5);
      over = true;
      await Promise.all(work);
    }

    const found = new Map((await store.query(counts, {})).map((row) => [row.batch, row]));
    const lost = [...acknowledged].filter((batch) => found.get(batch)?.n !== sizes.get(batch));
    const partial = [...found.values()].filter(
      (row) => row.n !== sizes.get(row.batch) || row.n !== row.distinct,
    );
    expect(lost).toEqual([]);
    expect(partial).toEqual([]);
    expect(failures.filter((error) => !(error instanceof TransientError))).toEqual([]);
    expect(failures.length).toBeGreaterThan(0);
    expect(engines.size).toBe(ROUNDS);
  }, 300_000);
