/** What a store holds after reading, in a form that two runs can be compared in. */
import { z } from "zod";
import { compiledQuery } from "#sql/query";
import type { Store } from "#sql/store";

const anyRow = z.looseObject({});

/** The rows of a statement of a test's own. */
export function rows(store: Store, sql: string): Promise<Record<string, unknown>[]> {
  return store.query(compiledQuery({ name: "test.rows", sql, params: z.object({}), row: anyRow }), {});
}

/** A single number. */
export async function count(store: Store, sql: string): Promise<number> {
  const [row] = await rows(store, `SELECT toUInt32(count()) AS n FROM (${sql})`);
  return row?.n as number;
}

const ENTITY_COLUMNS = {
  project: "code, name, status, is_active",
  time_entry: "project_ref, project_key, work_on, hours, status, bill_rate",
  rate_card: "name",
  rate_line: "card_ref, card_key, role_name, rate",
};

/** Everything of one source that must come out the same however its records arrived. */
export async function ingestState(store: Store, sourceId = "books") {
  const of = `source_id = '${sourceId}'`;
  const state: Record<string, unknown> = {};
  for (const [entity, columns] of Object.entries(ENTITY_COLUMNS))
    state[entity] = await rows(
      store,
      `SELECT role, key, native_id, toString(changed_at) AS at, ${columns},
         raw_id IN (SELECT raw_id FROM raw_record WHERE ${of}) AS is_traced
       FROM ${entity} FINAL WHERE ${of} AND is_deleted = 0 ORDER BY key, native_id`,
    );
  state.raw = await rows(
    store,
    `SELECT DISTINCT stream, native_id, toString(changed_at) AS at, is_deleted, payload FROM raw_record WHERE ${of}
     ORDER BY stream, native_id, at, payload`,
  );
  state.rejects = await rows(
    store,
    `SELECT stream, native_id, reason, detail FROM reject FINAL WHERE ${of} AND is_open = 1 ORDER BY stream, native_id`,
  );
  state.bookmarks = await rows(store, `SELECT stream, value FROM bookmark FINAL WHERE ${of} ORDER BY stream`);
  return state;
}

/** A store whose n-th write never happens: what a crash between two writes leaves behind. Reading goes on working. */
export function crashingStore(store: Store, crashAt: number): Store & { writes(): number } {
  let writes = 0;
  let crashed = false;
  const write = () => {
    if (!crashed && ++writes !== crashAt) return;
    crashed = true;
    throw new Error("crash");
  };
  return {
    ...store,
    writes: () => writes,
    async insert(table, all) {
      if (all.length === 0) return;
      write();
      await store.insert(table, all);
    },
    async command(...args) {
      write();
      await store.command(...args);
    },
  };
}
