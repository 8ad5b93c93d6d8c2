/**
 * Correcting an allocation: its share of the person's time is its own, its dates are those of the work it is on. Both are set by one
 * call, so that either all of it is done or nothing, guarded by the stamps of both records.
 */
import { NO_DATE } from "#core/entities";
import type { Change } from "../connector.ts";
import { isDate, isObject } from "../payload.ts";
import { newValue } from "../push-outcome.ts";
import type { Row, Server } from "./client.ts";
import { valueAt } from "./record.ts";
import {
  expected,
  type Held,
  idOf,
  inForm,
  type Plan,
  type RecordWriter,
  rejected,
  rowOf,
  snapshotOf,
  stampOf,
  textAt,
  unsupported,
  updatePlan,
} from "./record-writer.ts";
import { dateForm, dateOf, decimalOf } from "./values.ts";
import { WORK } from "./write-work.ts";

const ALLOCATION = "project.allocation";
const DATES = { start_on: "constraint_start_date", end_on: "constraint_finish_date" } as const;
const FIELDS = ["start_on", "end_on", "allocation_pct"] as const;

export function allocationWriter(server: Server): RecordWriter {
  return {
    actions: ["update"],
    async read(target, fields) {
      const held = await look(server, idOf(server, target.nativeId, "an allocation"), fields);
      return snapshotOf(held, fields);
    },
    async plan(raw) {
      const change = inForm(raw, (field, value) => (field in DATES ? (value ?? NO_DATE) : value));
      const id = idOf(server, change.target.nativeId, "an allocation");
      const fields = change.changes.map((c) => c.field);
      const seen = () => look(server, id, fields);
      return (
        unsupported(change, FIELDS) ??
        updatePlan(server, change, "The allocation", seen, (held) => stepOf(change, id, held, seen))
      );
    },
  };
}

interface HeldAllocation extends Held {
  workId: number;
}

async function look(server: Server, id: number, fields: readonly string[]): Promise<HeldAllocation | null> {
  const dates = Object.values(DATES).map((f) => `work.${f}`);
  const row = await rowOf(
    server,
    ALLOCATION,
    [["id", "=", id]],
    ["percentage", "work", "work.name", "work._timestamp", ...dates, "work.allocations.employee.party.name"],
  );
  const work = row === null ? null : valueAt(row, "work.");
  if (row === null || !isObject(work)) return null;
  return {
    nativeId: String(id),
    workId: Number(row.work),
    values: {
      start_on: dateOf(work[DATES.start_on]) ?? NO_DATE,
      end_on: dateOf(work[DATES.end_on]) ?? NO_DATE,
      allocation_pct: decimalOf(row.percentage),
    },
    stamps: { ...stampOf(ALLOCATION, row), ...stampOf(WORK, work) },
    locked: fields.some((f) => f in DATES) ? sharedWith(server, id, work) : null,
  };
}

/** The dates belong to the work: with several people on it they would change for all of them. */
function sharedWith(server: Server, id: number, work: Row): string | null {
  const all: unknown = work["allocations."];
  const others = (Array.isArray(all) ? all : []).filter(isObject).filter((a) => a.id !== id);
  if (others.length === 0) return null;
  const who = others.map((a) => textAt(a, "employee.party.name") || "another person").join(", ");
  return `The dates of this allocation are those of "${textAt(work, "name")}" in ${server.name}, and ${who} ${others.length === 1 ? "is" : "are"} on it too. Change its dates there, or split it.`;
}

function stepOf(change: Change, id: number, held: Held, seen: () => Promise<Held | null>): Plan {
  const { workId } = held as HeldAllocation;
  const dates: Record<string, unknown> = {};
  for (const [field, name] of Object.entries(DATES)) {
    const to = newValue(change, field);
    if (to === null) continue;
    if (!isDate(to)) return rejected("plumbline.incomplete", `${to} is not a date.`);
    dates[name] = to === NO_DATE ? null : dateForm(to);
  }
  const share = newValue(change, "allocation_pct");
  if (share === null && change.changes.some((c) => c.field === "allocation_pct"))
    return rejected("plumbline.incomplete", "An allocation needs a share of time.");
  // The share is a floating-point number there; its text goes into the request as it is.
  const percentage = share === null ? {} : { percentage: JSON.parse(share) as number };
  const hasDates = Object.keys(dates).length > 0;
  const [model, args] = hasDates
    ? [
        WORK,
        [[workId], { ...dates, ...(share === null ? {} : { allocations: [["write", [id], percentage]] }) }],
      ]
    : [ALLOCATION, [[id], percentage]];
  const guarded = [
    ...(hasDates ? [`${WORK},${workId}`] : []),
    ...(share === null ? [] : [`${ALLOCATION},${id}`]),
  ];
  return {
    step: {
      model,
      method: "write",
      args,
      stamps: Object.fromEntries(Object.entries(held.stamps).filter(([record]) => guarded.includes(record))),
      look: seen,
      expect: expected(change),
    },
  };
}
