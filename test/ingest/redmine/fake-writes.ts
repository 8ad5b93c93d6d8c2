/**
 * A small Redmine over real HTTP that takes corrections the way Redmine 5.0 was seen to take them: 204 whatever it ignored, 403 without
 * a word on a closed project, 422 with an empty list for a stale lock version, projects closed together with those below them.
 */
import type { HttpReply, HttpRequest } from "#sandbox/http-server";

type Row = Record<string, unknown>;
interface Custom {
  id: number;
  name: string;
  value: string | null;
}

export interface FakeProject {
  id: number;
  name: string;
  identifier: string;
  parent: number | null;
  status: number;
}
export interface FakeIssue {
  id: number;
  tracker: string;
  project: number;
  start_date: string | null;
  due_date: string | null;
  custom_fields: Custom[];
  updated_on: string;
  lock_version: number;
  journals: Row[];
}
export interface FakeTime {
  id: number;
  project: number;
  issue: number | null;
  user: number;
  hours: number;
  comments: string | null;
  spent_on: string;
  updated_on: string;
  custom_fields: Custom[];
}

const NOT_FOUND: HttpReply = { status: 404 };
const FORBIDDEN: HttpReply = { status: 403 };
const DONE: HttpReply = { status: 204 };
const ref = (id: number) => ({ id, name: `#${id}` });
const invalid = (...errors: string[]): HttpReply => ({ status: 422, body: { errors } });

