/**
 * A Redmine over real HTTP that answers reads the way version 5.0 was seen to: lists by offset, 100 at most and 25 when not told,
 * whole seconds, filters and orders it does not know passed over without a word, closed issues only when asked for, archived projects
 * never. With or without the change feed plug-in, which can also be taken away and put back.
 */
import type { Clock } from "#core/time";
import { type HttpReply, type HttpRequest, startVendorServer, type VendorServer } from "#sandbox/http-server";

export type Row = Record<string, unknown>;
type Stored = Row & { id: number; created: number; updated: number };

export interface FakeRedmine {
  server: VendorServer;
  key: string;
  /** Called before each request is answered: the place to change things under a reader's feet. */
  before: ((request: HttpRequest) => void) | null;
  requests: string[];
  hasFeed: boolean;
  isRestOn: boolean;
  isAdminKey: boolean;
  sendsDate: boolean;
  users: Map<number, Stored>;
  projects: Map<number, Stored>;
  issues: Map<number, Stored>;
  times: Map<number, Stored>;
  /** Of each issue, by its id. */
  journals: Map<number, Row[]>;
  events: Row[];
  customFields: Row[];
  trackers: Row[];
  /** Puts or changes a record, at the clock's time unless told otherwise; `silent` moves no time, as closing a project does. */
  put(
    kind: "users" | "projects" | "issues" | "times",
    row: Row & { id: number },
    options?: { at?: number; silent?: boolean; unlogged?: boolean; by?: string },
  ): Stored;
  remove(kind: "issues" | "times" | "projects" | "users", id: number): void;
  close(): Promise<void>;
}

export const FIELDS: Row[] = [
  field(1, "Client ref", "project", "string"),
  field(2, "Contract value", "project", "float"),
  field(3, "Employee no", "user", "string"),
  field(4, "Approval", "time_entry", "list"),
  field(5, "ERP ref", "time_entry", "string"),
  field(6, "Allocation %", "issue", "float", [5]),
  field(7, "Hourly rate", "issue", "float", [5, 6]),
  field(8, "Currency", "issue", "list", [6]),
  field(9, "Role", "user", "string"),
];
export const TRACKERS: Row[] = [
  { id: 1, name: "Bug" },
  { id: 4, name: "Task" },
  { id: 5, name: "Allocation" },
  { id: 6, name: "Rate card line" },
];
const STATUSES = [
  { id: 1, name: "New", is_closed: false },
  { id: 5, name: "Closed", is_closed: true },
];
const ACTIVITIES = [
  { id: 8, name: "Design" },
  { id: 9, name: "Development" },
];

function field(id: number, name: string, home: string, format: string, trackers?: number[]): Row {
  return {
    id,
    name,
    customized_type: home,
    field_format: format,
    multiple: false,
    ...(trackers ? { trackers: trackers.map((t) => ({ id: t })) } : {}),
  };
}

export async function startFakeRedmine(clock: Clock): Promise<FakeRedmine> {
  const fake: Omit<FakeRedmine, "server" | "close"> = {
    key: "k".repeat(40),
    before: null,
    requests: [],
    hasFeed: false,
    isRestOn: true,
    isAdminKey: true,
    sendsDate: false,
    users: new Map(),
    projects: new Map(),
    issues: new Map(),
    times: new Map(),
    journals: new Map(),
    events: [],
    customFields: [...FIELDS],
    trackers: [...TRACKERS],
    put(kind, row, { at = clock.now(), silent = false, unlogged = false, by = "ada" } = {}) {
      const was = fake[kind].get(row.id);
      const stored: Stored = {
        ...was,
        ...row,
        created: was?.created ?? at,
        updated: silent ? (was?.updated ?? at) : at,
      };
      fake[kind].set(row.id, stored);
      if (!unlogged) log(fake, kind, was ? "update" : "create", row.id, stored, was ?? null, at, by);
      return stored;
    },
    remove(kind, id) {
      const was = fake[kind].get(id);
      fake[kind].delete(id);
      if (was) log(fake, kind, "delete", id, null, was, clock.now(), "ada");
    },
  };
  const server = await startVendorServer({
    clock,
    rowsField: "time_entries",
    words: {
      unauthorized: () => ({ status: 401 }),
      tooManyRequests: () => ({ status: 429, body: "Too Many Requests" }),
      serverError: (status) => ({ status, body: "Internal error" }),
    },
    handle(request) {
      // What is handed out is the same object, so that a test's switches are seen.
      running.requests.push(`${request.method} ${request.target}`);
      running.before?.(request);
      const reply = answer(running, request);
      return running.sendsDate ? reply : { ...reply, headers: { ...reply.headers, date: "" } };
    },
  });
  const running: FakeRedmine = Object.assign(fake, { server, close: () => server.close() });
  return running;
}

