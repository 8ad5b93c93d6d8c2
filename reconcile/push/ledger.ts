/**
 * The push ledger: append-only, each row chained to the rows before it by a hash over every column. Rows written by two
 * processes at the same moment share a sequence number; the next row chains to all of them, so nothing can be taken out
 * unnoticed. What a chain alone cannot show is a truncated tail: `verifyLedger` compares the head with the one that was
 * noted outside the store (`ledger.head` in the data folder).
 */
import { InvariantError } from "#core/errors";
import { sha256, stableId } from "#core/ids";
import { type Clock, instantOf } from "#core/time";
import { type LedgerRow, ledgerAll, ledgerHead, pushEventTable } from "#sql/queries/pushes";
import type { Store } from "#sql/store";

export type PushEventType = LedgerRow["type"];

export interface PushEventInput {
  push_id: string;
  type: PushEventType;
  actor: string;
  exception_id: string;
  rule: string;
  target_source: string;
  target_entity: string;
  target_native_id: string;
  undo_of: string;
  detail: unknown;
}

/** Where the newest head is noted outside the store. */
export interface HeadAnchor {
  read(): { rows: number; head: string } | null;
  write(anchor: { rows: number; head: string }): void;
}

const GENESIS = sha256("plumbline push ledger");

/** The hash of one row: every column but the hash itself, in a fixed order. */
export function rowHash(row: Omit<LedgerRow, "hash">): string {
  return sha256(
    JSON.stringify([
      row.seq,
      row.push_id,
      row.at,
      row.type,
      row.actor,
      row.exception_id,
      row.rule,
      row.target_source,
      row.target_entity,
      row.target_native_id,
      row.undo_of,
      row.detail,
      row.previous_hash,
    ]),
  );
}

/** What the next row chains to: the one row at the head, or all of them together when several were written at once. */
export function headOf(rowsAtHead: readonly { hash: string }[]): string {
  const only = rowsAtHead[0];
  if (!only) return GENESIS;
  return rowsAtHead.length === 1 ? only.hash : stableId(...rowsAtHead.map((r) => r.hash).sort());
}

// One writer at a time within this process; between processes the shared sequence number shows the overlap.
let tail: Promise<unknown> = Promise.resolve();

/** Append one event and return once it is on disk. */
export function appendEvent(
  store: Store,
  clock: Clock,
  event: PushEventInput,
  anchor?: HeadAnchor,
): Promise<LedgerRow> {
  const work = tail.then(async () => {
    const head = await store.query(ledgerHead, {});
    const seq = head[0] ? String(BigInt(head[0].seq) + 1n) : "1";
    const unsigned: Omit<LedgerRow, "hash"> = {
      seq,
      ...event,
      at: instantOf(clock.now()),
      detail: JSON.stringify(event.detail),
      previous_hash: headOf(head),
    };
    const row: LedgerRow = { ...unsigned, hash: rowHash(unsigned) };
    await store.insert(pushEventTable, [row]);
    anchor?.write({ rows: Number(seq), head: row.hash });
    return row;
  });
  tail = work.catch(() => undefined);
  return work;
}

export type LedgerCheck =
  | { ok: true; rows: number; head: string; overlaps: number }
  | { ok: false; rows: number; at: string; why: string };

/** Recompute the whole chain. Says at which row it breaks and how. */
export async function verifyLedger(store: Store, anchor?: HeadAnchor): Promise<LedgerCheck> {
  const rows = await store.query(ledgerAll, {});
  const bySeq = new Map<string, LedgerRow[]>();
  for (const row of rows) bySeq.set(row.seq, [...(bySeq.get(row.seq) ?? []), row]);
  let previous: LedgerRow[] = [];
  let expected = 1n;
  let overlaps = 0;
  for (const [seq, siblings] of bySeq) {
    const fail = (why: string): LedgerCheck => ({ ok: false, rows: rows.length, at: seq, why });
    if (BigInt(seq) !== expected)
      return fail(`Row ${expected} is missing: the ledger goes on with row ${seq}.`);
    if (siblings.length > 1) overlaps++;
    for (const row of siblings) {
      const { hash, ...rest } = row;
      if (rowHash(rest) !== hash) return fail(`Row ${seq} has been changed since it was written.`);
      if (row.previous_hash !== headOf(previous))
        return fail(`Row ${seq} does not follow the row before it: a row was changed, added or removed.`);
    }
    previous = siblings;
    expected++;
  }
  const noted = anchor?.read();
  const known = new Set(rows.map((r) => r.hash));
  if (noted && !known.has(noted.head))
    return {
      ok: false,
      rows: rows.length,
      at: String(noted.rows),
      why: `The ledger once reached row ${noted.rows}, which is not there any more: its end was cut off.`,
    };
  return { ok: true, rows: rows.length, head: headOf(previous), overlaps };
}

/** Parse what an event carries. Throws InvariantError when the ledger holds something that is not JSON. */
export function detailOf(row: { detail: string; push_id: string }): unknown {
  try {
    return JSON.parse(row.detail);
  } catch (cause) {
    throw new InvariantError("push.bad-detail", `Push ${row.push_id} has an event whose detail is not JSON`, {
      cause,
    });
  }
}
