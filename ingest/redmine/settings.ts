/** What a firm names for itself in its Redmine, and how the integration gets in. Fields and trackers go by the names people see. */
import { z } from "zod";

const name = z.string().min(1, "write the name people see in Redmine");
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write a date as YYYY-MM-DD");

export const settings = z.strictObject({
  /** API key of an administrator: a reference, `\${NAME}` or `file:path`. */
  apiKey: z.string().min(1),
  /** Redmine has no currencies: the one that hourly rates without a currency field are in. */
  currency: z.string().regex(/^[A-Z]{3}$/, "use an ISO 4217 code such as USD"),
  /** The firm's legal entity all of this Redmine belongs to. */
  legalEntity: z.string().default(""),

  /** Project field with the agreed id of the client; empty on a project, its parent's counts. */
  clientRefField: name.default("Client ref"),
  /** `roots`: a top-level project with a client ref stands for the client. `none`: every project is an engagement. */
  clientProjects: z.enum(["roots", "none"]).default("roots"),
  /** Project field with the agreed id of the opportunity. */
  opportunityField: name.nullable().default(null),
  /** Project field with the project's code; null: its identifier. */
  projectCodeField: name.nullable().default(null),
  /** Project field with the currency it is billed in; null, or empty on a project: `currency`. */
  projectCurrencyField: name.nullable().default(null),
  projectStartField: name.nullable().default(null),
  projectEndField: name.nullable().default(null),
  /** Project field that says whether its work is billed; null: all of it is. */
  billableField: name.nullable().default(null),

  /** User field with the employee number. */
  employeeNumberField: name.default("Employee no"),
  /** User field with the role a person is billed as; null: none is known. */
  roleField: name.nullable().default("Role"),

  /** Issues of this tracker are the work breakdown. */
  taskTracker: name.default("Task"),
  /** Issues of this tracker book a person on a project; null: no assignments are read. */
  allocationTracker: name.nullable().default("Allocation"),
  /** Issue field with the share of the person's time, in percent. */
  allocationField: name.default("Allocation %"),
  /** Issue field with the hourly rate: of an allocation, and of a rate card line. */
  rateField: name.default("Hourly rate"),
  /** Issues of this tracker are prices: one role at one client; null: no rates are read. */
  rateTracker: name.nullable().default("Rate card line"),
  /** Issue field with the currency of a rate card line; null: `currency`. */
  currencyField: name.nullable().default("Currency"),

  /** Time entry field that says whether hours are approved; null: every entry counts as approved. */
  approvalField: name.nullable().default("Approval"),
  /** The values of that field that mean approved. */
  approvedValues: z.array(z.string().min(1)).min(1).default(["approved"]),
  /** Activities whose time is not billed. */
  nonBillableActivities: z.array(name).default([]),
  /** Time spent before this day is left out of account; null: none is. */
  timeFrom: date.nullable().default(null),

  /** Records asked for per answer; Redmine gives 100 at most. */
  pageSize: z.number().int().min(2).max(100).default(100),
  /** Read this much again before the last bookmark: times are set before the commit that shows them. */
  overlapSeconds: z.number().int().min(0).default(60),
  /** Whether to read who changed what on issues; one request for each issue that changed. */
  history: z.boolean().default(true),
  /** Changes of issues that were last touched before this day are not read; null: all are. */
  historyFrom: date.nullable().default(null),
  /** Logins of users that are integrations, not people. */
  integrationUsers: z.array(z.string().min(1)).default([]),
  /** `auto`: the change feed plug-in is used when the server has it. */
  changeFeed: z.enum(["auto", "off"]).default("auto"),
});

export type RedmineSettings = z.infer<typeof settings>;
