/**
 * Notices when a vendor's records change shape: a field nobody has seen before, one the mapping relies on that is no longer sent, one
 * that holds another kind of value. Noted once per field and shown; reading goes on. The first read of a stream only takes stock.
 */
import { instantOf } from "#core/time";
import { schemaKnown } from "#sql/queries/ingest";
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

/** Some sources leave empty fields out, so a field counts as missing only when this many records lack it. */
const RECORDS_TO_MISS = 50;

export async function watchDrift(store: Store, sourceId: string, stream: Stream): Promise<DriftWatch> {
  const known = new Map<string, { kind: Kind; type: string }>();
  for (const row of await store.query(schemaKnown, { source_id: sourceId, stream: stream.name }))
    known.set(row.field, { kind: row.kind, type: typeIn(row.detail) });
  const isFirst = known.size === 0;
  const seen = new Map<string, string>();
  let looked = 0;
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
        const before = was?.type ?? "empty";
        const kind = judge(isFirst, was?.kind, before, type);
        if (kind) rows.push({ field, kind, detail: detailOf(kind, before, type) });
      }
      const reliedOn = new Set(stream.fields.map((f) => f.split(".")[0] ?? f));
      for (const field of reliedOn) {
        const was = known.get(field);
        if (looked < RECORDS_TO_MISS || seen.has(field) || !was || was.kind === "missing") continue;
        rows.push({ field, kind: "missing", detail: `not in any of ${looked} records, was: ${was.type}` });
      }
      const at = instantOf(nowMs);
      await store.insert(
        schemaNoticeTable,
        rows.map((row) => ({ source_id: sourceId, stream: stream.name, ...row, at })),
      );
      for (const row of rows) known.set(row.field, { kind: row.kind, type: typeIn(row.detail) });
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
