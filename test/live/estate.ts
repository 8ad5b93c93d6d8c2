/**
 * What `servers.sh seed` leaves behind in `live.json`: where the real servers are, who may sign in, and the ids of everything the
 * seed made, so that a scenario can say "the first time entry of contoso-dp" without searching for it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { envValue } from "#core/env";

const id = z.number().int().positive();
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const decimal = z.string().regex(/^\d+(\.\d+)?$/);

/** `vanilla`: as Debian ships them. `addons`: with `change_history` in Tryton and `change_feed` in Redmine. */
export const FLAVOURS = ["vanilla", "addons"] as const;
export type Flavour = (typeof FLAVOURS)[number];

const TrytonSide = z.strictObject({
  url: z.url(),
  database: z.string(),
  /** The administrator: for acting as the firm's own people in a test, never for Plumbline. */
  admin: z.strictObject({ username: z.string(), password: z.string() }),
  /** What Plumbline signs in as: no administrator, only the groups docs/connect/tryton.md asks for. */
  integration: z.strictObject({ username: z.string(), password: z.string() }),
  /** company.company */
  company: id,
  /** currency.currency of EUR */
  currency: id,
  /** product.uom of the hour */
  hour: id,
  /** product.product by role name. */
  products: z.record(z.string(), id),
  /** By party code. */
  customers: z.record(
    z.string(),
    z.strictObject({
      /** party.party */
      party: id,
      /** product.price_list of the customer, and its product.price_list.line by role name. */
      priceList: id,
      priceLines: z.record(z.string(), id),
    }),
  ),
  /** By employee number. */
  employees: z.record(z.string(), z.strictObject({ party: id, employee: id })),
  /** By project identifier. */
  engagements: z.record(
    z.string(),
    z.strictObject({
      /** sale.opportunity, won by its sale. */
      opportunity: id,
      opportunityNumber: z.string(),
      /** sale.sale, confirmed, and its sale.line by role name. */
      sale: id,
      saleNumber: z.string(),
      saleLines: z.record(z.string(), id),
      /** project.work of type project. */
      project: id,
      /** project.work of type task by Redmine issue id. */
      tasks: z.record(z.string(), id),
      /** timesheet.work by project identifier or Redmine issue id. */
      timesheetWorks: z.record(z.string(), id),
      /** project.allocation by agreed key: `<issue id or project identifier>|<employee number>`. */
      allocations: z.record(z.string(), id),
      /** timesheet.line by Redmine time entry id. */
      lines: z.record(z.string(), id),
    }),
  ),
  /** Posted account.invoice over the first weeks of the first engagement, its lines, and the time it billed by time entry id. */
  invoice: z.strictObject({
    id,
    number: z.string(),
    engagement: z.string(),
    lines: z.array(id),
    billed: z.array(z.string()),
  }),
  /** project.work.status by name: Open, Done. */
  workStatuses: z.record(z.string(), id),
});

const RedmineSide = z.strictObject({
  url: z.url(),
  /** The SQLite file, for the bulk loader. */
  databaseFile: z.string(),
  /** An administrator's key; with X-Redmine-Switch-User it acts as anybody. */
  apiKey: z.string(),
  /** Ids by the names of the joint conventions: "Client ref", "Employee no", "Role", "Approval", … */
  customFields: z.record(z.string(), id),
  trackers: z.record(z.string(), id),
  statuses: z.record(z.string(), id),
  activities: z.record(z.string(), id),
  /** The role every member has. */
  memberRole: id,
  /** By employee number. `login` is what X-Redmine-Switch-User takes. */
  users: z.record(z.string(), z.strictObject({ id, login: z.string(), apiKey: z.string() })),
  /** By party code: the root project that carries the Client ref, and its rate card lines by role name. */
  clients: z.record(
    z.string(),
    z.strictObject({ project: id, identifier: z.string(), rateLines: z.record(z.string(), id) }),
  ),
  /** By project identifier. */
  engagements: z.record(
    z.string(),
    z.strictObject({
      project: id,
      client: z.string(),
      /** Issue ids by task name. */
      tasks: z.record(z.string(), id),
      /** Issue ids of tracker Allocation by agreed key. */
      allocations: z.record(z.string(), id),
      /** Ids of approved time entries, oldest first. */
      timeEntries: z.array(id),
    }),
  ),
});

const Side = z.strictObject({ tryton: TrytonSide, redmine: RedmineSide });

export const Estate = z.strictObject({
  /** The state directory. */
  root: z.string(),
  postgres: z.strictObject({ host: z.string(), port: z.number().int(), user: z.string() }),
  /** The day the seed took as today, and what it derived from it. */
  calendar: z.strictObject({
    today: date,
    /** Sale date: the contract's and every rate's first day. */
    signedOn: date,
    /** Last day of all plans. */
    endsOn: date,
    /** First and last day with time. */
    firstWorkDay: date,
    lastWorkDay: date,
  }),
  /** What the seed agreed with itself on, for expecting amounts: contract rate by party code and role. */
  rates: z.record(z.string(), z.record(z.string(), decimal)),
  vanilla: Side,
  addons: Side,
});

export type Estate = z.infer<typeof Estate>;
export type Side = z.infer<typeof Side>;
export type TrytonSide = z.infer<typeof TrytonSide>;
export type RedmineSide = z.infer<typeof RedmineSide>;

/** The state directory, as servers.sh finds it. */
export function estateRoot(): string {
  return envValue("PLUMBLINE_LIVE_ROOT") || join(tmpdir(), "plumbline-live");
}

export function estateFile(root: string): string {
  return join(root, "live.json");
}

/** Read and check `live.json`. Throws an Error saying what to run when there is none. */
export function readEstate(root = estateRoot()): Estate {
  let text: string;
  try {
    text = readFileSync(estateFile(root), "utf8");
  } catch (cause) {
    throw new Error(`No seeded servers under ${root}. Run: test/live/servers.sh install init up seed`, {
      cause,
    });
  }
  return Estate.parse(JSON.parse(text));
}

export function writeEstate(estate: Estate): void {
  writeFileSync(estateFile(estate.root), `${JSON.stringify(Estate.parse(estate), null, 2)}\n`);
}
