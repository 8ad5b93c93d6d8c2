/** Projects and tasks as a write needs to know them: the keys they carry, what stands above them, and whether time may be booked on them. */
import type { IsoDate } from "#core/time";
import { isObject } from "../payload.ts";
import type { Row, Server } from "./client.ts";
import { linkOf } from "./link.ts";
import { valueAt } from "./record.ts";
import { rowOf, rowsOf, textAt } from "./record-writer.ts";
import type { TrytonSettings } from "./settings.ts";
import { dateOf } from "./values.ts";
import { type Place, projectIn } from "./work-tree.ts";

export const WORK = "project.work";

const FIELDS = [
  "name",
  "comment",
  "type",
  "parent",
  "company",
  "status.name",
  "timesheet_works.timesheet_start_date",
  "timesheet_works.timesheet_end_date",
] as const;

export interface Work {
  id: number;
  type: "project" | "task";
  /** As the vendor's screens show it. */
  label: string;
  /** The agreed key it carries; null when it carries none. */
  key: string | null;
  company: number;
  /** The project it belongs to, or itself. */
  project: { id: number; key: string | null };
  /** What is over, of it and what stands above it: `"Rollout" is Done`; null when nothing is. */
  closed: string | null;
  /** What time is booked on; null when time may not be booked on it. */
  timesheet: { id: number; from: IsoDate | null; to: IsoDate | null } | null;
  /** How it is invoiced; `""` when the server invoices no projects. */
  invoiceMethod: string;
}

/** The work with this id and what stands above it; null when there is none that may be seen. */
export async function workOf(server: Server, id: number): Promise<Work | null> {
  const known = await server.fields(WORK);
  const fields = known?.has("invoice_method") ? [...FIELDS, "invoice_method"] : FIELDS;
  const row = await rowOf(server, WORK, [["id", "=", id]], fields);
  if (row === null) return null;
  const chain = [row];
  const met = new Set([id]);
  for (let at = row.parent; typeof at === "number" && !met.has(at); ) {
    met.add(at);
    const above = await rowOf(server, WORK, [["id", "=", at]], fields);
    if (above === null) break;
    chain.push(above);
    at = above.parent;
  }
  const { settings } = server;
  const link = linkOf(settings);
  const places = chain.map((w) => placeOf(settings, w));
  const project = places.find((p) => String(p.id) === projectIn(places, link));
  const over = chain.find((w) => settings.closedProjectStatuses.includes(textAt(w, "status.name")));
  return {
    id,
    type: row.type === "project" ? "project" : "task",
    label: chain.map((w) => textAt(w, "name")).join(" in "),
    key: keyIn(settings, row),
    company: Number(row.company),
    project: { id: project?.id ?? id, key: link.keyOf(project?.label ?? "") },
    closed: over === undefined ? null : `"${textAt(over, "name")}" is ${textAt(over, "status.name")}`,
    timesheet: timesheetOf(row),
    invoiceMethod: textAt(row, "invoice_method"),
  };
}

/** The works of one kind that carry an agreed key. */
export async function worksWithKey(server: Server, type: Work["type"], key: string): Promise<readonly Row[]> {
  const { settings } = server;
  const rows = await rowsOf(
    server,
    WORK,
    [
      ["type", "=", type],
      [settings.link.field, "like", `%${escaped(key)}%`],
    ],
    ["name", "comment"],
  );
  return rows.filter((row) => keyIn(settings, row) === key);
}

/** The agreed key that a project or task carries; null when it carries none. */
export function keyIn(settings: TrytonSettings, row: Row): string | null {
  return linkOf(settings).keyOf(textAt(row, settings.link.field));
}

function placeOf(settings: TrytonSettings, row: Row): Place {
  return {
    id: Number(row.id),
    type: textAt(row, "type"),
    label: textAt(row, settings.link.field),
    party: null,
    changed_at: null,
  };
}

/** Text as it is, in a search that knows wildcards. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, (c) => `\\${c}`);
}

function timesheetOf(row: Row): Work["timesheet"] {
  const list: unknown = valueAt(row, "timesheet_works.");
  const first: unknown = Array.isArray(list) ? list[0] : null;
  return isObject(first) && typeof first.id === "number"
    ? { id: first.id, from: dateOf(first.timesheet_start_date), to: dateOf(first.timesheet_end_date) }
    : null;
}
