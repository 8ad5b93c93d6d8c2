/**
 * The canonical vocabulary: what each kind of record holds once a vendor's words have been translated. Field names are the
 * column names in the store. References come in pairs: `…_ref` is the id the system itself uses, `…_key` is the id all systems
 * agree on, filled in by the sync (see ingest/links.ts); a connector fills only `…_ref`.
 */
import { z } from "zod";

/** "No date": the store's dates are never null. */
export const NO_DATE = "1970-01-01";
/** "No moment", for the same reason. */
export const NO_INSTANT = "1970-01-01T00:00:00.000Z";

const text = z.string();
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, "must be a plain decimal number");
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date, YYYY-MM-DD");
const instant = z.iso.datetime({ offset: false });
const flag = z.boolean();

export const ENTITY_SCHEMAS = {
  /** A client firm. Agreed key: the CRM's id or code of it. */
  customer: z.object({
    name: text,
    legal_entity: text,
    currency: text,
    is_active: flag,
    /** The ERP's price list for this customer, by the ERP's own id. */
    rate_card_ref: text,
    /** The client it belongs to or is billed through; "" for none. */
    parent_ref: text,
    tax_number: text,
    /** "Net 30", in the system's own words. */
    payment_terms: text,
    /** Nothing may be billed to it for now: a credit hold or a block. */
    is_on_hold: flag,
  }),
  /** A sale. Agreed key: the CRM's id or number of it. */
  opportunity: z.object({
    name: text,
    customer_ref: text,
    contract_ref: text,
    stage: text,
    is_won: flag,
    is_closed: flag,
    amount: decimal.nullable(),
    currency: text,
    close_on: date,
  }),
  /** A signed agreement or one of its amendments (`amends_ref` set). Agreed key: the CRM's id or number of it. */
  contract: z.object({
    number: text,
    customer_ref: text,
    amends_ref: text,
    status: text,
    is_signed: flag,
    start_on: date,
    end_on: date,
    value: decimal.nullable(),
    currency: text,
    legal_entity: text,
    signed_on: date,
    /** How work under it is billed, in the system's own words. */
    billing_type: text,
    /** Most that may be billed under it, amendments not counted; null when there is no such limit. */
    cap: decimal.nullable(),
    /** Taken off the contract's rates, in percent; null when there is none. */
    discount_pct: decimal.nullable(),
    payment_terms: text,
    /** The client pays only against a purchase order. */
    is_po_required: flag,
    po_number: text,
  }),
  /** An engagement. Agreed key: the PSA's id of it. */
  project: z.object({
    code: text,
    name: text,
    customer_ref: text,
    opportunity_ref: text,
    manager: text,
    status: text,
    is_active: flag,
    is_billable: flag,
    billing_type: text,
    start_on: date,
    end_on: date,
    currency: text,
    legal_entity: text,
    contract_ref: text,
    po_number: text,
    /** Financial dimensions, in the system's own words. */
    department: text,
    practice: text,
    region: text,
    /** Most that may be billed on it; null when none is set. */
    budget: decimal.nullable(),
  }),
  /** A piece of a project's work breakdown. Agreed key: the PSA's id of it. */
  task: z.object({
    project_ref: text,
    name: text,
    status: text,
    is_open: flag,
    is_billable: flag,
  }),
  /** A person who books time. Agreed key: the employee number. */
  resource: z.object({
    employee_no: text,
    name: text,
    role_name: text,
    is_active: flag,
    cost_rate: decimal.nullable(),
    currency: text,
    legal_entity: text,
    /** Last day of employment; NO_DATE while none is known. */
    left_on: date,
  }),
  /**
   * A person's booking on a project. Agreed key: the PSA's id of it; where no system can keep another's, the key of what is worked on
   * and the employee number, `<work>|<number>`.
   */
  assignment: z.object({
    project_ref: text,
    resource_ref: text,
    role_name: text,
    start_on: date,
    end_on: date,
    allocation_pct: decimal,
    hours: decimal,
    bill_rate: decimal.nullable(),
    currency: text,
    status: text,
    is_active: flag,
    is_billable: flag,
  }),
  /** A price list. Agreed key: none (its own id). */
  rate_card: z.object({
    name: text,
    customer_ref: text,
    is_active: flag,
  }),
  /**
   * What one role costs a customer in one currency over a range of dates. Agreed key: none (its own id); comparisons key it by
   * customer, role and currency in their side views, because an ERP's price list is shared between customers.
   */
  rate_line: z.object({
    card_ref: text,
    customer_ref: text,
    /** "": holds for all of the customer's projects; else the price is that project's own. */
    project_ref: text,
    role_name: text,
    currency: text,
    rate: decimal,
    effective_from: date,
    /** NO_DATE: open-ended. */
    effective_to: date,
    is_signed: flag,
  }),
  /** One person's hours on one project on one day. Agreed key: the PSA's time line id. */
  time_entry: z.object({
    project_ref: text,
    task_ref: text,
    resource_ref: text,
    assignment_ref: text,
    work_on: date,
    hours: decimal,
    is_billable: flag,
    status: text,
    /** PSA: approved and counted in the financials. ERP: an actual (not planned) line that was not rejected. */
    is_approved: flag,
    is_invoiced: flag,
    bill_rate: decimal.nullable(),
    currency: text,
    note: text,
    /** When the system first held the record (its own clock). */
    recorded_at: instant,
    /** Handed in and not yet decided on. */
    is_submitted: flag,
    /** When it was last handed in and last approved; NO_INSTANT when it was not, or the system does not say. */
    submitted_at: instant,
    approved_at: instant,
  }),
  /** A billable event on a project. Agreed key: the PSA's milestone id. */
  milestone: z.object({
    project_ref: text,
    name: text,
    amount: decimal,
    currency: text,
    due_on: date,
    status: text,
    is_accepted: flag,
    is_invoiced: flag,
    /** The day the client accepted it; NO_DATE until then. */
    accepted_on: date,
  }),
  /** A reimbursable cost. Agreed key: the PSA's expense id. */
  expense: z.object({
    project_ref: text,
    resource_ref: text,
    incurred_on: date,
    amount: decimal,
    currency: text,
    is_billable: flag,
    status: text,
    is_approved: flag,
    is_invoiced: flag,
    category: text,
    /** Added when it is billed on, in percent; null when the system has none. */
    markup_pct: decimal.nullable(),
  }),
  /** A bill to a customer. Agreed key: its own id (or an external id where there is one). */
  invoice: z.object({
    number: text,
    customer_ref: text,
    project_ref: text,
    status: text,
    is_released: flag,
    issued_on: date,
    total: decimal,
    currency: text,
    legal_entity: text,
    is_void: flag,
    po_number: text,
    /** Tax within the total; null when the system does not say. */
    tax: decimal.nullable(),
  }),
  /** One line of a bill. Agreed key: its own id. */
  invoice_line: z.object({
    invoice_ref: text,
    project_ref: text,
    time_ref: text,
    description: text,
    hours: decimal,
    rate: decimal.nullable(),
    amount: decimal,
    currency: text,
    /** The milestone or the expense it bills; "" when it bills neither. */
    milestone_ref: text,
    expense_ref: text,
  }),
} as const;

