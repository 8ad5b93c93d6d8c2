/** The models the fake Tryton has, with the rules of the modules they come with, in the words of release 6.0. */
import { dateOf, decimalOf } from "#ingest/tryton/values";
import type { FieldSpec, Row } from "./fake-domain.ts";

/** An answer of status 200 whose `error` is this. */
export class Refused extends Error {
  readonly answer: unknown[];
  constructor(answer: unknown[]) {
    super(JSON.stringify(answer));
    this.answer = answer;
  }
}

export interface Field extends FieldSpec {
  /** A list is the records of `relation` whose field of this name points here. */
  inverse?: string;
  initial?: unknown;
  /** Left out of the model's description, because the user may not see what it points at. */
  hidden?: true;
}

const char: Field = { type: "char" };
const date: Field = { type: "date" };
const number: Field = { type: "numeric" };
const flag = (initial: boolean): Field => ({ type: "boolean", initial });
const one = (relation: string): Field => ({ type: "many2one", relation });
const many = (relation: string, inverse: string): Field => ({ type: "one2many", relation, inverse });

export const SCHEMA: Record<string, Record<string, Field>> = {
  "party.party": { code: char, name: char, sale_price_list: one("product.price_list") },
  "currency.currency": { code: char },
  "company.company": { party: one("party.party"), currency: one("currency.currency") },
  "company.employee": {
    party: one("party.party"),
    company: one("company.company"),
    start_date: date,
    end_date: date,
  },
  "product.uom.category": { name: char },
  "product.uom": {
    rec_name: char,
    category: one("product.uom.category"),
    factor: { type: "float", initial: 1 },
  },
  "product.product": { list_price: number, default_uom: one("product.uom") },
  "product.price_list": { name: char, active: flag(true), tax_included: flag(false) },
  "product.price_list.line": {
    price_list: one("product.price_list"),
    product: one("product.product"),
    formula: char,
  },
  "project.work.status": { name: char },
  "project.work": {
    name: char,
    comment: char,
    type: { type: "selection", selection: ["project", "task"] },
    parent: one("project.work"),
    party: one("party.party"),
    company: { ...one("company.company"), initial: 1 },
    status: { ...one("project.work.status"), initial: 1 },
    product: one("product.product"),
    list_price: number,
    project_invoice_method: { type: "selection", selection: ["manual", "timesheet"] },
    invoice_method: { type: "selection", initial: "timesheet" },
    invoice_line: { ...one("account.invoice.line"), hidden: true },
    timesheet_available: flag(false),
    constraint_start_date: date,
    constraint_finish_date: date,
    timesheet_works: many("timesheet.work", "origin"),
    allocations: many("project.allocation", "work"),
    children: many("project.work", "parent"),
  },
  "project.allocation": {
    work: one("project.work"),
    employee: one("company.employee"),
    percentage: { type: "float" },
  },
  "timesheet.work": { origin: { type: "reference" }, timesheet_start_date: date, timesheet_end_date: date },
  "timesheet.line": {
    uuid: char,
    company: one("company.company"),
    employee: one("company.employee"),
    work: one("timesheet.work"),
    date,
    duration: { type: "timedelta" },
    description: char,
    invoice_line: { ...one("account.invoice.line"), hidden: true },
    approval_state: {
      type: "selection",
      selection: ["draft", "submitted", "approved", "rejected"],
      initial: "draft",
    },
  },
  "account.invoice": {
    number: char,
    state: { type: "selection" },
    lines: many("account.invoice.line", "invoice"),
  },
  "account.invoice.line": {
    invoice: one("account.invoice"),
    type: { type: "selection", initial: "line" },
    unit_price: number,
  },
  "ir.model.data": { module: char, fs_id: char, model: char, db_id: { type: "integer" } },
};

interface Rows {
  rows(model: string): Row[];
  row(model: string, id: number): Row;
}

const said = (message: string, domain: unknown = null) => new Refused(["UserError", [message, "", domain]]);
const outsideDomain = (field: string, model: string) =>
  said(`The value for field "${field}" in "${model}" is not valid according to its domain.`, [[], {}]);

