/** A migrated store for a test file: an engine of its own on a temporary directory, or a database of its own on a test server. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { env } from "#core/env";
import { newId } from "#core/ids";
import { readAddress } from "#sql/engine/address";
import { stopEngine } from "#sql/engine/start";
import { migrate } from "#sql/migrate";
import { compiledQuery } from "#sql/query";
import { openStore, type Store } from "#sql/store";
import { copyTemplate } from "./template.ts";

export interface TestStore extends Store {
  /** Where the engine keeps its data; null on a server. */
  readonly dataDir: string | null;
}

/** Opens a fresh store, migrated unless told otherwise. `close()` stops the engine and removes its directory. */
export async function openTestStore(options: { migrated?: boolean } = {}): Promise<TestStore> {
  const url = env.CLICKHOUSE_TEST_URL;
  const migrated = options.migrated !== false;
  const store = url === undefined ? await onEngine(migrated) : await onServer(url);
  if (!migrated) return store;
  try {
    await migrate(store);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

async function onEngine(migrated: boolean): Promise<TestStore> {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  if (migrated) await copyTemplate(dataDir);
  const store = await openStore({ dataDir, memoryBytes: 2_000_000_000 });
  return {
    ...store,
    dataDir,
    async close() {
      const address = readAddress(dataDir);
      await store.close();
      if (address) await stopEngine(address);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function onServer(url: string): Promise<TestStore> {
  const store = await openStore({ url, database: `plumbline_test_${newId().replaceAll("-", "")}` });
  return {
    ...store,
    dataDir: null,
    async close() {
      await store.command(`DROP DATABASE IF EXISTS \`${store.database}\``);
      await store.close();
    },
  };
}

const filledTables = compiledQuery({
  name: "test.filled-tables",
  sql: `SELECT name FROM system.tables
        WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND total_rows > 0 AND name != 'schema_migration'`,
  params: z.object({}),
  row: z.object({ name: z.string() }),
});

/** Empties every table, leaving the migrations. */
export async function truncateAll(store: Store): Promise<void> {
  const tables = await store.query(filledTables, {});
  await Promise.all(tables.map(({ name }) => store.command(`TRUNCATE TABLE \`${name}\``)));
}
