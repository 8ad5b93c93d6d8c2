/**
 * Where a project or task stands among the others. A record is read with the works above it, nearest first, because none of them is
 * touched when one higher up is moved, renamed or given to another customer.
 */
import { isObject } from "../payload.ts";
import type { Row } from "./client.ts";
import type { Link } from "./link.ts";
import type { Reading } from "./model-stream.ts";
import { ownStamp } from "./record.ts";

/** A work as others are read with it. */
export interface Place {
  id: number;
  type: string;
  /** The text that carries its agreed key. */
  label: string;
  party: number | null;
  /** When it was last written. */
  changed_at: string | null;
}

/** More levels than any plan has; a loop ends here. */
const MOST_LEVELS = 40;

interface Node {
  place: Place;
  parent: number | null;
}

/** Each work's own place and those above it, nearest first, up to the topmost. */
export async function chainsOf(
  reading: Reading,
  linkField: string,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly Place[]>> {
  const known = nodesOf(reading);
  // One that may not be read, or went meanwhile, is asked for once and ends the chain.
  const asked = new Set<number>();
  // A work may be known already, and not yet those above it.
  const missing = (): number[] => {
    const first = ids.map((id) => firstUnknown(known, id));
    return [...new Set(first)].filter((id) => id !== null && !asked.has(id)) as number[];
  };
  for (let wanted = missing(); wanted.length > 0; wanted = missing()) {
    for (const id of wanted) asked.add(id);
    const rows = await reading.find(
      "project.work",
      [["id", "in", wanted]],
      ["type", linkField, "parent", "party", "create_date", "write_date"],
    );
    for (const row of rows) note(known, row, linkField);
  }
  return new Map(
    ids.map((id) => {
      const chain: Place[] = [];
      let at: number | null = id;
      while (at !== null && chain.length < MOST_LEVELS) {
        const node: Node | undefined = known.get(at);
        if (node === undefined) break;
        chain.push(node.place);
        at = node.parent;
      }
      return [id, chain];
    }),
  );
}

/** The nearest of a work and those above it that is not known; null when all are. */
function firstUnknown(known: ReadonlyMap<number, Node>, id: number): number | null {
  let at: number | null = id;
  for (let level = 0; at !== null && level < MOST_LEVELS; level++) {
    const node = known.get(at);
    if (node === undefined) return at;
    at = node.parent;
  }
  return null;
}

/** Works that were read anyway need not be asked for again. They must hold type, parent, party, the link's field and stamps. */
export function noteWorks(reading: Reading, linkField: string, rows: readonly Row[]): void {
  for (const row of rows) note(nodesOf(reading), row, linkField);
}

function nodesOf(reading: Reading): Map<number, Node> {
  const there = reading.memory.get("works");
  if (there instanceof Map) return there as Map<number, Node>;
  const nodes = new Map<number, Node>();
  reading.memory.set("works", nodes);
  return nodes;
}

function note(nodes: Map<number, Node>, row: Row, linkField: string): void {
  if (typeof row.id !== "number") return;
  nodes.set(row.id, {
    parent: typeof row.parent === "number" ? row.parent : null,
    place: {
      id: row.id,
      type: String(row.type ?? ""),
      label: labelOf(row[linkField]),
      party: typeof row.party === "number" ? row.party : null,
      changed_at: ownStamp(row),
    },
  });
}

/** The part of a name or comment that may carry a key: a comment can be a whole story. */
export function labelOf(text: unknown): string {
  return typeof text === "string" ? text.slice(0, 1000) : "";
}

/** When the newest of these was written. */
export function newest(chain: readonly Place[]): string | null {
  return chain.reduce<string | null>(
    (latest, p) =>
      p.changed_at !== null && (latest === null || p.changed_at > latest) ? p.changed_at : latest,
    null,
  );
}

/** The places in a payload's member, whatever it holds. */
export function placesIn(value: unknown): Place[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap((p) =>
    typeof p.id === "number"
      ? [
          {
            id: p.id,
            type: String(p.type ?? ""),
            label: typeof p.label === "string" ? p.label : "",
            party: typeof p.party === "number" ? p.party : null,
            changed_at: typeof p.changed_at === "string" ? p.changed_at : null,
          },
        ]
      : [],
  );
}

/**
 * The project that works in this chain belong to: the nearest that carries an agreed key, since projects may be nested; where none
 * does, the topmost work. `""` for an empty chain.
 */
export function projectIn(chain: readonly Place[], link: Link): string {
  const projects = chain.filter((p) => p.type === "project");
  const keyed = projects.find((p) => link.keyOf(p.label) !== null);
  const found = keyed ?? projects.at(-1) ?? chain.at(-1);
  return found === undefined ? "" : String(found.id);
}

/** Whose work it is: the nearest customer named in the chain. */
export function customerIn(chain: readonly Place[]): string {
  return String(chain.find((p) => p.party !== null)?.party ?? "");
}
