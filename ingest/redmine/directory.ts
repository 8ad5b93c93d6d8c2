/** What other records need to know of people and projects: employee numbers, roles, and whose client's a project is. */
import { TransientError } from "#core/errors";
import { sha256 } from "#core/ids";
import { fieldsOf } from "../payload.ts";
import type { Instance, Json } from "./client.ts";
import { customText } from "./custom-value.ts";
import { idIn } from "./kept.ts";
import { allOf, type ListSpec, listPage } from "./listing.ts";

/** Active and closed projects; archived ones are never listed. */
export const PROJECTS: ListSpec = { path: "/projects.json", member: "projects", query: { status: "1|5" } };

/** Active accounts, registered ones that are not activated yet, and locked ones: each is a list of its own. */
export const ACTIVE_USERS = usersWith("1");
const OTHER_USERS = [usersWith("2"), usersWith("3")];
const MOST_TRIES = 4;

function usersWith(status: string): ListSpec {
  return { path: "/users.json", member: "users", query: { status } };
}

/** Every account, with its `status`. Throws TransientError when accounts keep moving between the lists. */
export async function allUsers(instance: Instance, signal?: AbortSignal): Promise<Json[]> {
  for (let tried = 1; tried <= MOST_TRIES; tried++) {
    const users = new Map<number | null, Json>();
    let active = 0;
    for (const spec of [ACTIVE_USERS, ...OTHER_USERS]) {
      const rows = await allOf(instance, spec, signal);
      if (spec === ACTIVE_USERS) active = rows.length;
      for (const row of rows) users.set(idIn(row), { ...row, status: Number(spec.query?.status) });
    }
    // Somebody locked, unlocked or activated meanwhile may be in two lists, or in none.
    const { total } = await listPage(instance, ACTIVE_USERS, { offset: 0, limit: 2 }, signal);
    if (total === active) return [...users.values()];
  }
  throw new TransientError("redmine.users-move", `${instance.name}: users could not be listed whole`, {
    context: { reached: true },
    userMessage: `Accounts in ${instance.name} were locked or activated faster than they could be listed. They are read again at the next turn.`,
  });
}

/** What an allocation takes from its assignee's account. */
export interface Person {
  employee: string;
  role: string;
}

export async function people(instance: Instance, signal?: AbortSignal): Promise<ReadonlyMap<number, Person>> {
  const { employeeNumberField, roleField } = instance.settings;
  const found = new Map<number, Person>();
  for (const user of await allUsers(instance, signal)) {
    const f = fieldsOf(user);
    const id = idIn(user);
    if (id !== null)
      found.set(id, { employee: tryText(f, employeeNumberField), role: tryText(f, roleField) });
  }
  return found;
}

/** Whose client's a project is, as read beside every project. */
export interface ClientOf {
  /** The client's agreed id: the project's own, or that of the nearest project above it that has one; "" when none has. */
  ref: string;
  /** The project that stands for the client; null when none does. */
  project: number | null;
}

export interface ProjectPlace {
  identifier: string;
  /** Whether it is a top-level project. */
  isRoot: boolean;
  client: ClientOf;
  /** Its own currency; "" when it has none of its own. */
  currency: string;
}

/** Each project's place among the others. `rows` are all projects, as listed. */
export function projectPlaces(instance: Instance, rows: readonly Json[]): ReadonlyMap<number, ProjectPlace> {
  const { clientRefField, clientProjects, projectCurrencyField } = instance.settings;
  const byId = new Map(rows.map((row) => [idIn(row), row]));
  const own = new Map(rows.map((row) => [idIn(row), tryText(fieldsOf(row), clientRefField)]));
  const standIn = new Map<string, number>();
  for (const row of rows) {
    const [id, ref] = [idIn(row), own.get(idIn(row)) ?? ""];
    if (
      clientProjects === "roots" &&
      id !== null &&
      ref !== "" &&
      idIn(row.parent) === null &&
      !standIn.has(ref)
    )
      standIn.set(ref, id);
  }
  const places = new Map<number, ProjectPlace>();
  for (const row of rows) {
    const id = idIn(row);
    if (id === null) continue;
    let ref = "";
    const above = new Set<number>();
    for (
      let at: number | null = id;
      at !== null && ref === "" && !above.has(at);
      at = idIn(byId.get(at)?.parent)
    ) {
      ref = own.get(at) ?? "";
      above.add(at);
    }
    places.set(id, {
      identifier: String(row.identifier ?? ""),
      isRoot: idIn(row.parent) === null,
      client: { ref, project: standIn.get(ref) ?? null },
      currency: tryText(fieldsOf(row), projectCurrencyField),
    });
  }
  return places;
}

/** A digest of what a stream takes from other records: when it changes, the stream's records are all to be read again. */
export function digestOf(entries: Iterable<readonly [number, unknown]>): string {
  const sorted = [...entries].sort(([a], [b]) => a - b);
  return sha256(JSON.stringify(sorted)).slice(0, 16);
}

/** A value read beside a record must not stop the reading; what is wrong with it is told where the record itself is mapped. */
function tryText(f: ReturnType<typeof fieldsOf>, name: string | null): string {
  try {
    return customText(f, name);
  } catch {
    return "";
  }
}
