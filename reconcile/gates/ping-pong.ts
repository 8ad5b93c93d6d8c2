/**
 * SYS-05: one field of one record set back and forth between two values. Plumbline's own pushes are a writer like any other, also
 * where the vendor's change log does not show them. While it lasts, pushes to that field are refused (see push/preview).
 */
import type { PlumblineConfig } from "#core/config";
import { sameValue } from "#core/decimal";
import { chTime, instantOf, msOf } from "#core/time";
import { type FieldTurns, fieldTurns } from "#sql/queries/integrity";
import type { Store } from "#sql/store";
import type { GateFailure } from "../gates.ts";
import { type Push, pushList } from "../push/state.ts";
import { sayName } from "./unknown-writers.ts";
import { comparedFields } from "./watched.ts";

const HOUR_MS = 3_600_000;
/** Within this long the turns must lie, and for this long after the last of them the field counts as contested. */
const WINDOW_MS = 24 * HOUR_MS;
const TURNS = 3;
/** A vendor's log may tell of a push this much earlier or later than the ledger does. */
const SAME_WRITE_MS = 5 * 60_000;
const OWN = "Plumbline";

export interface Turn {
  at: number;
  from: string;
  to: string;
  writer: string;
}

/** One field of one record with all its changes, oldest first. */
export interface ContestedField {
  sourceId: string;
  entity: string;
  nativeId: string;
  field: string;
  turns: readonly Turn[];
}

/** The three turns that show two writers setting a value back and forth, or null. */
export function backAndForth(turns: readonly Turn[], now: number): readonly Turn[] | null {
  for (let n = turns.length - TURNS; n >= 0; n--) {
    const run = turns.slice(n, n + TURNS);
    const [first, last] = [run[0] as Turn, run[TURNS - 1] as Turn];
    const toggles = run.every((t, i) => {
      const before = run[i - 1];
      return (
        !sameValue(t.from, t.to) &&
        (before === undefined || (sameValue(t.from, before.to) && sameValue(t.to, before.from)))
      );
    });
    if (
      toggles &&
      last.at - first.at <= WINDOW_MS &&
      now - last.at <= WINDOW_MS &&
      new Set(run.map((t) => t.writer)).size > 1
    )
      return run;
  }
  return null;
}

/** Changes from the vendor's log and from the push ledger as one sequence: a write that both tell of is Plumbline's, once. */
export function withPushes(logged: readonly Turn[], pushed: readonly Turn[]): Turn[] {
  const turns = logged.map((t) => ({ ...t }));
  const taken = new Set<Turn>();
  for (const push of pushed) {
    const same = turns.find(
      (t) => !taken.has(t) && sameValue(t.to, push.to) && Math.abs(t.at - push.at) <= SAME_WRITE_MS,
    );
    if (same) {
      same.writer = OWN;
      taken.add(same);
    } else turns.push({ ...push });
  }
  return turns.sort((a, b) => a.at - b.at);
}

/** Every field that is being set back and forth now. */
export async function contestedFields(
  store: Store,
  config: Pick<PlumblineConfig, "sources">,
  now: number,
): Promise<ContestedField[]> {
  const since = now - 2 * WINDOW_MS;
  const pushes = (
    await pushList(store, { statuses: ["applied", "verified", "unconfirmed"], limit: 10_000 })
  ).filter((p) => p.appliedAt !== null && msOf(p.appliedAt) > since && p.proposal.action === "update");
  const rows = await store.query(fieldTurns, {
    since: chTime(since),
    watched: comparedFields(config),
    records: [
      ...new Set(
        pushes.map((p) => `${p.proposal.targetSource}|${p.proposal.target.entity}|${p.targetNativeId}`),
      ),
    ],
  });
  return fieldsOf(rows, pushes).flatMap((f) => {
    const turns = backAndForth(f.turns, now);
    return turns ? [{ ...f, turns }] : [];
  });
}

function fieldsOf(rows: readonly FieldTurns[], pushes: readonly Push[]): ContestedField[] {
  const fields = new Map<string, ContestedField & { pushed: Turn[] }>();
  const of = (sourceId: string, entity: string, nativeId: string, field: string) => {
    const key = [sourceId, entity, nativeId, field].join("|");
    const known = fields.get(key) ?? { sourceId, entity, nativeId, field, turns: [], pushed: [] };
    fields.set(key, known);
    return known;
  };
  for (const row of rows)
    of(row.source_id, row.entity, row.native_id, row.field).turns = row.at.map((at, n) => ({
      at: msOf(at),
      from: row.old_values[n] ?? "",
      to: row.new_values[n] ?? "",
      writer: row.actors[n] ?? "",
    }));
  for (const push of pushes)
    for (const change of push.proposal.changes)
      of(
        push.proposal.targetSource,
        push.proposal.target.entity,
        push.targetNativeId,
        change.field.replace(/_key$/, "_ref"),
      ).pushed.push({
        at: msOf(push.appliedAt ?? push.changedAt),
        from: change.from ?? "",
        to: change.to ?? "",
        writer: OWN,
      });
  return [...fields.values()].map(({ pushed, ...f }) => ({ ...f, turns: withPushes(f.turns, pushed) }));
}

export async function pingPongs(store: Store, config: PlumblineConfig, now: number): Promise<GateFailure[]> {
  return (await contestedFields(store, config, now)).map((f) => {
    const source = config.sources.find((s) => s.id === f.sourceId);
    const last = f.turns.at(-1) as Turn;
    return {
      rule: "SYS-05",
      key: `${f.sourceId}|${f.entity}|${f.nativeId}|${f.field}`,
      sourceId: f.sourceId,
      stream: f.entity,
      message: `${sayContested(f)} in ${source?.name ?? f.sourceId}. Pushes to it are refused until the writers agree; find out which of them is to stop.`,
      affected: { count: 1, keys: [f.nativeId], nativeIds: [f.nativeId] },
      evidence: instantOf(last.at),
    };
  });
}

/** "start on of project 4711 went between “2026-01-05” and “2026-01-12”, set by A and B". */
export function sayContested(f: ContestedField): string {
  const [first] = f.turns as readonly [Turn];
  const writers = [...new Set(f.turns.map((t) => t.writer || "a writer without a name"))];
  return `${sayName(f.field)} of ${sayName(f.entity)} ${f.nativeId} went back and forth between “${first.from}” and “${first.to}” within a day, set by ${writers.join(" and ")}`;
}
