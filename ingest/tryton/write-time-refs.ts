/**
 * What a time line points at: the person, the work it is booked on, and the field that holds its approval. References come under agreed
 * keys, and a number may well be both a task's and a person's; so each is asked whether it carries the key, and looked for if not.
 */
import { unlinkedKey } from "#core/entities";
import { ConfigError } from "#core/errors";
import type { IsoDate } from "#core/time";
import { type Change, refName } from "../connector.ts";
import type { Server } from "./client.ts";
import { type Plan, rejected, rowsOf, textAt } from "./record-writer.ts";
import { ADD_ON_APPROVAL } from "./streams-time.ts";
import { dateOf } from "./values.ts";
import { type Work, workOf, worksWithKey } from "./write-work.ts";

const EMPLOYEE = "company.employee";
export const LINE = "timesheet.line";

type Refused = Extract<Plan, { outcome: unknown }>;

export interface Employee {
  id: number;
  name: string;
  from: IsoDate | null;
  to: IsoDate | null;
}

/** The employee with this number. */
export async function employeeFor(
  server: Server,
  key: string | null,
  refs: Change["refs"],
): Promise<Employee | Refused> {
  const fields = ["party.code", "party.name", "start_date", "end_date"];
  const ref = key === null ? undefined : refs[refName("resource", key)];
  if (key === null || ref === undefined) return unknown(server, "person", key);
  const known = /^\d+$/.test(ref) ? await rowsOf(server, EMPLOYEE, [["id", "=", Number(ref)]], fields) : [];
  const exact = known.filter((e) => textAt(e, "party.code") === key);
  const found =
    exact.length > 0
      ? exact
      : await rowsOf(
          server,
          EMPLOYEE,
          [
            ["party.code", "=", key],
            ["company", "=", await server.company()],
          ],
          fields,
        );
  const [employee, ...others] = found;
  if (employee === undefined) return unknown(server, "person", key);
  if (others.length > 0) return several(server, "employees", key, found.length);
  return {
    id: Number(employee.id),
    name: textAt(employee, "party.name"),
    from: dateOf(employee.start_date),
    to: dateOf(employee.end_date),
  };
}

/** The task, or else the project, when time may be booked on it now. */
export async function bookableWork(
  server: Server,
  change: Change,
  projectKey: string | null,
  taskKey: string | null,
): Promise<(Work & { timesheet: NonNullable<Work["timesheet"]> }) | Refused> {
  const [type, key] =
    taskKey === null || taskKey === "" ? (["project", projectKey] as const) : (["task", taskKey] as const);
  const work = await workFor(server, type, key, change.refs);
  if ("outcome" in work) return work;
  const under = work.project.key ?? unlinkedKey(String(work.project.id));
  if (projectKey !== null && projectKey !== "" && projectKey !== under)
    return rejected(
      "plumbline.other-project",
      `"${work.label}" belongs to the project ${under} in ${server.name}, not to ${projectKey}, so the time would be booked on the wrong project. Move the task there first.`,
    );
  if (work.closed !== null)
    return rejected(
      "plumbline.closed",
      `${work.closed} in ${server.name}, so no time is posted on "${work.label}". Reopen it there, or book the time elsewhere.`,
    );
  const { timesheet } = work;
  if (timesheet === null)
    return rejected(
      "plumbline.no-timesheets",
      `Timesheets are not allowed on "${work.label}" in ${server.name}. Make it available on timesheets there.`,
    );
  return { ...work, timesheet };
}

async function workFor(
  server: Server,
  type: Work["type"],
  key: string | null,
  refs: Change["refs"],
): Promise<Work | Refused> {
  const ref = key === null ? undefined : refs[refName(type, key)];
  if (key === null) return unknown(server, type, key);
  const known = ref !== undefined && /^\d+$/.test(ref) ? await workOf(server, Number(ref)) : null;
  if (known !== null && known.type === type && known.key === key) return known;
  const rows = await worksWithKey(server, type, key);
  const [row, ...others] = rows;
  if (row === undefined) return unknown(server, type, key);
  if (others.length > 0) return several(server, `${type}s`, key, rows.length);
  return (await workOf(server, Number(row.id))) ?? unknown(server, type, key);
}

/** The field that holds a time line's approval, and its values; null when there is none. Throws ConfigError for a name that is wrong. */
export async function approvalOf(
  server: Server,
): Promise<{ field: string; values: readonly string[] } | null> {
  const { approvalField } = server.settings;
  const fields = await server.fields(LINE);
  const found = fields?.get(approvalField ?? ADD_ON_APPROVAL);
  if (found !== undefined) return { field: found.name, values: found.selection };
  if (approvalField === null) return null;
  const selections = [...(fields?.values() ?? [])].filter((f) => f.type === "selection").map((f) => f.name);
  throw new ConfigError("tryton.no-field", `${server.name}: ${LINE} has no ${approvalField}`, {
    userMessage: `The setting approvalField names "${approvalField}", and ${LINE} in ${server.name} has no such field. It has ${selections.length === 0 ? "no selection at all" : `the selections ${selections.join(", ")}`}. Correct the setting.`,
  });
}

function unknown(server: Server, what: string, key: string | null): Refused {
  return rejected(
    "plumbline.unknown-reference",
    `The time line's ${what} (${key ?? "none"}) is not known in ${server.name}. It must be there first.`,
  );
}

function several(server: Server, what: string, key: string, count: number): Refused {
  return rejected(
    "plumbline.several",
    `${server.name} has ${count} ${what} under ${key}. A person must say which one is meant, by taking the key off the others.`,
  );
}
