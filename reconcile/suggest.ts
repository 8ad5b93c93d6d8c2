/**
 * Suggestions: for records whose key finds no partner, those of the other system that are probably the same, by the comparison's fallback
 * (comparison.ts). Worked out when somebody asks; nothing is stored, linked or counted because of them.
 */
import type { Entity } from "#core/entities";
import type { Role } from "#core/roles";
import type { Store } from "#sql/store";
import type { Comparison, Fallback, FallbackWay, SideName } from "./comparison.ts";
import { across, MOST_PAIRS, pairsQuery, partnersQuery } from "./compile-fallback.ts";
import { comparisonById } from "./explain.ts";

/** A record as people know it. */
export interface Known {
  role: Role;
  sourceId: string;
  entity: Entity;
  nativeId: string;
  key: string;
  called: string;
  /** Agreed keys of what it is about. */
  about: readonly string[];
}

/** What a person would do if the two are the same. */
export type LinkStep =
  /** Write `key` into the record, over the key it has (`replaces`, "" for none). */
  | { kind: "write"; into: Known; key: string; replaces: string }
  /** Name one record (a sale, a contract) on the other (the project for it). */
  | { kind: "name"; into: Known; named: Known }
  /** Neither has a key: give both the same. */
  | { kind: "both" }
  /** The other has its partner already: find out first which of the two is right. */
  | { kind: "settle"; partner: { nativeId: string; called: string } };

export interface Suggestion {
  record: Known;
  /** "the same tax number DE 811", "name 96 % alike, the same client". */
  reason: string;
  /** By the same way, neither of the two is like any other record of the other system. */
  isUnique: boolean;
  step: LinkStep;
}

export interface Suggested {
  /** The side of the records that find no partner, and the role they are looked for in. */
  from: Role;
  to: Role;
  records: { record: Known; suggestions: Suggestion[] }[];
  /** How many records were looked at, of how many. */
  lookedAt: number;
  of: number;
}

/** Most candidates for one record, most records shown, and most looked at. */
const CANDIDATES = 3;
const RECORDS = 8;
const LOOKED_AT = 50;

export interface Unpaired {
  comparison: string;
  kind: string;
  key: string;
  /** Of an exception about a whole side: the keys it affects. */
  affected?: readonly string[] | undefined;
}

/** What is probably the same as the records an exception is about; null when it is not about records without a partner. */
export async function suggest(store: Store, exception: Unpaired): Promise<Suggested | null> {
  const comparison = comparisonById(exception.comparison);
  const fallback = comparison?.fallback;
  const side = sideOf(exception);
  if (!comparison || !fallback || !side) return null;
  const all = exception.kind === "unlinked" ? (exception.affected ?? []) : [exception.key];
  const keys = all.slice(0, LOOKED_AT);
  const records = await look(store, comparison, fallback, side, keys);
  return {
    from: comparison[side].role,
    to: comparison[across(side)].role,
    records: records.slice(0, RECORDS),
    lookedAt: keys.length,
    of: all.length,
  };
}

/** The side that holds the records without a partner. */
function sideOf({ kind, key }: Unpaired): SideName | null {
  if (kind === "missing_right") return "left";
  if (kind === "missing_left") return "right";
  const side = kind === "unlinked" ? key.split("|")[1] : undefined;
  return side === "left" || side === "right" ? side : null;
}

