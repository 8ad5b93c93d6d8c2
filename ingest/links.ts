/**
 * The agreed keys. Each canonical row carries the key its own record goes by and, for each reference, the key of what it points at.
 * Both can change after the fact: a record is linked later, or moved to another key. A row under a former key is ended, and rows that
 * point at a record whose key changed are written again with the same version.
 */
import { ENTITIES, type Entity, keyColumn, REFERENCES, unlinkedKey } from "#core/entities";
import type { Role } from "#core/roles";
import { chTime, type Instant, instantOf } from "#core/time";
import { hasKeys, nativeKeys } from "#sql/queries/ingest";
import type { Store } from "#sql/store";
import type { EntityRow, nativeKeyTable } from "#sql/tables";
import { relinkRows, rowsUnderKeys, touchStaleRows } from "./entity-sql.ts";
import { type PossiblyStored, parts, possiblyStored } from "./lookup.ts";
import { groupBy, type StateRow } from "./settle.ts";

type NativeKeyRow = Parameters<typeof nativeKeyTable.write>[0];

/** Rows of one entity with their keys, ready to be stored. */
export interface Keyed {
  entity: Entity;
  /** Rows under keys their records no longer go by, to be stored first. */
  former: EntityRow[];
  rows: EntityRow[];
  /** Every key whose state changes. */
  keys: Set<string>;
  links: NativeKeyRow[];
}

export interface Links {
  /** Give rows their keys, and find what else must change with them. Nothing is written. */
  key(rows: readonly StateRow[], seenAt: Instant): Promise<Keyed[]>;
  /** Whether any record got a key it did not have before. */
  changed(): boolean;
}

export interface LinkScope {
  store: Store;
  sourceId: string;
  role: Role;
}

/** Which entities others point at. */
const REFERRED = new Set<Entity>(ENTITIES.flatMap((entity) => Object.values(REFERENCES[entity])));
const MOST_CACHED = 500_000;

/** For the length of one sync. References are looked up in the source's own records. */
export async function openLinks(scope: LinkScope): Promise<Links> {
  const { store, sourceId } = scope;
  const stored = new Map<Entity, PossiblyStored>();
  const cache = new Map<Entity, Map<string, string>>();
  let changed = false;

  const storedOf = async (entity: Entity): Promise<PossiblyStored> => {
    const known = stored.get(entity);
    if (known) return known;
    const [row] = await store.query(hasKeys, { source_id: sourceId, entity });
    const fresh = possiblyStored(row?.is_there !== true);
    stored.set(entity, fresh);
    return fresh;
  };
  const remember = (entity: Entity, nativeId: string, key: string) => {
    if (!REFERRED.has(entity)) return;
    let known = cache.get(entity);
    if (!known || known.size > MOST_CACHED) {
      known = new Map();
      cache.set(entity, known);
    }
    known.set(nativeId, key);
  };

  /** The keys of what these rows point at, by entity and native id. */
  const lookUpReferences = async (
    rows: readonly StateRow[],
  ): Promise<(entity: Entity, id: string) => string> => {
    const wanted = new Map<Entity, Set<string>>();
    for (const { record } of rows)
      for (const [ref, parent] of Object.entries(REFERENCES[record.entity])) {
        const id = refOf(record, ref);
        if (id === "" || record.keys?.[keyColumn(ref)] !== undefined || cache.get(parent)?.has(id)) continue;
        wanted.set(parent, (wanted.get(parent) ?? new Set()).add(id));
      }
    for (const [parent, ids] of wanted)
      for (const [id, known] of await knownKeys(store, sourceId, parent, ids)) {
        const latest = newestOf(known);
        if (latest) remember(parent, id, latest.key);
      }
    return (entity, id) => cache.get(entity)?.get(id) ?? unlinkedKey(id);
  };

  return {
    changed: () => changed,
    async key(rows, seenAt) {
      const byEntity = groupBy(rows, (r) => r.record.entity);
      const keyed: (Keyed & { state: OwnKeyed[] })[] = [];
      for (const [entity, own] of byEntity) {
        const possibly = await storedOf(entity);
        const ids = own.map((r) => r.record.nativeId);
        const known = await knownKeys(store, sourceId, entity, possibly.of(ids));
        const result = await keyOwn(scope, entity, own, known, seenAt);
        changed ||= result.changed;
        possibly.add(ids);
        for (const [id, key] of result.latest) remember(entity, id, key);
        keyed.push({
          entity,
          former: result.former,
          rows: [],
          keys: result.keys,
          links: result.links,
          state: result.state,
        });
      }
      const keyOf = await lookUpReferences(rows);
      return keyed.map(({ state, ...rest }) => ({
        ...rest,
        rows: state.map((s) => entityRowOf(scope, s, seenAt, keyOf)),
      }));
    },
  };
}

/** Rows whose references hold a key their parent no longer goes by are written again. `since`: when this was last made sure of. */
export async function relink(scope: LinkScope, parent: Entity, since: Instant, now: Instant): Promise<void> {
  const params = {
    source_id: scope.sourceId,
    role: scope.role,
    since: chTime(since),
    seen_at: chTime(now),
  };
  for (const child of ENTITIES) {
    const refs = Object.entries(REFERENCES[child]).flatMap(([ref, target]) =>
      target === parent ? [ref] : [],
    );
    if (refs.length === 0) continue;
    const [row] = await scope.store.query(hasKeys, { source_id: scope.sourceId, entity: child });
    if (row?.is_there !== true) continue;
    for (const ref of refs) {
      await scope.store.command(touchStaleRows(child, ref, parent), params);
      await scope.store.command(relinkRows(child, ref, parent), params);
    }
  }
}

