/**
 * Correcting a time entry. Redmine has no precondition for these: read, compare, write, read again. Only what changes is sent, and the
 * approval must be afterwards what it was before.
 */
import { compare, parseDecimal } from "#core/decimal";
import { type Change, refName, type Values, type WriteOutcome } from "../connector.ts";
import { fieldsOf, isDate } from "../payload.ts";
import { movedSince } from "../push-outcome.ts";
import type { Instance } from "./client.ts";
import {
  beforeSending,
  customField,
  gone,
  idOf,
  isOutcome,
  type Looked,
  type RecordWriter,
  type Row,
  record,
  rejected,
  sendAndProve,
  snapshotOf,
  withNulls,
} from "./record-writer.ts";
import type { RedmineSettings } from "./settings.ts";
import { closedProject } from "./write-project.ts";

/** Redmine reads hours back to two decimals, whatever it was sent. */
const HOURS = /^-?\d+(\.\d{1,2})?$/;

const FIELDS = new Set(["hours", "work_on", "note", "task_key", "project_key", "resource_key"]);

export function timeWriter(instance: Instance, settings: RedmineSettings): RecordWriter {
  const look = (id: string | null, fields: readonly string[]) => lookAt(instance, settings, id, fields);
  return {
    actions: ["update"],
    async read(target, fields) {
      return snapshotOf(await look(target.nativeId ?? target.key, fields), fields);
    },
    async write(original): Promise<WriteOutcome> {
      const change = withNulls(original);
      const fields = change.changes.map((c) => c.field);
      const id = change.target.nativeId ?? change.target.key;
      const prepared = await beforeSending(async () => {
        const before = await look(id, fields);
        if (before === null) return gone(instance, "time entry");
        const conflict = movedSince(change, before.values) ?? touchedSince(instance, change, before);
        if (conflict) return conflict;
        if (before.locked !== null) return rejected("plumbline.locked", before.locked);
        const body = await bodyOf(instance, change, before);
        return isOutcome(body) ? body : { before, body };
      });
      if (isOutcome(prepared)) return prepared;
      const { before, body } = prepared;
      const put = {
        path: `/time_entries/${id}.json`,
        body: { time_entry: body },
        locking: false,
        look: () => look(id, fields),
        forbidden: () => whyForbidden(instance, before.row),
        besides: (after: Looked) => approvalMoved(instance, settings, before.row, after.row),
        what: "time entry",
      };
      return sendAndProve(instance, change, put, before);
    },
  };
}

async function lookAt(
  instance: Instance,
  settings: RedmineSettings,
  id: string | null,
  fields: readonly string[],
): Promise<Looked | null> {
  if (id === null || !/^\d+$/.test(id)) return null;
  const row = await record(instance, `/time_entries/${id}.json`, "time_entry");
  if (row === null) return null;
  const f = fieldsOf(row);
  const project = await record(instance, `/projects/${idOf(row.project)}.json`, "project");
  const values: Values = {
    hours: parseDecimal(row.hours),
    work_on: f.text("spent_on") || null,
    note: f.text("comments") || null,
    task_key: idOf(row.issue) || null,
    project_key: project === null ? null : String(project.identifier),
    ...(fields.includes("resource_key")
      ? { resource_key: await employeeNumber(instance, settings, idOf(row.user)) }
      : {}),
  };
  return { row, values, token: f.text("updated_on") || null, locked: await closedProject(instance, project) };
}

async function employeeNumber(
  instance: Instance,
  settings: RedmineSettings,
  userId: string,
): Promise<string | null> {
  const user = await record(instance, `/users/${userId}.json`, "user");
  return user === null ? null : (customField(user, settings.employeeNumberField)?.value ?? null);
}

/** An approval that did not stay what it was while the entry was corrected; null when it did. */
function approvalMoved(
  instance: Instance,
  settings: RedmineSettings,
  before: Row,
  after: Row,
): WriteOutcome | null {
  const [was, is] = [before, after].map((r) => customField(r, settings.approvalField)?.value ?? "empty");
  if (was === is) return null;
  return rejected(
    "plumbline.approval-moved",
    `${instance.name} made the change, and ${settings.approvalField} went from ${was} to ${is} with it. A person must look at the time entry and approve it again if it is right.`,
  );
}

