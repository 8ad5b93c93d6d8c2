/** What the server keeps of a model's past, found out once: an add-on may have been put there, and a restart is needed to change it. */
import { TransientError } from "#core/errors";
import type { Row, Server } from "./client.ts";
import type { By } from "./history-stream.ts";
import { type Reading, reads } from "./model-stream.ts";

/** `add-on`: a log that can be listed; `rows`: past states of a record that is known; `none`: nothing. */
export type Kept = "add-on" | "rows" | "none";

/** The add-on's model for a model's past. */
export const logModel = (model: string) => `change.history.${model}`;

const remembered = new WeakMap<Server, Map<string, Promise<Kept>>>();

/** What is kept of one model. */
export function keepsHistory(server: Server, model: string, signal?: AbortSignal): Promise<Kept> {
  const known = remembered.get(server) ?? new Map<string, Promise<Kept>>();
  remembered.set(server, known);
  const there = known.get(model);
  if (there !== undefined) return there;
  const asked = findOut(server, model, signal);
  known.set(model, asked);
  asked.catch(() => known.delete(model));
  return asked;
}

async function findOut(server: Server, model: string, signal?: AbortSignal): Promise<Kept> {
  const there = await server.models([model, logModel(model)], signal);
  if (there.has(logModel(model))) return "add-on";
  if (!there.has(model)) return "none";
  try {
    await server.call<unknown[]>(model, "history_revisions", [[]], reads(signal, "en"));
    return "rows";
  } catch (error) {
    // The vendor has no other way to say that a model keeps none.
    if (error instanceof TransientError && error.message.includes("No history table")) return "none";
    throw error;
  }
}

export interface Users {
  byId(uid: number): By;
  /** By the name people see; the login only where one user alone has that name. */
  byName(name: string): By;
}

/** Who the users are, as far as the integration's user may know. */
export async function usersOf(reading: Reading): Promise<Users> {
  let rows: readonly Row[] = [];
  try {
    rows = await reading.find("res.user", [], ["login", "name"]);
  } catch (error) {
    if (error instanceof TransientError) throw error;
    // Not allowed to look: what the log itself says has to do.
  }
  const known = rows.map((r) => ({ uid: Number(r.id), login: String(r.login), name: String(r.name) }));
  return {
    byId: (uid) => known.find((u) => u.uid === uid) ?? { uid, login: uid === 0 ? "root" : null, name: null },
    byName(name) {
      const same = known.filter((u) => u.name === name);
      return same.length === 1 && same[0] ? same[0] : { uid: null, login: null, name };
    },
  };
}

/** The names of the statuses of projects and tasks, by id. */
export async function statusNames(reading: Reading, model: string): Promise<ReadonlyMap<unknown, unknown>> {
  if (model !== "project.work") return new Map();
  const rows = await reading.find("project.work.status", [], ["name"]);
  return new Map(rows.map((r) => [r.id, r.name]));
}