interface KnownKey {
  key: string;
  version: number;
  seenAt: Instant;
  linkedAt: Instant;
}

interface OwnKeyed {
  row: StateRow;
  key: string;
  version: number;
  deleted: boolean;
}

async function knownKeys(
  store: Store,
  sourceId: string,
  entity: Entity,
  ids: ReadonlySet<string>,
): Promise<Map<string, KnownKey[]>> {
  const known = new Map<string, KnownKey[]>();
  for (const part of parts(ids))
    for (const row of await store.query(nativeKeys, { source_id: sourceId, entity, native_ids: part })) {
      const key: KnownKey = {
        key: row.key,
        version: Number(row.newest_version),
        seenAt: row.last_seen_at,
        linkedAt: row.linked_since,
      };
      known.set(row.native_id, [...(known.get(row.native_id) ?? []), key]);
    }
  return known;
}

/** The key a record goes by: of its newest version, and of the one that came last where versions are equal. */
function newestOf(known: readonly KnownKey[]): KnownKey | null {
  let newest: KnownKey | null = null;
  for (const k of known)
    if (!newest || k.version > newest.version || (k.version === newest.version && k.seenAt >= newest.seenAt))
      newest = k;
  return newest;
}

/** Settle the own keys of rows of one entity against the keys their records are known by. */
async function keyOwn(
  scope: LinkScope,
  entity: Entity,
  rows: readonly StateRow[],
  known: ReadonlyMap<string, readonly KnownKey[]>,
  seenAt: Instant,
) {
  const state: OwnKeyed[] = [];
  const keys = new Set<string>();
  const links: NativeKeyRow[] = [];
  const latestKeys = new Map<string, string>();
  /** Records that are stored under a key they no longer go by → the version that moved them. */
  const moved = new Map<string, { keys: string[]; now: KnownKey }>();
  let changed = false;

  for (const [nativeId, own] of groupBy(rows, (r) => r.record.nativeId)) {
    const before = known.get(nativeId) ?? [];
    const former = newestOf(before);
    const incoming = own.map((row): KnownKey => {
      const key = row.record.key || unlinkedKey(nativeId);
      return { key, version: row.version, seenAt, linkedAt: seenAt };
    });
    const latest = newestOf([...before, ...incoming]);
    if (!latest) continue;
    latestKeys.set(nativeId, latest.key);
    if (latest.key !== former?.key) changed = true;
    for (const [n, row] of own.entries()) {
      const key = incoming[n]?.key ?? latest.key;
      const isFormer = key !== latest.key;
      keys.add(key);
      state.push({
        row,
        key,
        version: isFormer ? latest.version : row.version,
        deleted: row.deleted || isFormer,
      });
    }
    const superseded = before.map((k) => k.key).filter((key) => key !== latest.key);
    if (superseded.length > 0) moved.set(nativeId, { keys: superseded, now: latest });
    // A record that is its own key can never be linked otherwise: one row says it all.
    if (latest.key === nativeId && before.length === 1 && former?.key === nativeId) continue;
    for (const [key, same] of groupBy(incoming, (k) => k.key)) {
      const version = Math.max(...same.map((k) => k.version));
      const was = before.find((k) => k.key === key);
      links.push({
        source_id: scope.sourceId,
        entity,
        native_id: nativeId,
        key,
        version: String(version),
        linked_at: was && (key !== latest.key || former?.key === key) ? was.linkedAt : seenAt,
        seen_at: seenAt,
      });
    }
  }
  const former = await endFormer(scope, entity, moved, seenAt);
  for (const row of former) keys.add(row.key);
  return { state, keys, links, latest: latestKeys, former, changed };
}

/** The stored rows of moved records under their former keys, ended by the version that moved them. */
async function endFormer(
  { store, role, sourceId }: LinkScope,
  entity: Entity,
  moved: ReadonlyMap<string, { keys: string[]; now: KnownKey }>,
  seenAt: Instant,
): Promise<EntityRow[]> {
  const ended: EntityRow[] = [];
  for (const part of parts(moved.keys())) {
    const keys = part.flatMap((id) => moved.get(id)?.keys ?? []);
    for (const someKeys of parts(keys)) {
      const params = { role, source_id: sourceId, keys: someKeys, native_ids: part };
      for (const row of (await store.query(rowsUnderKeys(entity), params)) as EntityRow[]) {
        const move = moved.get(row.native_id);
        if (!move?.keys.includes(row.key)) continue;
        const changed_at = instantOf(move.now.version);
        ended.push({
          ...row,
          version: String(move.now.version),
          changed_at,
          is_deleted: true,
          seen_at: seenAt,
        });
      }
    }
  }
  return ended;
}

function refOf(record: StateRow["record"], ref: string): string {
  const value = (record.data as Record<string, unknown>)[ref];
  return typeof value === "string" ? value : "";
}

function entityRowOf(
  { role, sourceId }: LinkScope,
  { row, key, version, deleted }: OwnKeyed,
  seenAt: Instant,
  keyOf: (entity: Entity, id: string) => string,
): EntityRow {
  const { record } = row;
  const references = Object.entries(REFERENCES[record.entity]).map(([ref, parent]) => {
    const column = keyColumn(ref);
    const id = refOf(record, ref);
    return [column, record.keys?.[column] ?? (id === "" ? "" : keyOf(parent, id))];
  });
  return {
    role,
    key,
    source_id: sourceId,
    native_id: record.nativeId,
    version: String(version),
    // A row that another key took over from ended when that happened.
    changed_at: version === row.version ? row.changedAt : instantOf(version),
    seen_at: seenAt,
    is_deleted: deleted,
    raw_id: row.rawId,
    ...record.data,
    ...Object.fromEntries(references),
  } as EntityRow;
}