/** The conflict when somebody touched the entry after the look the change rests on, whatever they changed. */
function touchedSince(instance: Instance, change: Change, now: Looked): WriteOutcome | null {
  if (change.token === null || change.token === now.token) return null;
  return {
    outcome: "conflict",
    actual: now.values,
    message: `Somebody changed the time entry in ${instance.name} after it was looked at. Nothing was written.`,
  };
}

/** What to send, or why the change cannot be made. */
async function bodyOf(instance: Instance, change: Change, before: Looked): Promise<Row | WriteOutcome> {
  const body: Record<string, unknown> = {};
  // The project of the task the entry will be on; null when it will be on none.
  let taskProject = idOf(before.row.issue) === "" ? null : idOf(before.row.project);
  for (const { field, to } of change.changes) {
    if (!FIELDS.has(field))
      return rejected("plumbline.unsupported", `Plumbline does not change ${field} in ${instance.name}.`);
    if (field === "note") body.comments = to ?? "";
    if (field === "hours") {
      const hours = parseDecimal(to);
      if (hours === null || compare(hours, "0") < 0)
        return rejected("plumbline.bad-value", `${to ?? "Nothing"} is not a number of hours.`);
      if (!HOURS.test(hours))
        return rejected(
          "plumbline.too-fine",
          `${instance.name} shows hours to two decimals, so ${hours} could not be proven. Round it first.`,
        );
      body.hours = hours;
    }
    if (field === "work_on") {
      if (to === null || !isDate(to))
        return rejected("plumbline.bad-value", `${to ?? "Nothing"} is not a day.`);
      body.spent_on = to;
    }
    if (field === "resource_key") {
      const user = to === null ? undefined : change.refs[refName("resource", to)];
      if (user === undefined) return unknownRef(instance, "person", to);
      body.user_id = user;
    }
    if (field === "task_key") {
      const task = to === null ? null : await taskOf(instance, change.refs[refName("task", to)] ?? to);
      if (to !== null && task === null) return unknownRef(instance, "task", to);
      body.issue_id = task === null ? "" : idOf(task);
      taskProject = task === null ? null : idOf(task.project);
    }
    if (field === "project_key") {
      const project =
        to === null ? null : await projectOf(instance, change.refs[refName("project", to)] ?? to);
      if (project === null) return unknownRef(instance, "project", to);
      // Redmine lets time be moved into a closed project, and nobody can correct it there afterwards.
      const closed = await closedProject(instance, project);
      if (closed !== null) return rejected("plumbline.project-closed", closed);
      body.project_id = idOf(project);
    }
  }
  if ("issue_id" in body || "project_id" in body) {
    // Left out, Redmine would move the entry to the task's project without a word.
    body.project_id ??= idOf(before.row.project);
    if (taskProject !== null && taskProject !== body.project_id)
      return rejected(
        "plumbline.other-project",
        `The task and the project of the time entry would not belong together in ${instance.name}. Both must be changed at once.`,
      );
  }
  return body;
}

function taskOf(instance: Instance, id: string): Promise<Row | null> {
  return /^\d+$/.test(id) ? record(instance, `/issues/${id}.json`, "issue") : Promise.resolve(null);
}

function projectOf(instance: Instance, idOrIdentifier: string): Promise<Row | null> {
  return record(instance, `/projects/${encodeURIComponent(idOrIdentifier)}.json`, "project");
}

function unknownRef(instance: Instance, what: string, key: string | null): WriteOutcome {
  return rejected(
    "plumbline.unknown-reference",
    `The ${what} ${key ?? "(none)"} is not known in ${instance.name}. It must be there first.`,
  );
}

/** Redmine answers 403 without a word: a project closed meanwhile, or a missing permission. */
async function whyForbidden(instance: Instance, row: Row): Promise<string> {
  const project = await record(instance, `/projects/${idOf(row.project)}.json`, "project");
  return (
    (await closedProject(instance, project)) ??
    `${instance.name} does not let the user of the API key change time on the project ${String(project?.name ?? idOf(row.project))}. Give the user a role there with the permission to edit time logs, or use an administrator's key.`
  );
}
