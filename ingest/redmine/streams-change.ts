/**
 * Who changed what on issues, from their journals. A journal is shown with its issue only, so each issue that changed is asked for on
 * its own. Time entries, projects and users have no journals.
 */
import { ENTITY_SCHEMAS, type Entity } from "#core/entities";
import { instantOf, msOf } from "#core/time";
import type { Bookmark, Identified, MappedChange, Stream } from "../connector.ts";
import { type Fields, instantMs, isObject, mapping, quote } from "../payload.ts";
import type { Instance, Json } from "./client.ts";
import { allUsers } from "./directory.ts";
import { issueList, issuesByChange, latest } from "./issue-listing.ts";
import { idIn, updatedMs } from "./kept.ts";
import { completeSince } from "./list-stream.ts";
import { type Names, TRACKER_SETTINGS } from "./names.ts";
import type { RedmineSettings } from "./settings.ts";

/** Which issues have been looked at, and until when. */
interface Cursor {
  since: number | null;
  /** Issues within the overlap before `since`, by id, with the change they were looked at for. */
  looked: Readonly<Record<string, number>>;
}

export function journalStream(instance: Instance): Stream {
  const s = instance.settings;
  const overlapMs = s.overlapSeconds * 1000;
  return {
    name: "journals",
    yields: "change",
    deletes: "never",
    mayVanish: 0,
    fields: ["id", "issue", "tracker", "user", "login", "created_on", "details"],
    identify: identifyJournal,
    async *read(from, { full, signal }) {
      const startedAt = instance.now();
      const names = await instance.names({ signal });
      const trackers = TRACKER_SETTINGS.flatMap((setting) => names.tracker(setting)?.id ?? []);
      const cursor = full || from === null ? NOWHERE : cursorOf(from);
      let { since } = cursor;
      let looked = { ...cursor.looked };
      const earliest = s.historyFrom === null ? null : Date.parse(`${s.historyFrom}T00:00:00Z`);
      const begin = since === null ? earliest : since - overlapMs;
      let logins: ReadonlyMap<number, string> | null = null;
      for await (const page of issuesByChange(instance, issueList(trackers), begin, signal)) {
        const records: Json[] = [];
        for (const issue of page.records) {
          const id = idIn(issue);
          const at = updatedMs(issue);
          if (id === null || at === null || looked[id] === at) continue;
          logins ??= await loginsOf(instance, signal);
          records.push(...(await journalsOf(instance, id, names, logins, signal)));
          // Times have whole seconds: right after a change, another one may still come under the same time.
          if (instance.now() > at + Math.max(overlapMs, 2000)) looked[id] = at;
        }
        since = latest(since, page.reached === null ? null : Math.min(page.reached, instance.now()));
        looked = youngOf(looked, (since ?? 0) - overlapMs);
        const bookmark: Bookmark = JSON.stringify({
          since: since === null ? null : instantOf(since),
          looked,
        });
        yield { records, bookmark, completeUntil: page.isLast ? completeSince(instance, startedAt) : null };
      }
    },
    map: mapping((f) => ({ records: [], changes: changesIn(f, s) })),
  };
}

const NOWHERE: Cursor = { since: null, looked: {} };

function cursorOf(bookmark: Bookmark): Cursor {
  const parsed: unknown = JSON.parse(bookmark);
  if (!isObject(parsed)) return NOWHERE;
  return {
    since: typeof parsed.since === "string" ? msOf(parsed.since) : null,
    looked: isObject(parsed.looked) ? (parsed.looked as Record<string, number>) : {},
  };
}

/** What may be listed again for the sake of the overlap. A second more, because a filter takes in the second before its own. */
function youngOf(looked: Readonly<Record<string, number>>, from: number): Record<string, number> {
  return Object.fromEntries(Object.entries(looked).filter(([, at]) => at >= from - 2000));
}

async function loginsOf(instance: Instance, signal: AbortSignal): Promise<ReadonlyMap<number, string>> {
  const users = await allUsers(instance, signal);
  return new Map(users.map((u) => [idIn(u) ?? 0, String(u.login ?? "")]));
}

