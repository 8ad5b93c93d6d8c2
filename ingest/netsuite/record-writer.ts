/** What the writers of each kind of record share: how an answer becomes an outcome, and how a period is known to be closed. */

import type { Entity } from "#core/entities";
import type { IsoDate } from "#core/time";
import {
  type Change,
  type Refs,
  refName,
  type Snapshot,
  type Values,
  type WriteOutcome,
  type WriteTarget,
} from "../connector.ts";
import type { HttpResponse } from "../http.ts";
import { isObject } from "../payload.ts";
import { sendOnce } from "../push-outcome.ts";
import type { Account } from "./client.ts";
import { refusalOf, turnedAway } from "./refusal.ts";

export interface RecordWriter {
  actions: readonly Change["action"][];
  read(target: WriteTarget, fields: readonly string[], refs: Refs): Promise<Snapshot>;
  write(change: Change): Promise<WriteOutcome>;
}

export const NOTHING: Snapshot = { exists: false, nativeId: null, values: {}, token: null, locked: null };

export function rejected(code: string, message: string): WriteOutcome {
  return { outcome: "rejected", code, message };
}

/**
 * Send one write and say what came of it. `found` looks for the record a create made, when the answer does not name it.
 */
export async function outcomeOf(
  account: Account,
  receipt: string,
  nativeId: string | null,
  send: () => Promise<HttpResponse>,
  reread: () => Promise<Values>,
): Promise<WriteOutcome> {
  const sent = await sendOnce(account.name, send, turnedAway);
  if (!sent.answered) return sent.outcome;
  const { response } = sent;
  if (response.status < 300) {
    const made = nativeId ?? idFromLocation(response);
    if (made === null)
      return {
        outcome: "unknown",
        message: `${account.name} took the record and did not say under which id. It has to be looked for.`,
      };
    return { outcome: "applied", nativeId: made, receipt: `${receipt} ${response.status}` };
  }
  const { code, message } = refusalOf(response);
  // The vendor's own check that nobody changed the record while this was being saved.
  if (code === "RCRD_HAS_BEEN_CHANGED") return { outcome: "conflict", actual: await reread(), message };
  return rejected(code, message);
}

/** `Location: …/record/v1/job/1843`. */
function idFromLocation(response: HttpResponse): string | null {
  return /\/(\d+)\/?$/.exec(response.headers.get("location") ?? "")?.[1] ?? null;
}

/** Why nothing may be booked on that day, or null. */
export async function closedPeriod(account: Account, day: IsoDate): Promise<string | null> {
  const page = await account.select(
    "accounting periods",
    "SELECT id, periodname FROM accountingperiod WHERE startdate <= TO_DATE(?, 'YYYY-MM-DD') AND enddate >= TO_DATE(?, 'YYYY-MM-DD') AND closed = 'T' AND isquarter = 'F' AND isyear = 'F' ORDER BY id",
    [day, day],
    { purpose: "push" },
  );
  const name = page.records[0]?.periodname;
  return name === undefined
    ? null
    : `The accounting period ${String(name)} is closed in ${account.name}, so nothing can be posted on ${day}. Finance must reopen the period or post it as an adjustment.`;
}

/** The id in a reference member of a REST record. */
export function refId(value: unknown): string {
  return isObject(value) && (typeof value.id === "string" || typeof value.id === "number")
    ? String(value.id)
    : "";
}

/** Only the fields that were asked for. */
export function pick(values: Values, fields: readonly string[]): Values {
  return Object.fromEntries(fields.filter((f) => f in values).map((f) => [f, values[f] ?? null]));
}

/** A native id as the agreed key it stands for here; the id itself when it is not one of those. */
export function keyOf(refs: Refs, entity: Entity, nativeId: string): string | null {
  if (nativeId === "") return null;
  const of = refName(entity, "");
  const name = Object.keys(refs).find((n) => n.startsWith(of) && refs[n] === nativeId);
  return name?.slice(of.length) ?? nativeId;
}
