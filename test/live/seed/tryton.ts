/** The firm's sales and finance in Tryton, entered over JSON-RPC as its own people would. */
import { openTryton, type TrytonClient } from "../clients/tryton.ts";
import type { RedmineSide, TrytonSide } from "../estate.ts";
import { at, type Calendar, ENGAGEMENTS, INVOICED } from "./firm.ts";
import type { BookedTime } from "./redmine.ts";
import { only, seedBooks } from "./tryton-books.ts";
import { seedCustomers, seedEmployees, seedSale } from "./tryton-sales.ts";
import { invoiceProject, postTime, seedWorks } from "./tryton-work.ts";

export interface TrytonAt {
  url: string;
  database: string;
  admin: { username: string; password: string };
  integration: { username: string; password: string };
}

/** What the integration reads and corrects, as groups; docs/connect/tryton.md says what each is for. */
const INTEGRATION_GROUPS = [
  "Sales",
  "Project Administration",
  "Timesheet Administration",
  "Product Administration",
  "Employee Administration",
  "Account",
];

export async function seedTryton(
  where: TrytonAt,
  calendar: Calendar,
  redmine: RedmineSide,
  time: readonly BookedTime[],
): Promise<TrytonSide> {
  const tryton = await openTryton({ ...where, ...where.admin });
  const years = new Set([calendar.signedOn, calendar.today].map((d) => d.slice(0, 4)));
  const books = await seedBooks(tryton, [...years]);
  const customers = await seedCustomers(tryton, books);
  const employees = await seedEmployees(tryton, books, calendar);
  const engagements: TrytonSide["engagements"] = {};
  for (const engagement of ENGAGEMENTS) {
    const { party } = at(customers, engagement.customer);
    const seller = at(employees, "E004").employee;
    const won = await seedSale(tryton, books, engagement, party, seller, calendar);
    const { tasks } = at(redmine.engagements, engagement.identifier);
    const works = await seedWorks(tryton, books, engagement, tasks, party, employees, calendar);
    engagements[engagement.identifier] = { ...won, ...works, lines: {} };
  }
  const side = { company: books.company, employees, engagements };
  const invoiced = at(engagements, INVOICED.engagement);
  const early = new Set(calendar.days.slice(0, INVOICED.days));
  const first = time.filter((t) => t.engagement === INVOICED.engagement && early.has(t.on));
  await post(tryton, side, first);
  const customer = ENGAGEMENTS.find((e) => e.identifier === INVOICED.engagement)?.customer ?? "";
  const bill = await invoiceProject(
    tryton,
    invoiced.project,
    at(customers, customer).party,
    calendar.days.at(INVOICED.days) ?? calendar.today,
  );
  await post(
    tryton,
    side,
    time.filter((t) => !first.includes(t)),
  );
  await addIntegrationUser(tryton, where.integration, books.company);
  const statuses = await tryton.find<{ id: number; name: string }>("project.work.status", [], ["name"]);
  return {
    url: where.url,
    database: where.database,
    admin: where.admin,
    integration: where.integration,
    ...side,
    currency: books.currency,
    hour: books.hour,
    products: books.products,
    customers,
    invoice: { ...bill, engagement: INVOICED.engagement, billed: first.map((t) => String(t.id)) },
    workStatuses: Object.fromEntries(statuses.map((s) => [s.name, s.id])),
  };
}

async function post(
  tryton: TrytonClient,
  side: Pick<TrytonSide, "company" | "employees" | "engagements">,
  time: readonly BookedTime[],
): Promise<void> {
  const lines = await postTime(tryton, side, time);
  for (const { id, engagement } of time)
    at(side.engagements, engagement).lines[String(id)] = at(lines, String(id));
}

async function addIntegrationUser(
  tryton: TrytonClient,
  user: { username: string; password: string },
  company: number,
): Promise<void> {
  const groups = await tryton.find<{ id: number; name: string }>(
    "res.group",
    [["name", "in", INTEGRATION_GROUPS]],
    ["name"],
  );
  await only(tryton, "res.user", {
    name: "Plumbline",
    login: user.username,
    password: user.password,
    companies: [["add", [company]]],
    company,
    groups: [["add", groups.map((g) => g.id)]],
  });
}
