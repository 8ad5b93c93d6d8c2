/** What the two systems say of expenses, milestones and invoices, read straight from their rows. */
import { abs, compare, type DecimalText, subtract, sum } from "#core/decimal";
import type { IsoDate } from "#core/time";
import type { Books } from "../faults/books.ts";
import type { SeededStores } from "../faults/planting.ts";
import { HOUR } from "../firm/calendar.ts";
import type { Firm } from "../firm/model.ts";
import { CURRENCY_IDS, READY_CHARGE } from "../firm/netsuite-rows.ts";
import type { Row } from "../vendor-store.ts";

export interface SpentRow {
  key: string;
  project: string;
  on: IsoDate;
  amount: DecimalText;
  currency: string;
  isBillable: boolean;
  isApproved: boolean;
  isInvoiced: boolean;
  at: number;
}
export interface MilestoneRow {
  key: string;
  project: string;
  on: IsoDate;
  amount: DecimalText;
  currency: string;
  /** In the ERP: ready to be billed, or billed. */
  isAccepted: boolean;
  isInvoiced: boolean;
  at: number;
}
export interface BilledLine {
  /** "time <key>", "milestone <key>", "expense <key>"; "" when it names nothing. */
  item: string;
  hours: DecimalText;
  rate: DecimalText | null;
  amount: DecimalText;
}
export interface InvoiceRow {
  key: string;
  project: string;
  on: IsoDate;
  total: DecimalText;
  currency: string;
  isVoid: boolean;
  purchaseOrder: string;
  lines: readonly BilledLine[];
  at: number;
}
export interface BillingBooks {
  psaExpenses: readonly SpentRow[];
  erpExpenses: readonly SpentRow[];
  psaMilestones: readonly MilestoneRow[];
  erpMilestones: readonly MilestoneRow[];
  invoices: readonly InvoiceRow[];
  /** When a week of time last changed, by its record. */
  weekChanged: ReadonlyMap<string, number>;
}

const text = (row: Row, field: string): string => String(row[field] ?? "");
const CURRENCIES = new Map(Object.entries(CURRENCY_IDS).map(([code, id]) => [id as string, code]));

export function readBilling({ salesforce, netsuite }: SeededStores): BillingBooks {
  const live = (type: string) => [...salesforce.rows(type)].filter((row) => row.IsDeleted !== true);
  const project = (id: unknown) => (id ? text(netsuite.get("job", String(id)) ?? {}, "externalId") : "");
  const currencyOf = (id: unknown) => CURRENCIES.get(String(id ?? "")) ?? "";
  const linesOf = (row: Row) => (row.lines ?? []) as readonly Row[];
  return {
    psaExpenses: live("pse__Expense__c").map((row) => ({
      key: text(row, "Id"),
      project: text(row, "pse__Project__c"),
      on: text(row, "pse__Expense_Date__c"),
      amount: text(row, "pse__Amount__c"),
      currency: text(row, "CurrencyIsoCode"),
      isBillable: row.pse__Billable__c === true,
      isApproved: row.pse__Approved__c === true,
      isInvoiced: row.pse__Invoiced__c === true,
      at: Number(row.SystemModstamp),
    })),
    erpExpenses: [...netsuite.rows("expenseReport")].flatMap((row) =>
      linesOf(row).map((line) => ({
        key: text(line, "custcol_psa_expense_id") || text(row, "externalId"),
        project: project(line.customer),
        on: text(row, "tranDate"),
        amount: text(line, "amount"),
        currency: currencyOf(row.currency),
        isBillable: line.isBillable === true,
        isApproved: row.status === "Approved by Accounting" || row.status === "Paid In Full",
        isInvoiced: false,
        at: Number(row.lastModifiedDate),
      })),
    ),
    psaMilestones: live("pse__Milestone__c").map((row) => ({
      key: text(row, "Id"),
      project: text(row, "pse__Project__c"),
      on: text(row, "pse__Target_Date__c"),
      amount: text(row, "pse__Milestone_Amount__c"),
      currency: text(row, "CurrencyIsoCode"),
      isAccepted: row.pse__Approved__c === true || row.pse__Status__c === "Approved",
      isInvoiced: row.pse__Invoiced__c === true,
      at: Number(row.SystemModstamp),
    })),
    erpMilestones: [...netsuite.rows("charge")].map((row) => ({
      key: text(row, "externalId"),
      project: project(row.billTo),
      on: text(row, "chargeDate"),
      amount: text(row, "amount"),
      currency: currencyOf(netsuite.get("job", text(row, "billTo"))?.currency),
      isAccepted: row.stage === READY_CHARGE || Boolean(row.invoice),
      isInvoiced: Boolean(row.invoice),
      at: Number(row.lastModifiedDate),
    })),
    invoices: [...netsuite.rows("invoice")].map((row) => ({
      key: text(row, "externalId") || text(row, "id"),
      project: project(row.entity),
      on: text(row, "tranDate"),
      total: text(row, "total"),
      currency: currencyOf(row.currency),
      isVoid: row.status === "Voided",
      purchaseOrder: text(row, "otherRefNum"),
      lines: linesOf(row).map(billedLine),
      at: Number(row.lastModifiedDate),
    })),
    weekChanged: new Map(
      live("pse__Timecard_Header__c").map((row) => [text(row, "Id"), Number(row.SystemModstamp)]),
    ),
  };
}

function billedLine(line: Row): BilledLine {
  const of = (kind: string, field: string) => (line[field] ? `${kind} ${String(line[field])}` : "");
  return {
    item:
      of("time", "custcol_psa_time_id") ||
      of("milestone", "custcol_psa_milestone_id") ||
      of("expense", "custcol_psa_expense_id"),
    hours: abs(text(line, "quantity") || "0"),
    rate: line.rate === null || line.rate === undefined ? null : text(line, "rate"),
    amount: text(line, "amount"),
  };
}

/** Whether what changed at these moments had been left alone for so many hours at the end. */
export function isQuiet(firm: Firm, hours: number, ...moments: readonly number[]): boolean {
  return Math.max(0, ...moments) <= firm.asOf - hours * HOUR;
}

/** Active billable projects that the ERP does not know: what hangs on them is told of there. */
export function unknownProjects(books: Books): ReadonlySet<string> {
  const known = new Set(books.erpProjects.map((p) => p.key));
  return new Set(
    [...books.psaProjects.values()]
      .filter((p) => p.isActive && p.isBillable && !p.isTemplate && !known.has(p.id))
      .map((p) => p.id),
  );
}

export function gap(a: DecimalText, b: DecimalText): DecimalText {
  return abs(subtract(a, b));
}

/** Whether two amounts are further apart than is allowed. */
export function differ(a: DecimalText, b: DecimalText, tolerance: DecimalText): boolean {
  return compare(gap(a, b), tolerance) > 0;
}

export const total = (lines: readonly { amount: DecimalText }[]): DecimalText =>
  sum(lines.map((l) => l.amount));
