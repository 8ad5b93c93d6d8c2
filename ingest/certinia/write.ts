/**
 * Correcting an assignment. Its dates live on the schedule and its rate on the assignment itself, so a change touches one or the
 * other, never both at once: two requests could not be taken back together.
 */
import { RequestError } from "#core/errors";
import type { Change, Snapshot, Values, WriteOutcome, Writer, WriteTarget } from "../connector.ts";
import { fieldsOf, isObject } from "../payload.ts";
import { movedSince, sendOnce } from "../push-outcome.ts";
import type { WriteNeed } from "../salesforce-platform/check.ts";
import type { Platform, Row } from "../salesforce-platform/client.ts";
import { passes, refusalOf } from "../salesforce-platform/refusal.ts";
import { stampOf } from "../salesforce-platform/row.ts";

const ASSIGNMENT = "pse__Assignment__c";
const SCHEDULE = "pse__Schedule__c";
const SCHEDULE_ROW = "pse__Schedule__r";

/** Canonical field → where it is kept. */
const FIELDS: Readonly<Record<string, { object: string; field: string }>> = {
  start_on: { object: SCHEDULE, field: "pse__Start_Date__c" },
  end_on: { object: SCHEDULE, field: "pse__End_Date__c" },
  bill_rate: { object: ASSIGNMENT, field: "pse__Bill_Rate__c" },
  allocation_pct: { object: ASSIGNMENT, field: "pse__Percent_Allocated__c" },
};

/** What the integration user must be allowed to change. */
export const WRITES: readonly WriteNeed[] = [ASSIGNMENT, SCHEDULE].map((object) => ({
  object,
  fields: Object.values(FIELDS).flatMap((f) => (f.object === object ? [f.field] : [])),
}));

export function assignmentWriter(platform: Platform): Writer {
  return {
    can: { assignment: ["update"] },
    read: async (target, fields) => (await look(platform, target)).snapshot(fields),
    write: (change) => write(platform, change),
  };
}

async function look(platform: Platform, target: WriteTarget) {
  const id = target.nativeId ?? target.key;
  if (target.entity !== "assignment" || !/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(id))
    throw new RequestError("certinia.no-such-target", `Cannot write ${target.entity} ${id}`, {
      userMessage: `Plumbline can correct assignments in ${platform.name}, not ${target.entity} ${id}.`,
    });
  const columns = Object.values(FIELDS).map((f) =>
    f.object === SCHEDULE ? `${SCHEDULE_ROW}.${f.field}` : f.field,
  );
  const rows = await platform.look(
    `SELECT Id, LastModifiedDate, ${SCHEDULE}, ${SCHEDULE_ROW}.LastModifiedDate, ${columns.join(", ")} FROM ${ASSIGNMENT} WHERE Id = '${id}'`,
  );
  const row: Row | null = rows[0] ?? null;
  return {
    row,
    snapshot(fields: readonly string[]): Snapshot {
      return {
        exists: row !== null,
        nativeId: row === null ? null : id,
        values: row === null ? {} : valuesOf(row, fields),
        token: row === null ? null : JSON.stringify(stampsOf(row)),
        locked: null,
      };
    },
  };
}

function valuesOf(row: Row, fields: readonly string[]): Values {
  const f = fieldsOf(row);
  return Object.fromEntries(
    fields.flatMap((name) => {
      const place = FIELDS[name];
      if (place === undefined) return [];
      const text = f.text(place.object === SCHEDULE ? `${SCHEDULE_ROW}.${place.field}` : place.field);
      return [[name, text === "" ? null : text]];
    }),
  );
}

function stampsOf(row: Row): Record<string, number | null> {
  return {
    [ASSIGNMENT]: stampOf(row, "LastModifiedDate"),
    [SCHEDULE]: stampOf(row, `${SCHEDULE_ROW}.LastModifiedDate`),
  };
}

async function write(platform: Platform, change: Change): Promise<WriteOutcome> {
  const rejected = (code: string, message: string): WriteOutcome => ({ outcome: "rejected", code, message });
  if (change.action !== "update")
    return rejected(
      "plumbline.unsupported",
      `Plumbline does not ${change.action} assignments in ${platform.name}.`,
    );
  const places = change.changes.map((c) => ({ ...c, place: FIELDS[c.field] }));
  const objects = new Set(places.map((p) => p.place?.object));
  const object = [...objects][0];
  if (objects.size !== 1 || object === undefined)
    return rejected(
      "plumbline.two-records",
      `Dates and the other fields of an assignment are kept in two records in ${platform.name} and cannot be changed together safely. Push them one after the other.`,
    );
  const fields = change.changes.map((c) => c.field);
  const before = await look(platform, change.target);
  if (before.row === null)
    return rejected("plumbline.gone", `The assignment is no longer in ${platform.name}.`);
  const moved = movedSince(change, valuesOf(before.row, fields));
  if (moved) return moved;
  const rowId = object === ASSIGNMENT ? before.row.Id : before.row[SCHEDULE];
  if (typeof rowId !== "string")
    return rejected(
      "plumbline.no-schedule",
      `The assignment has no schedule in ${platform.name} to hold dates.`,
    );
  const body = Object.fromEntries(places.map((p) => [p.place?.field ?? "", valueFor(p.field, p.to)]));
  const since = sinceOf(change.token, object) ?? stampsOf(before.row)[object] ?? null;

  const sent = await sendOnce(
    platform.name,
    () => platform.patch(object, rowId, body, since),
    (r) => passes(r) || refusalOf(r).code === "REQUEST_LIMIT_EXCEEDED",
  );
  if (!sent.answered) return sent.outcome;
  const { response } = sent;
  if (response.status === 412) {
    const now = await look(platform, change.target);
    return {
      outcome: "conflict",
      actual: now.snapshot(fields).values,
      message: `Somebody changed the record in ${platform.name} after it was looked at. Nothing was written.`,
    };
  }
  const nativeId = change.target.nativeId ?? change.target.key;
  if (response.status < 300)
    return { outcome: "applied", nativeId, receipt: `PATCH ${object}/${rowId} ${response.status}` };
  const { code, message } = refusalOf(response);
  return rejected(code, message);
}

/** Numbers as JSON numbers, exact as written; the rest as text. */
function valueFor(field: string, to: string | null): unknown {
  if (to === null || field.endsWith("_on")) return to;
  return JSON.parse(to) as unknown;
}

/** The stamp the approver's look found, so that a change between the look and the write is refused by the org itself. */
function sinceOf(token: string | null, object: string): number | null {
  const stamps: unknown = token === null ? null : JSON.parse(token);
  const at = isObject(stamps) ? stamps[object] : null;
  return typeof at === "number" ? at : null;
}
