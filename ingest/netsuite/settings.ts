/** What an account's admins name for themselves, and how the integration gets in. */
import { z } from "zod";

const columnName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, "use the field's id in lower case, such as custcol_psa_time_id");
const internalId = z.string().regex(/^-?\d+$/, "use the internal id, a number in quotes");

export const settings = z.strictObject({
  /** The account's number, `1234567` or `1234567_SB1`. */
  accountId: z.string().regex(/^[A-Za-z0-9]+(_[A-Za-z0-9]+)?$/, "use the account id, such as 1234567_SB1"),
  /** Client id of the integration record. */
  clientId: z.string().min(1),
  /** Certificate id from the OAuth 2.0 client credentials mapping. */
  certificateId: z.string().min(1),
  /** The certificate's private key, PKCS #8 PEM: a reference, `\${NAME}` or `file:path`. */
  privateKey: z.string().min(1),
  algorithm: z.enum(["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]).default("PS256"),
  /** Where RESTlets are served; null: the account's restlets host, next to baseUrl. */
  restletUrl: z
    .url({ protocol: /^https?$/, error: "use a full address" })
    .nullable()
    .default(null),
  /** The script and deployment of the rates RESTlet (docs/connect/netsuite.md); rate cards cannot be reached otherwise. */
  ratesScript: z.string().default("customscript_recon_rates"),
  ratesDeployment: z.string().default("1"),
  /** Requests in flight at once, one of them kept for pushes. The account refuses more than its own limit, 5 at the least. */
  concurrency: z.number().int().min(2).max(20).default(3),
  /** Rows asked for per answer; the vendor allows up to 1000. */
  pageSize: z.number().int().min(1).max(1000).default(1000),
  /** Transactions younger than this may still be uncommitted: nothing is called complete before it. */
  lagSeconds: z.number().int().min(0).default(120),
  /** Re-read this much before the last bookmark: stamps are set before the commit that shows them. */
  overlapMinutes: z.number().int().min(0).default(10),
  /**
   * The field of a time entry that holds the PSA's time line id; null: the external id alone. Where the field is empty, the
   * external id counts.
   */
  timeLinkField: columnName.nullable().default("custcol_psa_time_id"),
  /** The field of expense report lines and invoice lines that holds the PSA's expense id; null: there is none. */
  expenseLinkField: columnName.nullable().default(null),
  /** The field of invoice lines that holds the PSA's milestone id; null: there is none. */
  milestoneLinkField: columnName.nullable().default(null),
  /** Whether milestones are billed by charges whose external id is the PSA's milestone id. */
  milestoneCharges: z.boolean().default(false),
  /** The internal ids of approval statuses that mean a time entry was turned down. */
  rejectedTimeStatuses: z.array(internalId).default(["4"]),
  /** The service item of time entries Plumbline posts; null: the one last used on the project. */
  timeItem: internalId.nullable().default(null),
  /** The approval status of time entries Plumbline posts, which were approved in the PSA already. */
  postedTimeStatus: internalId.default("3"),
  /** Fields every project needs when it is created, by REST name. */
  projectDefaults: z
    .record(z.string(), z.unknown())
    .default({ projectExpenseType: { id: "-2" }, allowTime: true, allowExpenses: true }),
  /** The custom fields of a project that name its financial dimensions; null: the account does not keep that one. */
  projectDepartmentField: columnName.nullable().default(null),
  projectPracticeField: columnName.nullable().default(null),
  projectRegionField: columnName.nullable().default(null),
  /** The field of a customer that says whether it is on credit hold; null: not read. */
  creditHoldField: columnName.nullable().default("creditholdoverride"),
  /** Its values that mean on hold. */
  creditHoldValues: z.array(z.string()).default(["ON"]),
  /** The field of a customer that holds its tax registration number (`vatregnumber` without SuiteTax); null: not held. */
  taxNumberField: columnName.nullable().default(null),
  /** The field of a project that holds the client's purchase order; null: not held. */
  projectPoField: columnName.nullable().default(null),
  /** Project statuses that mean the work is over, as the account shows them. */
  closedProjectStatuses: z.array(z.string()).default(["Closed"]),
  /** Whose changes are an integration's: internal ids of employees. */
  integrationUsers: z.array(z.string()).default([]),
  /** How changes that no person typed were made, by the code the change log shows. */
  integrationContexts: z.array(z.string()).default(["RWS", "WSS", "RST", "SLT", "SCH", "MPR", "CSV"]),
  /** Whether to read the change log; it needs the System Notes permission. */
  history: z.boolean().default(true),
  /** How the account shows dates in its change log. */
  dateFormat: z.enum(["MM/DD/YYYY", "DD/MM/YYYY", "YYYY-MM-DD"]).default("MM/DD/YYYY"),
  /** The change log's own field names → canonical fields. Names that are not here are kept as they are. */
  changeFields: z.record(z.string(), z.string()).default({
    "ENTITY.SENTITYID": "code",
    "ENTITY.SCOMPANYNAME": "name",
    "ENTITY.KENTITYSTATUS": "status",
    "ENTITY.DSTARTDATE": "start_on",
    "ENTITY.DPROJECTEDENDDATE": "end_on",
    "ENTITY.KPROJECTMANAGER": "manager",
    "ENTITY.RLABORCOST": "cost_rate",
    "ENTITY.KBILLINGCLASS": "role_name",
    "TRANDOC.STRANID": "number",
    "TRANDOC.DTRANDATE": "issued_on",
    "TRANDOC.RTOTAL": "total",
    "TRANDOC.SSTATUS": "status",
  }),
});

export type NetSuiteSettings = z.infer<typeof settings>;