async function look(
  store: Store,
  comparison: Comparison,
  fallback: Fallback,
  from: SideName,
  keys: readonly string[],
): Promise<Suggested["records"]> {
  const to = across(from);
  const [pairs, linked] = await Promise.all([
    store.query(pairsQuery(comparison, fallback, from), { keys: [...keys] }),
    store.query(partnersQuery(comparison, fallback, to), { keys: [...keys] }),
  ]);
  // Linked, only not there as it must be: closed, not approved. That is another matter.
  const partnered = new Set(linked.map((p) => p.link_key));
  const found = pairs.filter((p) => !partnered.has(p.of_key));
  if (found.length === 0) return [];
  const distinct = (of: (p: (typeof found)[number]) => string) => [...new Set(found.map(of))];
  const [back, partners] = await Promise.all([
    store.query(pairsQuery(comparison, fallback, to), { keys: distinct((p) => p.key) }),
    store.query(partnersQuery(comparison, fallback, from), { keys: distinct((p) => p.link_key) }),
  ]);
  const partnerOf = new Map(partners.map((p) => [p.link_key, p]));
  const likeOurs = countBy(found, (p) => `${p.way} ${p.of_source_id} ${p.of_native_id}`);
  // Where not all pairs were looked at, none is known to be the only one.
  const isAll = pairs.length < MOST_PAIRS && back.length < MOST_PAIRS;
  const likeTheirs = countBy(back, (p) => `${p.way} ${p.of_source_id} ${p.of_native_id}`);
  const records = new Map<string, { record: Known; suggestions: (Suggestion & { place: number })[] }>();
  const seen = new Set<string>();
  for (const pair of found) {
    const way = fallback.ways[pair.way];
    const partner = partnerOf.get(pair.link_key);
    const twins = `${pair.of_source_id} ${pair.of_native_id} ${pair.source_id} ${pair.native_id}`;
    // By its surest way once; of what is taken already only what is the same.
    if (!way || seen.has(twins) || (partner && !(way.evenTaken && pair.pct === 100))) continue;
    seen.add(twins);
    const ours = known(comparison[from].role, pair, "of_");
    const theirs = known(comparison[to].role, pair, "");
    const id = `${ours.sourceId} ${ours.nativeId}`;
    const one = records.get(id) ?? { record: ours, suggestions: [] };
    one.suggestions.push({
      record: theirs,
      reason: reasonOf(way, pair),
      isUnique:
        isAll &&
        likeOurs.get(`${pair.way} ${id}`) === 1 &&
        likeTheirs.get(`${pair.way} ${theirs.sourceId} ${theirs.nativeId}`) === 1,
      step: partner
        ? { kind: "settle", partner: { nativeId: partner.native_id, called: partner.called } }
        : stepOf(from, ours, theirs),
      // Free ones first, otherwise as they came: surest way first, most alike first.
      place: (partner ? 1_000 : 0) + one.suggestions.length,
    });
    records.set(id, one);
  }
  return [...records.values()].map(({ record, suggestions }) => ({
    record,
    suggestions: suggestions
      .sort((a, b) => a.place - b.place)
      .slice(0, CANDIDATES)
      .map(({ place: _, ...s }) => s),
  }));
}

/** Which of the two must change. Where both have a key, the left side's counts: it is the one that gives it. */
function stepOf(from: SideName, ours: Known, theirs: Known): LinkStep {
  if (ours.entity !== theirs.entity)
    return ours.entity === "project"
      ? { kind: "name", into: ours, named: theirs }
      : { kind: "name", into: theirs, named: ours };
  const [left, right] = from === "left" ? [ours, theirs] : [theirs, ours];
  if (!isLinked(left) && !isLinked(right)) return { kind: "both" };
  const [into, giver] = isLinked(left) ? [right, left] : [left, right];
  return { kind: "write", into, key: giver.key, replaces: isLinked(into) ? into.key : "" };
}

const isLinked = ({ key }: Known) => !key.startsWith("unlinked:");

function reasonOf(way: FallbackWay, { pct, shown }: { pct: number; shown: string }): string {
  const words = way.code ? `${way.words} ${shown}` : way.words;
  if (!way.alike) return words;
  const name = pct === 100 ? "the same name" : `name ${pct} % alike`;
  return words === "" ? name : `${name}, ${words}`;
}

type Pair = Readonly<Record<string, string | number | readonly string[]>>;

function known(role: Role, pair: Pair, prefix: "of_" | ""): Known {
  const text = (name: string) => String(pair[`${prefix}${name}`] ?? "");
  return {
    role,
    sourceId: text("source_id"),
    entity: text("entity") as Entity,
    nativeId: text("native_id"),
    key: text("key"),
    called: text("called"),
    about: [pair[`${prefix}about`] ?? []].flat().map(String),
  };
}

function countBy<T>(items: readonly T[], of: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(of(item), (counts.get(of(item)) ?? 0) + 1);
  return counts;
}