/** What the modules forbid; throws as the server answers. `values` are those of the record to be made, or those that are set. */
export function checkRules(
  world: Rows,
  act: "create" | "write" | "delete",
  model: string,
  ids: readonly number[] | null,
  values: Row,
): void {
  const held = (ids ?? []).flatMap((id) => world.rows(model).filter((r) => r.id === id));
  if (act === "delete" && held.length < (ids ?? []).length)
    throw said(`You are trying to read records "${ids?.join(", ")}" of "${model}" that don't exist anymore.`);
  if (model === "timesheet.line") timeRules(world, act, held, values);
  if (model === "project.work") {
    if (String(values.name ?? "").includes("\\")) throw outsideDomain("Name", "Work Effort");
    digits(values.list_price, "List Price", "Work Effort");
    if (act === "delete" && held.some((w) => world.rows(model).some((c) => c.parent === w.id)))
      throw said(
        'The records could not be deleted because they are used by field "Parent" of "Work Effort".',
      );
  }
  if (model === "project.allocation" && "percentage" in values && Number(values.percentage) <= 0)
    throw outsideDomain("Percentage", "Allocation");
  if (model === "account.invoice.line")
    for (const line of held) {
      const invoice = line.invoice === null ? null : world.row("account.invoice", Number(line.invoice));
      if (invoice !== null && ["posted", "paid", "cancelled"].includes(String(invoice.state)))
        throw said(
          `You cannot modify line "${String(line.id)}" because its invoice "${String(invoice.number)}" is posted, paid or cancelled.`,
        );
    }
  if (model === "product.price_list.line" && "formula" in values && values.formula === "")
    throw said('A value is required for field "Formula" in "Price List Line".');
}

function timeRules(world: Rows, act: string, held: readonly Row[], values: Row): void {
  if (held.some((l) => l.invoice_line !== null)) {
    if (act === "delete") throw said("You cannot delete an invoiced line.");
    if ("duration" in values || "work" in values) throw said("You cannot modify an invoiced line.");
  }
  if (act === "delete") return;
  if (act === "create" && world.rows("timesheet.line").some((l) => l.uuid === values.uuid))
    throw said("The UUID of timesheet line must be unique.");
  const seconds = (values.duration as { seconds?: number } | undefined)?.seconds;
  if (seconds !== undefined && seconds < 0) throw said('The duration of line "0" must be positive.');
  if (/[\n\r\t]/.test(String(values.description ?? "")))
    throw said('The value for field "Description" in "Timesheet Line" contains some invalid chars.');
  for (const line of held.length > 0 ? held.map((h) => ({ ...h, ...values })) : [values]) {
    const on = dateOf(line.date) ?? "";
    const employee = world.row("company.employee", Number(line.employee));
    const until = dateOf(employee.end_date);
    if (until !== null && on > until) throw outsideDomain("Employee", "Timesheet Line");
    const work = world.row("timesheet.work", Number(line.work));
    const closes = dateOf(work.timesheet_end_date);
    if (closes !== null && on > closes) throw outsideDomain("Work", "Timesheet Line");
  }
}

function digits(value: unknown, field: string, model: string): void {
  const text = decimalOf(value);
  if (text !== null && (text.split(".")[1] ?? "").length > 4)
    throw said(
      `The number of digits in the value "${text}" for field "${field}" in "${model}" exceeds the limit of "4".`,
    );
}

export function blank(model: string): Row {
  return Object.fromEntries(
    Object.entries(SCHEMA[model] ?? {}).flatMap(([name, f]) =>
      f.inverse === undefined ? [[name, f.initial ?? null]] : [],
    ),
  );
}

export function describe(model: string, absent: ReadonlySet<string>): Row {
  return Object.fromEntries(
    Object.entries(SCHEMA[model] ?? {}).flatMap(([name, f]) =>
      absent.has(`${model}.${name}`) || f.hidden
        ? []
        : [[name, { type: f.type, relation: f.relation, selection: f.selection?.map((v) => [v, v]) }]],
    ),
  );
}

export function isCommands(value: unknown): boolean {
  return Array.isArray(value) && Array.isArray(value[0]);
}

/** The same words whether a record is missing or forbidden. */
export function notAllowed(model: string, id: number): unknown[] {
  return [
    "UserError",
    [
      `You are not allowed to write to records "${id}" of "${model}" because of at least one of these rules:\nUser in companies`,
      "",
      null,
    ],
  ];
}