/** The journals of one issue that change something, with what mapping needs besides. None when the issue is gone meanwhile. */
async function journalsOf(
  instance: Instance,
  id: number,
  names: Names,
  logins: ReadonlyMap<number, string>,
  signal: AbortSignal,
): Promise<Json[]> {
  const issue = (await instance.get(`/issues/${id}.json?include=journals`, { signal }))?.issue;
  if (!isObject(issue) || !Array.isArray(issue.journals)) return [];
  const { tracker } = issue;
  return issue.journals.filter(isObject).flatMap((journal) => {
    const details = Array.isArray(journal.details) ? journal.details.filter(isObject) : [];
    if (details.length === 0) return [];
    const { id: journalId, user, created_on } = journal;
    return [
      {
        id: journalId,
        issue: { id },
        tracker,
        user,
        login: logins.get(idIn(user) ?? 0) ?? "",
        created_on,
        details: details.map((d) => named(d, names)),
      },
    ];
  });
}

/** A journal's detail with the names people see for the ids it holds. */
function named(detail: Json, names: Names): Json {
  if (detail.property === "cf")
    return { ...detail, label: names.fields.get(Number(detail.name))?.name ?? "" };
  if (detail.property !== "attr" || detail.name !== "status_id") return detail;
  const status = (id: unknown) => names.statuses.get(Number(id))?.name ?? String(id ?? "");
  return { ...detail, old_label: status(detail.old_value), new_label: status(detail.new_value) };
}

function identifyJournal(payload: unknown): Identified {
  const id = idIn(payload);
  const at =
    isObject(payload) && typeof payload.created_on === "string" ? instantMs(payload.created_on) : null;
  return id === null || at === null
    ? { ok: false, detail: `Expected a journal with an id and a time, got ${quote(payload)}.` }
    : { ok: true, nativeId: String(id), changedAt: instantOf(at), deleted: false };
}

/** Issue attribute → canonical field, by what the issue stands for. What is not here is kept under its own name. */
const ATTRIBUTES: Readonly<Partial<Record<Entity, Readonly<Record<string, string>>>>> = {
  task: { subject: "name", status_id: "status", project_id: "project_ref" },
  assignment: {
    start_date: "start_on",
    due_date: "end_on",
    assigned_to_id: "resource_ref",
    estimated_hours: "hours",
    status_id: "status",
    project_id: "project_ref",
  },
  rate_line: { subject: "role_name", start_date: "effective_from", due_date: "effective_to" },
};

function changesIn(f: Fields, s: RedmineSettings): MappedChange[] {
  const tracker = f.text("tracker.name");
  const entity = entityOf(tracker, s);
  if (entity === null) return [];
  const details = f.raw("details");
  const customFields = customFieldsOf(entity, s);
  const login = f.text("login");
  const common = {
    entity,
    nativeId: f.required("issue.id"),
    actor: f.text("user.name"),
    actorKind: (f.text("user.name") === ""
      ? "unknown"
      : s.integrationUsers.includes(login)
        ? "integration"
        : "person") as MappedChange["actorKind"],
    changedAt: f.instant("created_on"),
  };
  return (Array.isArray(details) ? details : []).filter(isObject).map((detail) => {
    const [property, name, label] = [text(detail.property), text(detail.name), text(detail.label)];
    const known =
      property === "cf" ? customFields[label] : ATTRIBUTES[entity]?.[property === "attr" ? name : ""];
    return {
      ...common,
      changeId: `${f.required("id")}:${property}:${name}`,
      field:
        known !== undefined && known in ENTITY_SCHEMAS[entity].shape
          ? known
          : `raw:${label || (property === "attr" ? name : `${property} ${name}`)}`,
      oldValue: text(detail.old_label ?? detail.old_value),
      newValue: text(detail.new_label ?? detail.new_value),
    };
  });
}

function entityOf(tracker: string, s: RedmineSettings): "task" | "assignment" | "rate_line" | null {
  if (tracker === "") return null;
  if (tracker === s.taskTracker) return "task";
  if (tracker === s.allocationTracker) return "assignment";
  return tracker === s.rateTracker ? "rate_line" : null;
}

function customFieldsOf(entity: Entity, s: RedmineSettings): Readonly<Record<string, string>> {
  if (entity === "assignment") return { [s.allocationField]: "allocation_pct", [s.rateField]: "bill_rate" };
  if (entity !== "rate_line") return {};
  return { [s.rateField]: "rate", ...(s.currencyField === null ? {} : { [s.currencyField]: "currency" }) };
}

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
