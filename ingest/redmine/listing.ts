/**
 * Lists that know nothing but an offset. Records that go away while one pages move what follows up, so that a page would begin too
 * late and leave some out. Therefore every page begins with the last record of the one before; if it does not, we look further back.
 * Lists are asked for in the order records were made in, which never changes: so nothing that is there throughout can be passed over.
 */
import { TransientError } from "#core/errors";
import { isObject } from "../payload.ts";
import type { Instance, Json } from "./client.ts";
import { idIn } from "./kept.ts";

export interface ListSpec {
  /** `/time_entries.json`; the records are under its name. */
  path: string;
  member: string;
  query?: Readonly<Record<string, string>>;
}

export interface ListPage {
  /** Records that no earlier page had. */
  records: Json[];
  total: number;
}

const ORDER = "created_on:asc";
/** Listings begun anew, and steps back within one, before it is given up. */
const MOST_TRIES = 4;
const MOST_STEPS_BACK = 50;

/** One page of a list as it is. Throws ConfigError when the list does not exist, TransientError when the answer is no list. */
export async function listPage(
  instance: Instance,
  { path, member, query = {} }: ListSpec,
  at: { offset: number; limit?: number; sort?: string },
  signal?: AbortSignal,
): Promise<{ rows: Json[]; total: number }> {
  const params = new URLSearchParams({
    ...query,
    sort: at.sort ?? ORDER,
    limit: String(at.limit ?? instance.settings.pageSize),
    offset: String(at.offset),
  });
  const body = await instance.get(`${path}?${params.toString()}`, signal ? { signal } : {});
  const rows = body?.[member];
  if (!Array.isArray(rows) || typeof body?.total_count !== "number")
    throw new TransientError("redmine.no-list", `${instance.name}: ${path} gave no list`, {
      context: { reached: true },
      userMessage: `${instance.name} answered ${path} without a list of ${member}, so it was not used. Check that baseUrl is the address of Redmine itself; it is asked again at the next turn.`,
    });
  return { rows: rows.filter(isObject), total: body.total_count };
}

/**
 * Every record of a list, each once. A list that ends having given everything that was there from its beginning to its end.
 * Throws TransientError when the list moves so much that this cannot be said.
 */
export async function* listAll(
  instance: Instance,
  spec: ListSpec,
  signal?: AbortSignal,
): AsyncGenerator<ListPage, void> {
  const seen = new Set<number>();
  for (let tried = 1; tried <= MOST_TRIES; tried++) {
    let offset = 0;
    let stepsBack = 0;
    let last = { rows: [] as Json[], total: 0 };
    for (;;) {
      signal?.throwIfAborted();
      last = await listPage(instance, spec, { offset }, signal);
      const isJoined = last.rows.some((row) => seen.has(idIn(row) ?? Number.NaN));
      if (offset > 0 && !isJoined) {
        if (++stepsBack > MOST_STEPS_BACK) break;
        offset = Math.max(0, offset - instance.settings.pageSize);
        continue;
      }
      const ids = new Map(last.rows.map((row) => [idIn(row) ?? Number.NaN, row]));
      yield { records: [...ids].flatMap(([id, row]) => (seen.has(id) ? [] : [row])), total: last.total };
      for (const id of ids.keys()) seen.add(id);
      if (ids.size <= 1 || offset + ids.size >= last.total) break;
      offset += ids.size - 1;
    }
    // Fewer than it counts: the order was not kept to, or too much moved. What was given stays given.
    if (stepsBack <= MOST_STEPS_BACK && seen.size >= last.total) return;
  }
  throw new TransientError("redmine.list-moves", `${instance.name}: ${spec.path} could not be listed whole`, {
    context: { reached: true },
    userMessage: `The list of ${spec.member} in ${instance.name} changed faster than it could be read, so it cannot be told whether it was complete. Nothing was taken for deleted; it is read again at the next turn.`,
  });
}

/** All records of a list in one piece. */
export async function allOf(instance: Instance, spec: ListSpec, signal?: AbortSignal): Promise<Json[]> {
  const rows: Json[] = [];
  for await (const page of listAll(instance, spec, signal)) rows.push(...page.records);
  return rows;
}
