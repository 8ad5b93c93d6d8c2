/** Asking the store about many ids: in parts that fit into a request, and not at all on a first load. */

/** A server takes a parameter of up to 128 KiB. */
const PART_BYTES = 60_000;

/** The ids in parts that each fit into one parameter. */
export function* parts(ids: Iterable<string>): Generator<string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const id of ids) {
    part.push(id);
    bytes += id.length + 4;
    if (bytes < PART_BYTES) continue;
    yield part;
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield part;
}

/** Remembering more than this costs more than asking. */
const MOST_REMEMBERED = 1_000_000;

export interface PossiblyStored {
  /** Those the store may hold something about. */
  of(ids: Iterable<string>): Set<string>;
  /** These are stored now. */
  add(ids: Iterable<string>): void;
}

/** On a first load nothing is stored but what the load itself has written, so only that has to be asked for. */
export function possiblyStored(startedEmpty: boolean): PossiblyStored {
  let written: Set<string> | null = startedEmpty ? new Set() : null;
  return {
    of(ids) {
      const all = new Set(ids);
      if (written) for (const id of all) if (!written.has(id)) all.delete(id);
      return all;
    },
    add(ids) {
      if (!written) return;
      for (const id of ids) written.add(id);
      if (written.size > MOST_REMEMBERED) written = null;
    },
  };
}
