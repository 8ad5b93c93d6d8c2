/** Posting an approved time line once: under its external id, and only after looking for it by that id and by the link field. */
import { clockFromHours, parseDecimal } from "#core/decimal";
import type { Entity } from "#core/entities";
import { type Change, refName, type Snapshot, type WriteOutcome, type WriteTarget } from "../connector.ts";
import { isDate } from "../payload.ts";
import { newValue } from "../push-outcome.ts";
import type { Account, Row } from "./client.ts";
import {
  closedPeriod,
  keyOf,
  NOTHING,
  outcomeOf,
  pick,
  type RecordWriter,
  rejected,
} from "./record-writer.ts";
import { dateText } from "./table-stream.ts";

export function timeWriter(account: Account): RecordWriter {
  const link = account.settings.timeLinkField;

  const find = async (target: WriteTarget): Promise<readonly Row[]> => {
    const by =
      target.nativeId === null
        ? linkedBy(link, target.key)
        : { sql: "t.id = ?", params: [Number(target.nativeId)] };
    const page = await account.select(
      "time entries",
      `SELECT t.id AS id, t.externalid AS externalid, t.customer AS customer, t.casetaskevent AS casetaskevent, t.employee AS employee, ${dateText("t.trandate")} AS trandate, t.hours AS hours, t.isbillable AS isbillable, t.memo AS memo, t.posted AS posted FROM timebill t WHERE t.timetype = 'A' AND ${by.sql} ORDER BY t.id`,
      by.params,
      { purpose: "push" },
    );
    return page.records;
  };

  return {
    actions: ["create", "delete"],
    async read(target, fields, refs): Promise<Snapshot> {
      const [row] = await find(target);
      const day = dayOf(target.key);
      if (row === undefined)
        return { ...NOTHING, locked: day === null ? null : await closedPeriod(account, day) };
      const text = (name: string) => String(row[name] ?? "");
      return {
        exists: true,
        nativeId: text("id"),
        values: pick(
          {
            project_key: keyOf(refs, "project", text("customer")),
            task_key: keyOf(refs, "task", text("casetaskevent")),
            resource_key: keyOf(refs, "resource", text("employee")),
            work_on: text("trandate") || null,
            hours: parseDecimal(text("hours")),
            is_billable: text("isbillable") === "T" ? "1" : "0",
            note: text("memo"),
          },
          fields,
        ),
        token: null,
        locked:
          text("posted") === "T"
            ? `The time entry is posted to the ledger in ${account.name}; it must be reversed there.`
            : await closedPeriod(account, text("trandate")),
      };
    },
    write: (change) =>
      change.action === "delete" ? remove(account, change, find) : create(account, change, find),
  };
}

type Find = (target: WriteTarget) => Promise<readonly Row[]>;

async function create(account: Account, change: Change, find: Find): Promise<WriteOutcome> {
  const { key } = change.target;
  const [found, ...others] = await find({ ...change.target, nativeId: null });
  if (others.length > 0)
    return rejected(
      "plumbline.several",
      `${account.name} already holds this time line ${others.length + 1} times. A person must decide which one stays.`,
    );
  if (found !== undefined)
    return {
      outcome: "applied",
      nativeId: String(found.id),
      receipt: "was there already; nothing was written",
    };

  const on = newValue(change, "work_on");
  const hours = parseDecimal(newValue(change, "hours"));
  if (on === null || !isDate(on) || hours === null)
    return rejected("plumbline.incomplete", "The time line has no day or no hours, so it cannot be posted.");
  const closed = await closedPeriod(account, on);
  if (closed !== null) return rejected("plumbline.period-closed", closed);
  const ref = (entity: Entity) => {
    const agreed = newValue(change, `${entity}_key`);
    return agreed === null ? null : (change.refs[refName(entity, agreed)] ?? null);
  };
  const [project, employee, task] = [ref("project"), ref("resource"), ref("task")];
  if (project === null || employee === null || (task === null && newValue(change, "task_key") !== null))
    return rejected(
      "plumbline.unknown-reference",
      `The time line's project, person or task is not known in ${account.name}. It must be there first.`,
    );
  const item = account.settings.timeItem ?? (await itemLastUsed(account, project));
  if (item === null)
    return rejected(
      "plumbline.no-item",
      `No service item is known for time in ${account.name}. Name one in the source's settings (timeItem).`,
    );
  const note = newValue(change, "note");
  const body: Row = {
    employee: { id: employee },
    customer: { id: project },
    ...(task === null ? {} : { caseTaskEvent: { id: task } }),
    item: { id: item },
    tranDate: on,
    hours: clockFromHours(hours),
    isBillable: ["1", "true"].includes(newValue(change, "is_billable") ?? "1"),
    approvalStatus: { id: account.settings.postedTimeStatus },
    ...(account.settings.timeLinkField === null ? {} : { [account.settings.timeLinkField]: key }),
    ...(note === null || note === "" ? {} : { memo: note }),
  };
  const path = `timeBill/eid:${encodeURIComponent(key)}`;
  const outcome = await outcomeOf(
    account,
    `PUT ${path}`,
    null,
    () => account.write("PUT", path, body),
    async () => ({}),
  );
  return outcome.outcome === "unknown" ? foundAfter(outcome, await lookedUp(find, change.target)) : outcome;
}

