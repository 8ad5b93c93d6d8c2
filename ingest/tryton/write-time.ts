/**
 * Posting an approved time line once, under a UUID made of its agreed key, which the server keeps unique; correcting it while it is not
 * invoiced; and taking back what was posted.
 */
import { parseDecimal } from "#core/decimal";
import type { Change, Values } from "../connector.ts";
import { isDate } from "../payload.ts";
import { newValue } from "../push-outcome.ts";
import type { Row, Server } from "./client.ts";
import {
  expected,
  gone,
  idOf,
  inForm,
  oneLine,
  type Plan,
  type RecordWriter,
  rejected,
  snapshotOf,
  unsupported,
  updatePlan,
} from "./record-writer.ts";
import { dateForm, durationForm } from "./values.ts";
import { thereAlready } from "./write-outcome.ts";
import { look, withKey } from "./write-time-look.ts";
import { approvalOf, bookableWork, employeeFor, LINE } from "./write-time-refs.ts";

const UPDATED = ["work_on", "hours", "project_key", "task_key", "note"] as const;

export function timeWriter(server: Server): RecordWriter {
  return {
    actions: ["create", "update", "delete"],
    async read({ nativeId, key }, fields) {
      const domain =
        nativeId === null ? withKey(server, key) : [["id", "=", idOf(server, nativeId, "a time line")]];
      return snapshotOf(await look(server, domain), fields);
    },
    plan(raw) {
      // The server takes no line breaks in a description, so none are looked for afterwards.
      const change = inForm(raw, (field, value) => (field === "note" ? oneLine(value) : value));
      if (change.action === "create") return create(server, change);
      return change.action === "delete" ? remove(server, change) : update(server, change);
    },
  };
}

async function create(server: Server, change: Change): Promise<Plan> {
  const { key } = change.target;
  const seen = () => look(server, withKey(server, key));
  const expect: Values = expected(change);
  const there = await seen();
  if (there !== null) return { outcome: thereAlready(server, expect, there) };

  const on = newValue(change, "work_on");
  const hours = parseDecimal(newValue(change, "hours"));
  if (on === null || !isDate(on) || hours === null)
    return rejected("plumbline.incomplete", "The time line has no day or no hours, so it cannot be posted.");
  const duration = durationForm(hours);
  if (duration === null) return notWholeSeconds(server, hours);
  const employee = await employeeFor(server, newValue(change, "resource_key"), change.refs);
  if ("outcome" in employee) return employee;
  const work = await bookableWork(
    server,
    change,
    newValue(change, "project_key"),
    newValue(change, "task_key"),
  );
  if ("outcome" in work) return work;
  const billable = newValue(change, "is_billable");
  if ((billable === "0" || billable === "false") && work.invoiceMethod === "timesheet")
    return rejected(
      "plumbline.not-billable",
      `${server.name} invoices all time on "${work.label}" and has no mark for time that is not billable, so this line would be billed. Post it there on a project that is not invoiced by its time.`,
    );
  const approval = await approvalOf(server);
  const status = server.settings.postedTimeStatus;
  if (approval !== null && status !== null && approval.values.length > 0 && !approval.values.includes(status))
    return rejected(
      "plumbline.no-such-status",
      `The field ${approval.field} of ${LINE} in ${server.name} has no value "${status}"; it has ${approval.values.join(", ")}. Correct postedTimeStatus in the source's settings.`,
    );
  const approved: Row = approval === null || status === null ? {} : { [approval.field]: status };
  return {
    step: {
      model: LINE,
      method: "create",
      args: [
        [
          {
            uuid: server.settings.timeUuidPrefix + key,
            company: work.company,
            employee: employee.id,
            work: work.timesheet.id,
            date: dateForm(on),
            duration,
            description: newValue(change, "note") ?? "",
            ...approved,
          },
        ],
      ],
      stamps: {},
      look: seen,
      expect: Object.keys(approved).length === 0 ? expect : { ...expect, status },
      ...hintFor(server, on, employee, work),
    },
  };
}

async function update(server: Server, change: Change): Promise<Plan> {
  const { nativeId, key } = change.target;
  const domain =
    nativeId === null ? withKey(server, key) : [["id", "=", idOf(server, nativeId, "a time line")]];
  const seen = () => look(server, domain);
  const no = unsupported(change, UPDATED);
  if (no !== null) return no;
  return updatePlan(server, change, "The time line", seen, async (held) => {
    const values: Record<string, unknown> = {};
    const to = (field: string) => newValue(change, field);
    const sets = (field: string) => change.changes.some((c) => c.field === field);
    const on = to("work_on");
    if (sets("work_on")) {
      if (on === null || !isDate(on)) return rejected("plumbline.incomplete", "A time line needs a day.");
      values.date = dateForm(on);
    }
    if (sets("hours")) {
      const hours = parseDecimal(to("hours"));
      if (hours === null) return rejected("plumbline.incomplete", "A time line needs its hours.");
      const duration = durationForm(hours);
      if (duration === null) return notWholeSeconds(server, hours);
      values.duration = duration;
    }
    if (sets("note")) values.description = to("note") ?? "";
    let hint = {};
    if (sets("project_key") || sets("task_key")) {
      const task = sets("task_key") ? to("task_key") : null;
      const project = sets("project_key") ? to("project_key") : (held.values.project_key ?? null);
      const work = await bookableWork(server, change, project, task);
      if ("outcome" in work) return work;
      values.work = work.timesheet.id;
      hint = hintFor(server, on ?? held.values.work_on ?? "", null, work);
    }
    return {
      step: {
        model: LINE,
        method: "write",
        args: [[Number(held.nativeId)], values],
        stamps: held.stamps,
        look: seen,
        expect: expected(change),
        ...hint,
      },
    };
  });
}

/** Only a line that carries our UUID and that no invoice has. */
async function remove(server: Server, change: Change): Promise<Plan> {
  const { nativeId, key } = change.target;
  const held = await look(server, withKey(server, key));
  if (held === null) return gone(server, "The time that was posted for this line");
  if (nativeId !== null && nativeId !== held.nativeId)
    return rejected(
      "plumbline.not-ours",
      `The time line is not the one that was posted for this. Nothing was deleted.`,
    );
  if (held.locked !== null) return rejected("plumbline.locked", held.locked);
  const id = Number(held.nativeId);
  return {
    step: {
      model: LINE,
      method: "delete",
      args: [[id]],
      stamps: held.stamps,
      look: () => look(server, [["id", "=", id]]),
      expect: null,
    },
  };
}

function notWholeSeconds(server: Server, hours: string) {
  return rejected(
    "plumbline.not-whole-seconds",
    `${hours} hours are not a whole number of seconds, which is the finest ${server.name} is given. Round the hours in the system they come from.`,
  );
}

/** What stands behind the server's "not valid according to its domain", as far as it is known. */
function hintFor(
  server: Server,
  on: string,
  employee: { name: string; from: string | null; to: string | null } | null,
  work: { label: string; timesheet: { from: string | null; to: string | null } },
): { hint?: string } {
  const outside = (what: string, p: { from: string | null; to: string | null }) =>
    (p.from !== null && on < p.from) || (p.to !== null && on > p.to)
      ? [
          `${what} ${p.from === null ? "" : `from ${p.from} `}${p.to === null ? "" : `until ${p.to} `}in ${server.name}, and this time is of ${on}.`,
        ]
      : [];
  const known = [
    ...(employee === null ? [] : outside(`${employee.name} is employed`, employee)),
    ...outside(`Time on "${work.label}" is taken`, work.timesheet),
  ];
  return known.length === 0 ? {} : { hint: known.join(" ") };
}