export function createFake() {
  const projects: FakeProject[] = [
    { id: 1, name: "Northwind", identifier: "northwind", parent: null, status: 1 },
    { id: 2, name: "NW rollout", identifier: "nw-rollout", parent: 1, status: 1 },
    { id: 3, name: "NW support", identifier: "nw-support", parent: 1, status: 1 },
  ];
  const rate = (value: string): Custom => ({ id: 7, name: "Hourly rate", value });
  const issue = (id: number, tracker: string, project: number, fields: Custom[]): FakeIssue => ({
    id,
    tracker,
    project,
    start_date: "2026-10-05",
    due_date: "2026-12-18",
    custom_fields: fields,
    updated_on: "2026-11-01T09:00:00Z",
    lock_version: 4,
    journals: [],
  });
  const issues: FakeIssue[] = [
    issue(10, "Task", 2, []),
    issue(11, "Task", 3, []),
    issue(12, "Allocation", 2, [{ id: 6, name: "Allocation %", value: "50" }, rate("165.00")]),
    issue(13, "Rate card line", 2, [rate("165.00"), { id: 8, name: "Currency", value: "EUR" }]),
  ];
  const times: FakeTime[] = [
    {
      id: 20,
      project: 2,
      issue: 10,
      user: 5,
      hours: 7.5,
      comments: "Workshop",
      spent_on: "2026-11-03",
      updated_on: "2026-11-03T17:00:00Z",
      custom_fields: [{ id: 4, name: "Approval", value: "approved" }],
    },
  ];
  const users = new Map([
    [5, "E-1"],
    [6, "E-2"],
  ]);
  const fake = {
    projects,
    issues,
    times,
    /** Attributes Redmine drops without a word: a workflow's read-only fields, dates derived from sub-issues. */
    readOnly: new Set<string>(),
    /** Whether issues show their lock version, as they do with the change feed plug-in. */
    showsLock: false,
    /** The order of journals follows a preference of the key's user. */
    newestJournalFirst: false,
    /** Time entries lose their approval when they are corrected, as a plug-in might have it. */
    dropsApproval: false,
    /** Called before a PUT is handled: what somebody else does at the same moment. */
    meanwhile: null as (() => void) | null,
    /** Bodies of the PUTs that came, by path. */
    puts: [] as { path: string; body: unknown }[],
    issue: (id: number) => issues.find((i) => i.id === id) as FakeIssue,
    time: (id: number) => times.find((t) => t.id === id) as FakeTime,
    project: (id: number) => projects.find((p) => p.id === id) as FakeProject,
    handle,
  };
  let second = 0;
  const stamp = () => `2026-11-20T15:00:${String(++second % 60).padStart(2, "0")}Z`;

  function handle(request: HttpRequest): HttpReply {
    if (request.headers["x-redmine-api-key"] !== "key") return { status: 401 };
    const m = /^\/(\w+)(?:\/([\w-]+))?(?:\/(close|reopen))?\.json$/.exec(request.path);
    const [kind, id, act] = [m?.[1], m?.[2] ?? "", m?.[3]];
    if (request.method === "PUT") {
      const body: unknown = request.body === "" ? null : JSON.parse(request.body);
      fake.puts.push({ path: request.path, body });
      fake.meanwhile?.();
      if (kind === "projects" && act) return turn(Number(id), act === "close");
      if (kind === "issues") return putIssue(Number(id), ((body as Row).issue ?? {}) as Row);
      if (kind === "time_entries") return putTime(Number(id), ((body as Row).time_entry ?? {}) as Row);
      return NOT_FOUND;
    }
    if (kind === "projects" && id === "") return listProjects(request.query);
    if (kind === "projects") {
      const p = projects.find((x) => String(x.id) === id || x.identifier === id);
      return p === undefined ? NOT_FOUND : p.status === 9 ? FORBIDDEN : shown("project", showProject(p));
    }
    if (kind === "issues") {
      const i = issues.find((x) => String(x.id) === id);
      if (i === undefined) return NOT_FOUND;
      const { lock_version, journals, ...row } = i;
      const more = {
        ...(fake.showsLock ? { lock_version } : {}),
        ...(request.query.get("include") === "journals"
          ? { journals: fake.newestJournalFirst ? [...journals].reverse() : journals }
          : {}),
      };
      return shown("issue", {
        ...row,
        project: ref(i.project),
        tracker: { id: 1, name: i.tracker },
        ...more,
      });
    }
    if (kind === "time_entries") {
      const t = times.find((x) => String(x.id) === id);
      if (t === undefined) return NOT_FOUND;
      const { issue: task, ...row } = t;
      return shown("time_entry", {
        ...row,
        project: ref(t.project),
        user: ref(t.user),
        ...(task === null ? {} : { issue: { id: task } }),
      });
    }
    if (kind === "users" && id === "current")
      return shown("user", { id: 1, login: "plumbline", admin: true });
    const no = kind === "users" ? users.get(Number(id)) : undefined;
    if (no === undefined) return NOT_FOUND;
    return shown("user", { id: Number(id), custom_fields: [{ id: 3, name: "Employee no", value: no }] });
  }

  const shown = (member: string, row: Row): HttpReply => ({ status: 200, body: { [member]: row } });
  const showProject = (p: FakeProject) => ({ ...p, parent: p.parent === null ? undefined : ref(p.parent) });

  function listProjects(query: URLSearchParams): HttpReply {
    // Left to itself, the list holds only open projects.
    const statuses = (query.get("status") ?? "1").split("|").map(Number);
    const found = projects.filter(
      (p) => String(p.parent) === query.get("parent_id") && statuses.includes(p.status),
    );
    const from = Number(query.get("offset") ?? "0");
    const page = found.slice(from, from + Number(query.get("limit") ?? "25")).map(showProject);
    return { status: 200, body: { projects: page, total_count: found.length } };
  }

  function turn(id: number, close: boolean): HttpReply {
    const top = projects.find((p) => p.id === id);
    if (top === undefined) return NOT_FOUND;
    if (top.status === 9) return FORBIDDEN;
    if (fake.readOnly.has("status")) return DONE;
    const within = (p: FakeProject | undefined): boolean =>
      p !== undefined && (p.id === id || within(projects.find((x) => x.id === p.parent)));
    for (const p of projects.filter(within)) {
      if (close && p.status === 1) p.status = 5;
      else if (!close && p.status === 5) p.status = 1;
    }
    return DONE;
  }

  function putIssue(id: number, sent: Row): HttpReply {
    const i = issues.find((x) => x.id === id);
    if (i === undefined) return NOT_FOUND;
    if (fake.project(i.project).status !== 1) return FORBIDDEN;
    if (typeof sent.lock_version === "number" && sent.lock_version !== i.lock_version) return invalid();
    const details: Row[] = [];
    for (const name of ["start_date", "due_date"] as const) {
      if (!(name in sent) || fake.readOnly.has(name)) continue;
      const value = (sent[name] as string) || null;
      if (name === "due_date" && value !== null && value < (i.start_date ?? ""))
        return invalid("Due date must be greater than start date");
      if (value !== i[name]) details.push({ property: "attr", name, old_value: i[name], new_value: value });
      i[name] = value;
    }
    for (const { id: field, value } of (sent.custom_fields ?? []) as { id: number; value: string }[]) {
      const there = i.custom_fields.find((f) => f.id === field);
      if (there === undefined || fake.readOnly.has(there.name)) continue;
      if (there.value !== value)
        details.push({ property: "cf", name: String(field), old_value: there.value, new_value: value });
      there.value = value;
    }
    if (details.length === 0) return DONE;
    i.journals.push({ id: i.journals.length + 1, details });
    i.lock_version++;
    i.updated_on = stamp();
    return DONE;
  }

  function putTime(id: number, sent: Row): HttpReply {
    const t = times.find((x) => x.id === id);
    if (t === undefined) return NOT_FOUND;
    if (fake.project(t.project).status !== 1) return FORBIDDEN;
    const next = { ...t };
    if ("hours" in sent && !fake.readOnly.has("hours"))
      next.hours = Math.round(Number(sent.hours) * 100) / 100;
    if (next.hours === 0) return invalid("Hours is invalid", "Hours is invalid");
    if ("spent_on" in sent) next.spent_on = String(sent.spent_on);
    if ("comments" in sent) next.comments = String(sent.comments);
    if ("user_id" in sent) next.user = Number(sent.user_id);
    if (!users.has(next.user)) return invalid("User is invalid", "User cannot log time");
    if ("project_id" in sent) next.project = Number(sent.project_id);
    if ("issue_id" in sent) {
      next.issue = sent.issue_id === "" ? null : Number(sent.issue_id);
      if (next.issue !== null && !("project_id" in sent)) next.project = fake.issue(next.issue).project;
    }
    if (next.issue !== null && fake.issue(next.issue).project !== next.project)
      return invalid("Issue is invalid");
    if (fake.dropsApproval) next.custom_fields = [{ id: 4, name: "Approval", value: "draft" }];
    Object.assign(t, next, { updated_on: stamp() });
    return DONE;
  }
  return fake;
}
