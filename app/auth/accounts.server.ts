/** Local accounts: taken from the configuration into the store at start, read again on every request. */
import { PERSON_ROLES, type PersonRole, type PlumblineConfig } from "#core/config";
import { type Clock, instantOf } from "#core/time";
import { findPeople, type PersonRow, personTable } from "#sql/queries/people";
import type { Store } from "#sql/store";
import { DECOY_HASH, hashPassword, verifyPassword } from "./password.server.ts";

export interface Person {
  name: string;
  displayName: string;
  roles: readonly PersonRole[];
  epoch: number;
}

function personOf(row: PersonRow): Person {
  const known: readonly string[] = PERSON_ROLES;
  return {
    name: row.name,
    displayName: row.display_name,
    roles: row.roles.filter((r): r is PersonRole => known.includes(r)),
    epoch: row.epoch,
  };
}

/** The account of this name if it is active, otherwise null. */
export async function findPerson(store: Store, name: string): Promise<Person | null> {
  const row = (await store.query(findPeople, { name }))[0];
  return row?.is_active ? personOf(row) : null;
}

/** Everybody who may be given work, by display name. */
export async function activePeople(store: Store): Promise<Person[]> {
  const rows = await store.query(findPeople, { name: "" });
  return rows
    .filter((r) => r.is_active)
    .map(personOf)
    .sort((a, b) => a.displayName.localeCompare(b.displayName, "en"));
}

/** The person this name and password belong to, or null. Takes as long for a name nobody has. */
export async function checkPassword(store: Store, name: string, password: string): Promise<Person | null> {
  const row = name === "" ? undefined : (await store.query(findPeople, { name }))[0];
  const right = await verifyPassword(password, row?.password ?? DECOY_HASH);
  return row?.is_active && right ? personOf(row) : null;
}

/**
 * Make the store's accounts what the configuration says. A changed password, and leaving the configuration, raise the epoch,
 * which ends that person's sessions.
 */
export async function syncAccounts(
  store: Store,
  clock: Clock,
  people: PlumblineConfig["people"],
): Promise<void> {
  const known = new Map((await store.query(findPeople, { name: "" })).map((r) => [r.name, r]));
  const at = instantOf(clock.now());
  const rows = await Promise.all(
    people.map(async (p) => {
      const row = known.get(p.name);
      const samePassword = row !== undefined && (await verifyPassword(p.password, row.password));
      const same =
        samePassword &&
        row.is_active &&
        row.display_name === p.displayName &&
        row.roles.join() === p.roles.join();
      if (same) return null;
      return {
        name: p.name,
        display_name: p.displayName,
        roles: [...p.roles],
        password: samePassword ? row.password : await hashPassword(p.password),
        epoch: samePassword && row.is_active ? row.epoch : (row?.epoch ?? 0) + 1,
        is_active: true,
        at,
      };
    }),
  );
  const named = new Set(people.map((p) => p.name));
  const gone = [...known.values()]
    .filter((r) => r.is_active && !named.has(r.name))
    .map((r) => ({
      name: r.name,
      display_name: r.display_name,
      roles: r.roles,
      password: r.password,
      epoch: r.epoch + 1,
      is_active: false,
      at,
    }));
  const changed = [...rows.flatMap((r) => (r ? [r] : [])), ...gone];
  if (changed.length > 0) await store.insert(personTable, changed);
}
