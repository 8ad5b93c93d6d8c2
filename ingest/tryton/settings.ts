/** What a database's admins name for themselves, how agreed keys are written there, and what is to be read. */
import { z } from "zod";

/** Dotted names reach into the records a field points at: `template.name`. */
const fieldPath = z
  .string()
  .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/, "use the field's name, with dots into other records");
const fieldName = z.string().regex(/^[a-z][a-z0-9_]*$/, "use the field's name, such as approval_state");

const pattern = z.string().superRefine((text, ctx) => {
  try {
    if (new RegExp(`${text}|`).exec("")?.length === 1)
      ctx.addIssue({ code: "custom", message: "put the key's part of the pattern in parentheses" });
  } catch {
    ctx.addIssue({ code: "custom", message: "this is not a regular expression" });
  }
});

export const settings = z.strictObject({
  /** The database, as the login screen lists it. */
  database: z.string().regex(/^[^/\s]+$/, "use the database's name"),
  /** The integration's user. */
  username: z.string().min(1),
  /** A reference, `\${NAME}` or `file:path`. */
  password: z.string().min(1),
  /** Id of the company to work in; null: the user's own. */
  company: z.number().int().positive().nullable().default(null),
  /** Records asked for per answer. */
  pageSize: z.number().int().min(1).max(10_000).default(1000),
  /**
   * Change times are those of a transaction's start, so what is younger than this may still be on its way: nothing is called complete
   * before it, and it is read again. Longer than the longest import or invoice run.
   */
  overlapSeconds: z.number().int().min(0).default(60),
  /** How a project or task carries its agreed key. */
  link: z
    .strictObject({
      field: z.enum(["name", "comment"]).default("name"),
      /** Its first group is the key. */
      pattern: pattern.default("^\\[#?([^\\]]+)\\]\\s*"),
      /** How a new project's name or comment is written. */
      write: z
        .string()
        .refine((t) => t.includes("{key}"), "must hold {key}")
        .default("[{key}] {name}"),
    })
    .prefault({}),
  /** What comes before the agreed key in a time line's UUID. */
  timeUuidPrefix: z.string().default("redmine-"),
  /** Field of a product (`product.product`) whose value is the role it stands for. */
  roleName: fieldPath.default("template.name"),
  /** Selection of a time line that holds its approval; null: `approval_state` where the server has it. */
  approvalField: fieldName.nullable().default(null),
  /** Values of that selection that mean a time line was turned down. */
  rejectedTimeStatuses: z.array(z.string()).default(["rejected"]),
  /** Value Plumbline gives to time it posts, which was approved in the PSA already; null: leave it alone. */
  postedTimeStatus: z.string().nullable().default("approved"),
  /** Project statuses that mean the work is over, as the server names them. */
  closedProjectStatuses: z.array(z.string()).default(["Done", "Canceled", "Cancelled"]),
  /** Whether to read employees' cost prices; needs the module timesheet_cost and a right most users lack. */
  costPrices: z.boolean().default(false),
  /** Which of the optional modules' records to read. */
  opportunities: z.boolean().default(true),
  priceLists: z.boolean().default(true),
  /** Prices on projects and tasks (project_revenue), and which time is invoiced and how (project_invoice). */
  projectPrices: z.boolean().default(true),
  projectInvoicing: z.boolean().default(true),
  allocations: z.boolean().default(true),
  invoices: z.boolean().default(true),
  /** The language that names of products and statuses are read in, where they are translated. */
  language: z.string().min(2).default("en"),
  /** Whether to read who changed what, as far as the server keeps it. */
  history: z.boolean().default(true),
  /**
   * How far back the first look at the server's own row history goes; it is asked record by record. The add-on's log is read from its
   * beginning.
   */
  historyDays: z.number().int().min(0).default(30),
  /** Whose changes are not a person's: login names. The integration's own user counts among them. */
  integrationUsers: z.array(z.string()).default([]),
  /** Address of the web client, for links to records; null: none is installed. */
  webUrl: z
    .url({ protocol: /^https?$/, error: "use a full address" })
    .nullable()
    .default(null),
});

export type TrytonSettings = z.infer<typeof settings>;
