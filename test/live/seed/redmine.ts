/** The firm's delivery in Redmine, entered over REST as an administrator and the firm's own people would. */
import { openRedmine, type RedmineClient } from "../clients/redmine.ts";
import type { RedmineSide } from "../estate.ts";
import {
  allocationKey,
  at,
  type Calendar,
  CURRENCY,
  CUSTOMERS,
  customerOf,
  ENGAGEMENTS,
  type Engagement,
  PEOPLE,
  personOf,
} from "./firm.ts";

type Ids = Record<string, number>;
/** Names and ids of what set-up.rb made. */
type Conventions = Pick<RedmineSide, "customFields" | "trackers" | "statuses" | "activities" | "memberRole">;

interface Named {
  id: number;
  name: string;
}

export interface RedmineAt {
  url: string;
  databaseFile: string;
  /** `admin:password` */
  admin: string;
}

/** What the rest of the firm must know of Redmine: time entries with what they are about. */
export interface BookedTime {
  id: number;
  engagement: string;
  /** Issue id as text, or null: on the project itself. */
  task: string | null;
  person: string;
  on: string;
  hours: number;
  note: string;
}

export async function seedRedmine(
  where: RedmineAt,
  calendar: Calendar,
): Promise<{ side: RedmineSide; time: BookedTime[] }> {
  const me = await openRedmine(where.url, { basic: where.admin }).get<{ user: { api_key: string } }>(
    "/users/current.json",
  );
  const admin = openRedmine(where.url, { apiKey: me.user.api_key });
  const names = await conventions(admin);
  const users = await people(admin, names);
  const clients: RedmineSide["clients"] = {};
  for (const customer of CUSTOMERS)
    clients[customer.code] = await client(admin, names, customer.code, calendar);
  const engagements: RedmineSide["engagements"] = {};
  const time: BookedTime[] = [];
  for (const engagement of ENGAGEMENTS) {
    const made = await project(admin, names, engagement, clients, users, calendar);
    const booked = await bookTime(admin, names, engagement, made.tasks, users, calendar, made.project);
    time.push(...booked);
    engagements[engagement.identifier] = {
      ...made,
      client: engagement.customer,
      timeEntries: booked.map((b) => b.id),
    };
  }
  const side = { url: where.url, databaseFile: where.databaseFile, apiKey: me.user.api_key };
  return { side: { ...side, ...names, users, clients, engagements }, time };
}

/** Note on each project which sale it came from, by the opportunity's number. */
export async function linkOpportunities(
  side: RedmineSide,
  numbers: Readonly<Record<string, string>>,
): Promise<void> {
  const admin = openRedmine(side.url, { apiKey: side.apiKey });
  const field = at(side.customFields, "Opportunity");
  for (const [identifier, { project }] of Object.entries(side.engagements))
    await admin.put(`/projects/${project}.json`, {
      project: { custom_fields: [{ id: field, value: at(numbers, identifier) }] },
    });
}

async function conventions(admin: RedmineClient): Promise<Conventions> {
  const ids = async (path: string, name: string) =>
    Object.fromEntries((await admin.all<Named>(path, name)).map((r) => [r.name, r.id])) as Ids;
  return {
    customFields: await ids("/custom_fields.json", "custom_fields"),
    trackers: await ids("/trackers.json", "trackers"),
    statuses: await ids("/issue_statuses.json", "issue_statuses"),
    activities: await ids("/enumerations/time_entry_activities.json", "time_entry_activities"),
    memberRole: at(await ids("/roles.json", "roles"), "Project member"),
  };
}

async function people(admin: RedmineClient, names: Conventions): Promise<RedmineSide["users"]> {
  const users: RedmineSide["users"] = {};
  for (const person of PEOPLE) {
    const made = await admin.post<{ id: number; api_key?: string }>("/users.json", {
      user: {
        login: person.login,
        firstname: person.first,
        lastname: person.last,
        mail: `${person.login}@example.test`,
        generate_password: true,
        custom_fields: [
          { id: at(names.customFields, "Employee no"), value: person.no },
          { id: at(names.customFields, "Role"), value: person.role },
        ],
      },
    });
    const { user } = await admin.get<{ user: { api_key: string } }>(`/users/${made.id}.json`);
    users[person.no] = { id: made.id, login: person.login, apiKey: user.api_key };
  }
  return users;
}