function log(
  fake: Pick<FakeRedmine, "events">,
  kind: string,
  op: string,
  id: number,
  record: Stored | null,
  previous: Stored | null,
  at: number,
  actor: string,
): void {
  const entity = { times: "time_entry", issues: "issue", projects: "project" }[kind];
  if (entity === undefined) return;
  fake.events.push({
    id: fake.events.length + 1,
    entity,
    record_id: id,
    op,
    actor_id: 5,
    actor,
    at: new Date(at).toISOString().replace("Z", "123Z"),
    record: record && shown(record),
    previous: previous && shown(previous),
  });
}

const second = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** A record as the REST API shows it. */
function shown({ created, updated, ...row }: Stored): Row {
  return { ...row, created_on: second(created), updated_on: second(updated) };
}

function answer(fake: FakeRedmine, { path, query, headers }: HttpRequest): HttpReply {
  // With the API switched off a key is not even looked at.
  if (!fake.isRestOn) return { status: 403 };
  if (headers["x-redmine-api-key"] !== fake.key) return { status: 401 };
  if (path === "/users/current.json")
    return ok({ user: { id: 1, login: "integration", admin: fake.isAdminKey } });
  if (!fake.isAdminKey && /^\/(users|custom_fields|change_feed)/.test(path)) return { status: 403 };
  if (path === "/custom_fields.json") return ok({ custom_fields: fake.customFields });
  if (path === "/trackers.json") return ok({ trackers: fake.trackers });
  if (path === "/issue_statuses.json") return ok({ issue_statuses: STATUSES });
  if (path === "/enumerations/time_entry_activities.json") return ok({ time_entry_activities: ACTIVITIES });
  if (path === "/users.json") {
    const status = query.get("status") ?? "1";
    const users = [...fake.users.values()].filter((u) => String(u.status) === status);
    // The list says nothing of an account's status.
    return list(query, "users", users, ({ status: _, ...user }) => shown(user as Stored));
  }
  if (path === "/projects.json") {
    const statuses = (query.get("status") ?? "1").split("|");
    const projects = [...fake.projects.values()];
    return list(
      query,
      "projects",
      projects.filter((p) => p.status !== 9 && statuses.includes(String(p.status))),
    );
  }
  if (path === "/issues.json") return list(query, "issues", filteredIssues(fake, query));
  if (path === "/time_entries.json") {
    const from = query.get("spent_on")?.replace(/^>=/, "") ?? "";
    const times = [...fake.times.values()].filter((t) => String(t.spent_on) >= from);
    return list(query, "time_entries", times);
  }
  const issue = fake.issues.get(Number(/^\/issues\/(\d+)\.json$/.exec(path)?.[1]));
  if (issue) return ok({ issue: { ...shown(issue), journals: fake.journals.get(issue.id) ?? [] } });
  if (fake.hasFeed && path === "/change_feed.json") {
    const changes = fake.events.filter((e) => Number(e.id) > Number(query.get("after")));
    const page = changes.slice(0, Number(query.get("limit")));
    return ok({ changes: page, next: page.at(-1)?.id ?? 0, last: fake.events.at(-1)?.id ?? 0 });
  }
  if (fake.hasFeed && path === "/change_feed/time_entries.json") {
    const times = [...fake.times.values()].sort((a, b) => a.id - b.id);
    const page = times.filter((t) => t.id > Number(query.get("after"))).slice(0, FEED_PAGE);
    return ok({ time_entries: page.map(shown), last_change: fake.events.at(-1)?.id ?? 0 });
  }
  return { status: 404 };
}

/** Far fewer than the plug-in's, so that a test sees several pages. */
export const FEED_PAGE = 7;

const ok = (body: Row): HttpReply => ({ status: 200, body });

function filteredIssues(fake: FakeRedmine, query: URLSearchParams): Stored[] {
  const trackers = query.get("tracker_id")?.split("|");
  const updated = query.get("updated_on");
  const [low, high] = updated === null ? [null, null] : updated.replace(/^(>=|><)/, "").split("|");
  return [...fake.issues.values()].filter((issue) => {
    const { id: status } = issue.status as { id: number };
    if (query.get("status_id") !== "*" && STATUSES.find((s) => s.id === status)?.is_closed) return false;
    if (trackers && !trackers.includes(String((issue.tracker as { id: number }).id))) return false;
    // As Redmine does: later than a second before the lower bound, and up to the upper one.
    if (low && !(issue.updated > Date.parse(low) - 1000)) return false;
    return !high || issue.updated <= Date.parse(high);
  });
}

function list(
  query: URLSearchParams,
  member: string,
  rows: Stored[],
  show: (row: Stored) => Row = shown,
): HttpReply {
  const limit = Math.min(100, Number(query.get("limit") ?? 25));
  const offset = Number(query.get("offset") ?? 0);
  const orders = (query.get("sort") ?? "").split(",").map((s) => s.split(":")[0]);
  const sorted = rows.sort((a, b) => {
    for (const order of orders) {
      if (order === "created_on" && a.created !== b.created) return a.created - b.created;
      if (order === "updated_on" && member === "issues" && a.updated !== b.updated)
        return a.updated - b.updated;
    }
    return a.id - b.id;
  });
  const page = sorted.slice(offset, offset + limit).map(show);
  return ok({ [member]: page, total_count: rows.length, offset, limit });
}
