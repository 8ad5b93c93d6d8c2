/**
 * Closing and reopening a project. Redmine does the same to every project below it and does not touch anybody's `updated_on`, so a
 * project is only written when nothing below it would change with it.
 */
import type { Change, WriteOutcome, WriteTarget } from "../connector.ts";
import { isObject } from "../payload.ts";
import { movedSince } from "../push-outcome.ts";
import type { Instance } from "./client.ts";
import {
  beforeSending,
  gone,
  idOf,
  isOutcome,
  type Looked,
  type RecordWriter,
  record,
  rejected,
  sendAndProve,
  snapshotOf,
  withNulls,
} from "./record-writer.ts";

export const ACTIVE = 1;
export const CLOSED = 5;

export function projectWriter(instance: Instance): RecordWriter {
  const look = (target: WriteTarget) => lookAt(instance, target);
  return {
    actions: ["update"],
    async read(target, fields) {
      return snapshotOf(await look(target), fields);
    },
    async write(original): Promise<WriteOutcome> {
      const change = withNulls(original);
      const to = onlyStatus(change);
      if (to === null)
        return rejected(
          "plumbline.unsupported",
          `A project in ${instance.name} can be closed or reopened by Plumbline, and nothing else.`,
        );
      const before = await beforeSending(() => look(change.target));
      if (isOutcome(before)) return before;
      if (before === null) return gone(instance, "project");
      const moved = movedSince(change, before.values);
      if (moved) return moved;
      if (before.locked !== null) return rejected("plumbline.locked", before.locked);
      const id = idOf(before.row);
      const put = {
        path: `/projects/${id}/${to === "1" ? "reopen" : "close"}.json`,
        body: null,
        locking: false,
        look: () => look({ ...change.target, nativeId: id }),
        forbidden: async () =>
          `${instance.name} does not let the user of the API key close or reopen this project. Give the user the permission to close projects, or use an administrator's key.`,
        what: "project",
      };
      return sendAndProve(instance, change, put, before);
    },
  };
}

/** Why nothing on a project may be written: closed and archived projects are read-only. Null when it is open, or not there. */
export async function closedProject(
  instance: Instance,
  project: Looked["row"] | null,
): Promise<string | null> {
  if (project === null || project.status === ACTIVE) return null;
  const name = String(project.name ?? "");
  const state = project.status === CLOSED ? "closed" : "archived";
  return `The project ${name} is ${state} in ${instance.name}, so nothing on it can be changed. Somebody must reopen it there first.`;
}

async function lookAt(instance: Instance, target: WriteTarget): Promise<Looked | null> {
  const row = await record(
    instance,
    `/projects/${encodeURIComponent(target.nativeId ?? target.key)}.json`,
    "project",
  );
  if (row === null) return null;
  const active = row.status === ACTIVE;
  const locked =
    active || row.status === CLOSED
      ? await wouldFollow(instance, idOf(row), active)
      : `The project is archived in ${instance.name}. An administrator must take it out of the archive there first.`;
  return { row, values: { is_active: active ? "1" : "0" }, token: null, locked };
}

/** Why the project cannot be closed or reopened alone: the projects below it that would follow. */
async function wouldFollow(instance: Instance, id: string, active: boolean): Promise<string | null> {
  for (let level = [id]; level.length > 0; ) {
    const below: Looked["row"][] = [];
    for (const parent of level) below.push(...(await children(instance, parent)));
    const follow = below.filter((p) => p.status === (active ? ACTIVE : CLOSED));
    if (follow.length > 0) {
      const names = follow.map((p) => String(p.name ?? "")).sort();
      const said = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
      return active
        ? `${instance.name} would close the projects below it too (${said}). Close those first.`
        : `${instance.name} would reopen the projects below it too (${said}). A person must decide that there.`;
    }
    level = below.map(idOf);
  }
  return null;
}

/** The projects directly below one; left to itself, the list holds only the open ones. */
async function children(instance: Instance, parent: string): Promise<Looked["row"][]> {
  const found: Looked["row"][] = [];
  for (;;) {
    const page = await instance.get(
      `/projects.json?parent_id=${parent}&status=${ACTIVE}%7C${CLOSED}&limit=100&offset=${found.length}`,
      { purpose: "push" },
    );
    const rows = isObject(page) && Array.isArray(page.projects) ? page.projects.filter(isObject) : [];
    found.push(...rows);
    if (rows.length === 0 || !isObject(page) || found.length >= Number(page.total_count ?? 0)) return found;
  }
}

/** The state asked for when that is all the change asks for. */
function onlyStatus(change: Change): "0" | "1" | null {
  const [only, ...more] = change.changes;
  if (only === undefined || more.length > 0 || only.field !== "is_active") return null;
  return only.to === "1" || only.to === "0" ? only.to : null;
}