async function client(
  admin: RedmineClient,
  names: Conventions,
  code: string,
  calendar: Calendar,
): Promise<RedmineSide["clients"][string]> {
  const customer = customerOf(code);
  const { id } = await admin.post<Named>("/projects.json", {
    project: {
      name: customer.name,
      identifier: customer.identifier,
      is_public: false,
      enabled_module_names: ["issue_tracking", "time_tracking"],
      tracker_ids: [at(names.trackers, "Rate card line")],
      custom_fields: [{ id: at(names.customFields, "Client ref"), value: code }],
    },
  });
  const rateLines: Ids = {};
  for (const [role, rate] of Object.entries(customer.rates)) {
    const line = await admin.post<{ id: number }>("/issues.json", {
      issue: {
        project_id: id,
        tracker_id: at(names.trackers, "Rate card line"),
        subject: role,
        start_date: calendar.signedOn,
        custom_fields: [
          { id: at(names.customFields, "Hourly rate"), value: rate },
          { id: at(names.customFields, "Currency"), value: CURRENCY },
        ],
      },
    });
    rateLines[role] = line.id;
  }
  return { project: id, identifier: customer.identifier, rateLines };
}

async function project(
  admin: RedmineClient,
  names: Conventions,
  engagement: Engagement,
  clients: RedmineSide["clients"],
  users: RedmineSide["users"],
  calendar: Calendar,
): Promise<Pick<RedmineSide["engagements"][string], "project" | "tasks" | "allocations">> {
  const { id } = await admin.post<Named>("/projects.json", {
    project: {
      name: engagement.name,
      identifier: engagement.identifier,
      parent_id: at(clients, engagement.customer).project,
      is_public: false,
      enabled_module_names: ["issue_tracking", "time_tracking"],
      tracker_ids: [at(names.trackers, "Task"), at(names.trackers, "Allocation")],
    },
  });
  for (const no of new Set(engagement.bookings.map((b) => b.person)))
    await admin.post(`/projects/${id}/memberships.json`, {
      membership: { user_id: at(users, no).id, role_ids: [names.memberRole] },
    });
  const plan = { start_date: calendar.signedOn, due_date: calendar.endsOn };
  const tasks: Ids = {};
  for (const task of engagement.tasks) {
    const made = await admin.post<{ id: number }>("/issues.json", {
      issue: {
        project_id: id,
        tracker_id: at(names.trackers, "Task"),
        subject: task.name,
        estimated_hours: task.plannedHours,
        ...plan,
      },
    });
    tasks[task.name] = made.id;
  }
  const rates = customerOf(engagement.customer).rates;
  const allocations: Ids = {};
  for (const booking of engagement.bookings) {
    const person = personOf(booking.person);
    const parent = booking.task === null ? null : at(tasks, booking.task);
    const made = await admin.post<{ id: number }>("/issues.json", {
      issue: {
        project_id: id,
        tracker_id: at(names.trackers, "Allocation"),
        subject: `${person.first} ${person.last}`,
        assigned_to_id: at(users, booking.person).id,
        ...(parent === null ? {} : { parent_issue_id: parent }),
        ...plan,
        custom_fields: [
          { id: at(names.customFields, "Allocation %"), value: String(booking.percent) },
          { id: at(names.customFields, "Hourly rate"), value: at(rates, person.role) },
        ],
      },
    });
    allocations[allocationKey(parent ?? engagement.identifier, booking.person)] = made.id;
  }
  return { project: id, tasks, allocations };
}

/** Day by day: people submit their hours, and the last day's are approved one by one; older ones are entered as approved. */
async function bookTime(
  admin: RedmineClient,
  names: Conventions,
  engagement: Engagement,
  tasks: Ids,
  users: RedmineSide["users"],
  calendar: Calendar,
  projectId: number,
): Promise<BookedTime[]> {
  const approval = (value: string) => [{ id: at(names.customFields, "Approval"), value }];
  const booked: BookedTime[] = [];
  for (const [n, on] of calendar.days.entries())
    for (const { task, person, hours: all } of engagement.bookings) {
      const hours = all[n] ?? 0;
      if (hours === 0) continue;
      const last = n === calendar.days.length - 1;
      const issue = task === null ? null : at(tasks, task);
      const note = `${task ?? "Steering"}, day ${n + 1}`;
      const by = last ? admin.as(at(users, person).login) : admin;
      const { id } = await by.post<{ id: number }>("/time_entries.json", {
        time_entry: {
          ...(issue === null ? { project_id: projectId } : { issue_id: issue }),
          ...(last ? {} : { user_id: at(users, person).id }),
          spent_on: on,
          hours,
          activity_id: at(names.activities, "Development"),
          comments: note,
          custom_fields: approval(last ? "submitted" : "approved"),
        },
      });
      if (last)
        await admin.put(`/time_entries/${id}.json`, { time_entry: { custom_fields: approval("approved") } });
      const about = { engagement: engagement.identifier, task: issue === null ? null : String(issue) };
      booked.push({ id, ...about, person, on, hours, note });
    }
  return booked;
}
