/** `systemnote` and `deletedrecord`: what the account remembers about changes, as SuiteQL tables. */
import type { Account, Entry } from "./account.ts";
import { idOf, type Plain } from "./suiteql-value.ts";

export const SYSTEM_NOTE: Plain = {
  context: "text",
  date: "time",
  field: "text",
  name: { refers: ["employee"] },
  newvalue: "text",
  oldvalue: "text",
  record: "text",
  recordid: "id",
  recordtypeid: "id",
  role: "id",
};

export const DELETED_RECORD: Plain = {
  context: "text",
  deletedby: { refers: ["employee"] },
  deleteddate: "time",
  externalid: "text",
  name: "text",
  recordtype: "text",
};

export function systemNotes(account: Account): Entry[] {
  const now = account.clock.now();
  const out: Entry[] = [];
  for (const n of account.notes.notes()) {
    if (n.visibleAt > now) continue;
    out.push({
      num: n.recordId,
      modified: n.at,
      row: {
        context: n.context,
        date: n.at,
        field: n.field,
        name: idOf(n.name),
        newvalue: n.newValue,
        oldvalue: n.oldValue,
        record: n.record,
        recordid: n.recordId,
        recordtypeid: n.recordTypeId,
        role: idOf(n.role),
      },
    });
  }
  return out;
}

export function deletedRecords(account: Account): Entry[] {
  const now = account.clock.now();
  return [...account.notes.deleted()]
    .filter((d) => d.visibleAt <= now)
    .map((d, i) => ({
      num: i,
      modified: d.at,
      row: {
        context: d.context,
        deletedby: idOf(d.deletedBy),
        deleteddate: d.at,
        externalid: d.externalId,
        name: d.name,
        recordtype: d.recordType,
      },
    }));
}
