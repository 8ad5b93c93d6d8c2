/**
 * Notices when a vendor's records change shape: a field nobody has seen before, one the mapping relies on that is no longer sent, one
 * that holds another kind of value. Noted once per field and shown; reading goes on. The first read of a stream only takes stock.
 */
import { chTime, type Instant, instantOf } from "#core/time";
import { fieldShare, schemaKnown } from "#sql/queries/ingest";
import type { Store } from "#sql/store";
import { schemaNoticeTable } from "#sql/tables";
import type { Stream } from "./connector.ts";

export interface DriftWatch {
  /** Look at one record as it came. */
  look(payload: unknown): void;
  /** Store what is new since the last time. */
  note(nowMs: number): Promise<void>;
}

type Kind = "known" | "new" | "missing" | "retyped";

interface Known {
  kind: Kind;
  type: string;
  /** When this was noted. */
  at: Instant;
}

/**
 * Some sources leave empty fields out, so a field counts as missing only when this many of the records that lack it would have carried
 * it, going by how many of those read before do.
 */
const RECORDS_TO_MISS = 50;

/** @param before when this reading began: what was stored earlier says how often a field is carried */
export async function watchDrift(
  store: Store,
  sourceId: string,
  stream: Stream,
  before: Instant,
): Promise<DriftWatch> {
  const known = new Map<string, Known>();
  for (const row of await store.query(schemaKnown, { source_id: sourceId, stream: stream.name }))
    known.set(row.field, { kind: row.kind, type: typeIn(row.detail), at: row.at });
  const isFirst = known.size === 0;
  const seen = new Map<string, string>();
  let looked = 0;
  /** Whether so many records without the field are more than chance. */
  const isMissed = async (field: string, was: Known): Promise<boolean> => {
    const [share] = await store.query(fieldShare, {
      source_id: sourceId,
      stream: stream.name,
      field,
      known_since: chTime(was.kind === "new" ? was.at : 0),
      before: chTime(before),
    });
    return (
      share !== undefined && looked * share.carrying >= RECORDS_TO_MISS * share.records && share.carrying > 0
    );
  };
  return {
    look(payload) {
      if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return;
      looked++;
      for (const [field, value] of Object.entries(payload)) {
        const type = kindOf(value);
        if (type !== "empty" || !seen.has(field)) seen.set(field, type);
      }
    },
    async note(nowMs) {
      const rows: { field: string; kind: Kind; detail: string }[] = [];
      for (const [field, type] of seen) {
        const was = known.get(field);
        const typeBefore = was?.type ?? "empty";
        const kind = judge(isFirst, was?.kind, typeBefore, type);
        if (kind) rows.push({ field, kind, detail: detailOf(kind, typeBefore, type) });
      }
      const reliedOn = new Set(stream.fields.map((f) => f.split(".")[0] ?? f));
      for (const field of reliedOn) {
        const was = known.get(field);
        if (looked < RECORDS_TO_MISS || seen.has(field) || !was || was.kind === "missing") continue;
        if (!(await isMissed(field, was))) continue;
        rows.push({ field, kind: "missing", detail: `not in any of ${looked} records, was: ${was.type}` });
      }
      const at = instantOf(nowMs);
      await store.insert(
        schemaNoticeTable,
        rows.map((row) => ({ source_id: sourceId, stream: stream.name, ...row, at })),
      );
      for (const row of rows) known.set(row.field, { kind: row.kind, type: typeIn(row.detail), at });
    },
  };
}

/** What is to be noted about a field; null when nothing is. */
function judge(isFirst: boolean, was: Kind | undefined, before: string, now: string): Kind | null {
  if (was === undefined) return isFirst ? "known" : "new";
  if (was === "missing") return "known";
  if (now === "empty" || before === now) return null;
  // A field that had only been seen empty has shown its type, nothing more.
  return before === "empty" ? was : "retyped";
}

function detailOf(kind: Kind, before: string, now: string): string {
  return kind === "retyped" ? `${before} before, now: ${now}` : now;
}

/** The type a notice ends with. */
const typeIn = (detail: string) => detail.split(": ").at(-1) ?? detail;

function kindOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "empty";
  return Array.isArray(value) ? "list" : typeof value;
}
