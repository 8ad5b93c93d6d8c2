/** The ids behind the names in the settings. A name that Redmine does not have is told together with what it has instead. */
import { ConfigError } from "#core/errors";
import { isObject } from "../payload.ts";
import type { GetOptions, Instance, Json } from "./client.ts";
import type { RedmineSettings } from "./settings.ts";

/** What a custom field is on, in Redmine's word. */
export type FieldHome = "project" | "user" | "issue" | "time_entry";

export interface CustomField {
  id: number;
  name: string;
  home: FieldHome;
  /** `string`, `float`, `list`, `bool`, … */
  format: string;
  /** May hold several values at once. */
  isMultiple: boolean;
  /** Trackers whose issues have the field, by id; empty for what is not on issues. */
  trackers: readonly number[];
}

export interface Tracker {
  id: number;
  name: string;
}

export interface IssueStatus {
  id: number;
  name: string;
  isClosed: boolean;
}

/** Where each custom field named in the settings is looked for. */
export const FIELD_SETTINGS = {
  clientRefField: "project",
  opportunityField: "project",
  projectCodeField: "project",
  projectCurrencyField: "project",
  projectStartField: "project",
  projectEndField: "project",
  billableField: "project",
  employeeNumberField: "user",
  roleField: "user",
  allocationField: "issue",
  rateField: "issue",
  currencyField: "issue",
  approvalField: "time_entry",
} as const satisfies Partial<Record<keyof RedmineSettings, FieldHome>>;
export type FieldSetting = keyof typeof FIELD_SETTINGS;

export const TRACKER_SETTINGS = ["taskTracker", "allocationTracker", "rateTracker"] as const;
export type TrackerSetting = (typeof TRACKER_SETTINGS)[number];

export interface Names {
  /** The custom field a setting names; null when the setting is null. Throws ConfigError when Redmine has none of that name there. */
  field(setting: FieldSetting): CustomField | null;
  /** The tracker a setting names; null when the setting is null. Throws ConfigError when there is none of that name. */
  tracker(setting: TrackerSetting): Tracker | null;
  /** Throws ConfigError when the issues of that tracker do not have that field. */
  fieldOnTracker(setting: FieldSetting, tracker: TrackerSetting): void;
  /** All of them, by id. */
  fields: ReadonlyMap<number, CustomField>;
  trackers: ReadonlyMap<number, Tracker>;
  statuses: ReadonlyMap<number, IssueStatus>;
  /** Activities of time entries, by id. */
  activities: ReadonlyMap<number, string>;
}

export async function readNames(instance: Instance, options: GetOptions): Promise<Names> {
  const list = async (path: string, member: string): Promise<Json[]> => {
    const rows = (await instance.get(path, options))?.[member];
    return Array.isArray(rows) ? rows.filter(isObject) : [];
  };
  const fields = (await list("/custom_fields.json", "custom_fields")).map(
    (f): CustomField => ({
      id: Number(f.id),
      name: String(f.name ?? ""),
      home: String(f.customized_type ?? "") as FieldHome,
      format: String(f.field_format ?? ""),
      isMultiple: f.multiple === true,
      trackers: (Array.isArray(f.trackers) ? f.trackers : []).filter(isObject).map((t) => Number(t.id)),
    }),
  );
  const trackers = (await list("/trackers.json", "trackers")).map(idAndName);
  const statuses = (await list("/issue_statuses.json", "issue_statuses")).map(
    (s): IssueStatus => ({ ...idAndName(s), isClosed: s.is_closed === true }),
  );
  const activities = await list("/enumerations/time_entry_activities.json", "time_entry_activities");
  return namesOf(instance, {
    fields,
    trackers,
    statuses,
    activities: new Map(activities.map(idAndName).map((a) => [a.id, a.name])),
  });
}

interface Found {
  fields: readonly CustomField[];
  trackers: readonly Tracker[];
  statuses: readonly IssueStatus[];
  activities: ReadonlyMap<number, string>;
}

function namesOf({ name: source, settings }: Instance, found: Found): Names {
  const missing = (setting: string, kind: string, wanted: string, there: readonly string[]) =>
    new ConfigError("redmine.no-such-name", `${source}: no ${kind} "${wanted}" (${setting})`, {
      userMessage: `${source} has no ${kind} named "${wanted}" (setting ${setting}). ${there.length === 0 ? `It has no ${kind} at all; make one, or set ${setting} otherwise.` : `It has: ${there.map((t) => `"${t}"`).join(", ")}. Correct the setting, or make one of that name.`}`,
    });
  const names: Names = {
    field(setting) {
      const wanted = settings[setting];
      if (wanted === null) return null;
      const there = found.fields.filter((f) => f.home === FIELD_SETTINGS[setting]);
      const field = there.find((f) => f.name === wanted);
      if (field) return field;
      const kind = `custom field for ${HOMES[FIELD_SETTINGS[setting]]}`;
      throw missing(
        setting,
        kind,
        wanted,
        there.map((f) => f.name),
      );
    },
    tracker(setting) {
      const wanted = settings[setting];
      if (wanted === null) return null;
      const tracker = found.trackers.find((t) => t.name === wanted);
      if (tracker) return tracker;
      throw missing(
        setting,
        "tracker",
        wanted,
        found.trackers.map((t) => t.name),
      );
    },
    fieldOnTracker(setting, trackerSetting) {
      const field = names.field(setting);
      const tracker = names.tracker(trackerSetting);
      if (field === null || tracker === null || field.trackers.includes(tracker.id)) return;
      throw new ConfigError(
        "redmine.field-not-on-tracker",
        `${source}: ${field.name} not on ${tracker.name}`,
        {
          userMessage: `The custom field "${field.name}" of ${source} is not on the tracker "${tracker.name}". Tick that tracker under Administration, Custom fields, "${field.name}", and the projects it is for.`,
        },
      );
    },
    fields: byId(found.fields),
    trackers: byId(found.trackers),
    statuses: byId(found.statuses),
    activities: found.activities,
  };
  return names;
}

const HOMES: Readonly<Record<FieldHome, string>> = {
  project: "projects",
  user: "users",
  issue: "issues",
  time_entry: "spent time",
};

const idAndName = (row: Json) => ({ id: Number(row.id), name: String(row.name ?? "") });

function byId<T extends { id: number }>(rows: readonly T[]): ReadonlyMap<number, T> {
  return new Map(rows.map((r) => [r.id, r]));
}