/**
 * Fields that many systems do not hold. A mapping may leave them out: they are then empty (text "", flag false, number null, no
 * date). A source is taken not to hold one unless it says so (`Source.holds`), so that nothing is concluded from its being empty.
 */
export const OPTIONAL_FIELDS = {
  customer: ["parent_ref", "tax_number", "payment_terms", "is_on_hold"],
  opportunity: [],
  contract: ["billing_type", "cap", "discount_pct", "payment_terms", "is_po_required", "po_number"],
  project: ["contract_ref", "po_number", "department", "practice", "region", "budget"],
  task: [],
  resource: ["left_on"],
  assignment: [],
  rate_card: [],
  rate_line: [],
  time_entry: ["is_submitted", "submitted_at", "approved_at"],
  milestone: ["accepted_on"],
  expense: ["is_invoiced", "category", "markup_pct"],
  invoice: ["is_void", "po_number", "tax"],
  invoice_line: ["milestone_ref", "expense_ref"],
} as const satisfies { readonly [E in Entity]: readonly (keyof EntityData[E])[] };

/** What a mapping gives of an entity: every field but the optional ones, and of those the ones the system holds. */
export type MappedData<E extends Entity> = Omit<EntityData[E], (typeof OPTIONAL_FIELDS)[E][number]> &
  Partial<Pick<EntityData[E], (typeof OPTIONAL_FIELDS)[E][number] & keyof EntityData[E]>>;

export type Entity = keyof typeof ENTITY_SCHEMAS;
export type EntityData = { [E in Entity]: z.infer<(typeof ENTITY_SCHEMAS)[E]> };
export const ENTITIES = Object.keys(ENTITY_SCHEMAS) as Entity[];

/** Which entity each reference column points at: `project_ref` → project. `amends_ref`, `card_ref`, `time_ref` included. */
export const REFERENCES: { [E in Entity]: Readonly<Record<string, Entity>> } = {
  customer: { rate_card_ref: "rate_card", parent_ref: "customer" },
  opportunity: { customer_ref: "customer", contract_ref: "contract" },
  contract: { customer_ref: "customer", amends_ref: "contract" },
  project: { customer_ref: "customer", opportunity_ref: "opportunity", contract_ref: "contract" },
  task: { project_ref: "project" },
  resource: {},
  assignment: { project_ref: "project", resource_ref: "resource" },
  rate_card: { customer_ref: "customer" },
  rate_line: { card_ref: "rate_card", customer_ref: "customer", project_ref: "project" },
  time_entry: {
    project_ref: "project",
    task_ref: "task",
    resource_ref: "resource",
    assignment_ref: "assignment",
  },
  milestone: { project_ref: "project" },
  expense: { project_ref: "project", resource_ref: "resource" },
  invoice: { customer_ref: "customer", project_ref: "project" },
  invoice_line: {
    invoice_ref: "invoice",
    project_ref: "project",
    time_ref: "time_entry",
    milestone_ref: "milestone",
    expense_ref: "expense",
  },
};

/** `project_ref` → `project_key`. */
export function keyColumn(refColumn: string): string {
  return refColumn.replace(/_ref$/, "_key");
}

/** The key of a record that no other system has a name for: it keeps its own row instead of collapsing into one blank key. */
export function unlinkedKey(nativeId: string): string {
  return `unlinked:${nativeId}`;
}