/** Taking back what Plumbline posted: only a line that carries our external id and that the ledger has not taken up. */
async function remove(account: Account, change: Change, find: Find): Promise<WriteOutcome> {
  const rows = await find({ ...change.target, nativeId: null });
  const row = rows.find((r) => r.externalid === change.target.key);
  if (row === undefined)
    return rejected("plumbline.gone", `${account.name} holds no time entry that was posted for this line.`);
  const id = String(row.id);
  if (change.target.nativeId !== null && change.target.nativeId !== id)
    return rejected(
      "plumbline.not-ours",
      "The time entry is not the one that was posted. Nothing was deleted.",
    );
  if (row.posted === "T")
    return rejected(
      "plumbline.posted",
      `The time entry is posted to the ledger in ${account.name}; it must be reversed there.`,
    );
  const closed = await closedPeriod(account, String(row.trandate));
  if (closed !== null) return rejected("plumbline.period-closed", closed);
  return outcomeOf(
    account,
    `DELETE timeBill/${id}`,
    id,
    () => account.write("DELETE", `timeBill/${id}`, null),
    async () => ({}),
  );
}

/** The id of what a create whose answer was lost has made, when it can be seen now; null when it cannot, or nobody answers. */
async function lookedUp(find: Find, target: WriteTarget): Promise<string | null> {
  try {
    const rows = await find({ ...target, nativeId: null });
    return rows.length === 1 ? String(rows[0]?.id) : null;
  } catch {
    // The look-up met the same trouble; the outcome stays unknown, which is the truth.
    return null;
  }
}

function foundAfter(outcome: WriteOutcome, nativeId: string | null): WriteOutcome {
  return nativeId === null
    ? outcome
    : { outcome: "applied", nativeId, receipt: "found after the answer was lost" };
}

function linkedBy(link: string | null, key: string): { sql: string; params: string[] } {
  return link === null
    ? { sql: "t.externalid = ?", params: [key] }
    : { sql: `(t.externalid = ? OR t.${link} = ?)`, params: [key, key] };
}

/** A time line's agreed key ends in its day. */
function dayOf(key: string): string | null {
  const day = /_(\d{4}-\d{2}-\d{2})$/.exec(key)?.[1];
  return day !== undefined && isDate(day) ? day : null;
}

/** The service item of the newest time entry on the project, or else of the newest of all. */
async function itemLastUsed(account: Account, project: string): Promise<string | null> {
  for (const [where, params] of [["t.customer = ? AND ", [Number(project)]] as const, ["", []] as const]) {
    const page = await account.select(
      "time entries",
      `SELECT t.item AS item FROM timebill t WHERE ${where}t.item IS NOT NULL AND t.timetype = 'A' ORDER BY t.id DESC`,
      params,
      { purpose: "push", limit: 1 },
    );
    const item = page.records[0]?.item;
    if (typeof item === "string") return item;
  }
  return null;
}
