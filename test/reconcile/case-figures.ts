/** What the sums over billable items say, for tests of cases. */
import { z } from "zod";
import { overviewFigures } from "#sql/queries/overview";
import { chCount, chDecimal, chString, compiledQuery } from "#sql/query";
import type { Store } from "#sql/store";

const blocked = compiledQuery({
  name: "test.blocked",
  sql: `SELECT count() AS items, sum(value_reporting) AS value, arraySort(groupUniqArray(toString(rule))) AS rules FROM blocked_item`,
  params: z.object({}),
  row: z.object({ items: chCount, value: chDecimal, rules: z.array(chString) }),
});
const worth = compiledQuery({
  name: "test.worth",
  sql: `SELECT sum(value) AS value FROM priced_time WHERE role = 'psa' AND is_billable = 1 AND project_key = {project:String}`,
  params: z.object({ project: z.string() }),
  row: z.object({ value: chDecimal.nullable() }),
});

/** How many items are blocked, what they are worth, and the rules they are counted under. */
export const blockedItems = async (store: Store) => (await store.query(blocked, {}))[0];
/** What a project's lines are worth, past every exception. */
export const sumOf = async (store: Store, project: string) =>
  (await store.query(worth, { project }))[0]?.value;
export const overview = async (store: Store) => (await store.query(overviewFigures, {}))[0];
