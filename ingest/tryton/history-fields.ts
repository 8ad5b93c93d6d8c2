/** What the server's change logs are about: which record, and which of its columns have a name everybody knows. */
import { parseDecimal } from "#core/decimal";
import type { Entity } from "#core/entities";
import type { Role } from "#core/roles";
import { isObject } from "../payload.ts";
import { formulaOf } from "./price-formula.ts";
import { dateOf, decimalOf, hoursOf, instantOf } from "./values.ts";

/** A record's columns at one time. */
export type Columns = Readonly<Record<string, unknown>>;

export interface Subject {
  entity: Entity;
  nativeId: string;
}

export interface Logged {
  model: string;
  /** The setting without which the model is not read at all. */
  setting?: "opportunities" | "priceLists" | "allocations";
  about(record: string, columns: Columns): Subject;
  /** Column → canonical field. */
  fields: Readonly<Record<string, string>>;
  /** Columns shown under their own names. */
  others: readonly string[];
  /** Columns that are about another record than the rest: the price on a task is a rate of its own. */
  elsewhere?: Readonly<Record<string, (record: string) => Subject>>;
}

const as = (entity: Entity) => (record: string) => ({ entity, nativeId: record });

const PARTY: Logged = {
  model: "party.party",
  about: as("customer"),
  fields: { name: "name", active: "is_active" },
  others: ["code"],
};

/** The models whose changes are read, by role. */
export const LOGGED: Readonly<Partial<Record<Role, readonly Logged[]>>> = {
  crm: [
    PARTY,
    {
      model: "sale.opportunity",
      setting: "opportunities",
      about: as("opportunity"),
      fields: {
        description: "name",
        party: "customer_ref",
        state: "stage",
        amount: "amount",
        end_date: "close_on",
      },
      others: ["number", "currency", "employee"],
    },
    {
      model: "sale.sale",
      about: as("contract"),
      fields: {
        number: "number",
        party: "customer_ref",
        state: "status",
        sale_date: "start_on",
        untaxed_amount_cache: "value",
      },
      others: ["currency"],
    },
    {
      model: "sale.line",
      about: (record) => ({ entity: "rate_line", nativeId: `sale-line:${record}` }),
      fields: { unit_price: "rate" },
      others: ["product", "quantity", "unit"],
    },
  ],
  erp: [
    PARTY,
    {
      model: "company.employee",
      about: as("resource"),
      fields: {},
      others: ["party", "start_date", "end_date"],
    },
    {
      model: "project.work",
      about: (record, columns) => ({
        entity: columns.type === "project" ? "project" : "task",
        nativeId: record,
      }),
      fields: { name: "name", status: "status" },
      others: [
        "type",
        "parent",
        "party",
        "project_invoice_method",
        "product",
        "constraint_start_time",
        "constraint_finish_time",
      ],
      elsewhere: { list_price: (record) => ({ entity: "rate_line", nativeId: `work:${record}` }) },
    },
    {
      model: "project.allocation",
      setting: "allocations",
      about: as("assignment"),
      fields: { percentage: "allocation_pct", employee: "resource_ref" },
      others: ["work"],
    },
    {
      model: "product.price_list.line",
      setting: "priceLists",
      about: (record) => ({ entity: "rate_line", nativeId: `line:${record}` }),
      fields: { formula: "rate" },
      others: ["product", "quantity"],
    },
    {
      model: "timesheet.line",
      about: as("time_entry"),
      fields: {
        employee: "resource_ref",
        date: "work_on",
        duration: "hours",
        approval_state: "status",
        description: "note",
      },
      others: ["work", "uuid", "invoice_line"],
    },
  ],
};

/** Every column of interest. */
export function columnsOf(logged: Logged): string[] {
  return [...Object.keys(logged.fields), ...logged.others, ...Object.keys(logged.elsewhere ?? {})];
}

/** Which record a column's change belongs to, and what the field is called there. */
export function placeOf(
  logged: Logged,
  record: string,
  columns: Columns,
  column: string,
): Subject & { field: string } {
  const elsewhere = logged.elsewhere?.[column];
  if (elsewhere !== undefined) return { ...elsewhere(record), field: "rate" };
  const field = logged.fields[column];
  return { ...logged.about(record, columns), field: field ?? `raw:${column}` };
}

/** A column's value as text, in the form canonical fields have. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number") return parseDecimal(value) ?? String(value);
  if (!isObject(value)) return JSON.stringify(value) ?? "";
  return (
    decimalOf(value) ?? dateOf(value) ?? hoursOf(value) ?? instantOf(value) ?? JSON.stringify(value) ?? ""
  );
}

/** A formula that is a price reads as that price. */
export function formulaText(text: string): string {
  const formula = formulaOf(text);
  return formula.kind === "price" ? formula.price : text;
}
