/** What was signed and sold, and what hangs on it, read straight from the two systems' rows. */
import { add, type DecimalText, fixed, sum } from "#core/decimal";
import type { IsoDate } from "#core/time";
import type { Books, PsaLine } from "../faults/books.ts";
import type { SeededStores } from "../faults/planting.ts";
import { isUnbilled, lineWorth, stake } from "../faults/stakes.ts";
import type { Stake } from "../faults/truth.ts";
import { HOUR } from "../firm/calendar.ts";
import type { Firm } from "../firm/model.ts";
import type { Row, VendorStore } from "../vendor-store.ts";

export interface SignedContract {
  id: string;
  customer: string;
  entity: string;
  currency: string;
  startOn: IsoDate | null;
  /** As the amendment signed last says. */
  endOn: IsoDate | null;
  value: DecimalText | null;
  /** With its signed amendments. */
  totalValue: DecimalText | null;
  cap: DecimalText | null;
  billing: string;
  terms: string;
  needsOrder: boolean;
  changedAt: number;
}

export interface Sale {
  id: string;
  customer: string;
  contract: string;
  amount: DecimalText | null;
  currency: string;
  closeOn: IsoDate;
  isWon: boolean;
  changedAt: number;
}

export interface WorkedProject {
  id: string;
  customer: string;
  currency: string;
  sale: string;
  /** By way of its sale. */
  contract: string;
  billing: string;
  isActive: boolean;
  isBillable: boolean;
  changedAt: number;
  /** When the sale last changed. */
  linkedAt: number;
}

export interface ErpCustomer {
  id: string;
  key: string | null;
  name: string;
  entity: string;
  currency: string;
  terms: string;
  taxNumber: string;
  parent: string;
  isActive: boolean;
  isOnHold: boolean;
  changedAt: number;
}

export const text = (row: Row | undefined, field: string): string => String(row?.[field] ?? "");
const orNull = (row: Row, field: string): string | null => (row[field] ? String(row[field]) : null);

export function* live(store: VendorStore, type: string): Iterable<Row> {
  for (const row of store.rows(type)) if (row.IsDeleted !== true) yield row;
}

export function signedContracts({ salesforce }: SeededStores): SignedContract[] {
  const amendments = [...live(salesforce, "Contract_Amendment__c")].filter((a) => a.Status__c === "Signed");
  return [...live(salesforce, "Contract")]
    .filter((row) => row.Status === "Activated")
    .map((row): SignedContract => {
      const own = amendments
        .filter((a) => a.Contract__c === row.Id)
        .sort((a, b) =>
          text(a, "Signed_Date__c") + text(a, "Id") < text(b, "Signed_Date__c") + text(b, "Id") ? -1 : 1,
        );
      const added = (field: string) => sum(own.map((a) => text(a, field) || "0"));
      const raised = (field: string) => (row[field] ? add(text(row, field), added(field)) : null);
      return {
        id: text(row, "Id"),
        customer: text(row, "AccountId"),
        entity: text(row, "Legal_Entity__c"),
        currency: text(row, "CurrencyIsoCode"),
        startOn: orNull(row, "StartDate"),
        endOn:
          own.map((a) => orNull(a, "End_Date__c")).findLast((end) => end !== null) ?? orNull(row, "EndDate"),
        value: orNull(row, "Value__c"),
        totalValue: raised("Value__c"),
        cap: raised("Cap__c"),
        billing: text(row, "Billing_Type__c"),
        terms: text(row, "Payment_Terms__c"),
        needsOrder: row.PO_Required__c === true,
        changedAt: Math.max(Number(row.LastModifiedDate), ...own.map((a) => Number(a.LastModifiedDate))),
      };
    });
}

export function sales({ salesforce }: SeededStores): Sale[] {
  return [...live(salesforce, "Opportunity")].map((row) => ({
    id: text(row, "Id"),
    customer: text(row, "AccountId"),
    contract: text(row, "ContractId"),
    amount: orNull(row, "Amount"),
    currency: text(row, "CurrencyIsoCode"),
    closeOn: text(row, "CloseDate"),
    isWon: row.StageName === "Closed Won",
    changedAt: Number(row.LastModifiedDate),
  }));
}

export function workedProjects({ salesforce }: SeededStores): WorkedProject[] {
  const sold = new Map([...live(salesforce, "Opportunity")].map((row) => [text(row, "Id"), row]));
  return [...live(salesforce, "pse__Proj__c")].map((row) => {
    const sale = sold.get(text(row, "pse__Opportunity__c"));
    const isTemplate = row.pse__Is_Template__c === true;
    return {
      id: text(row, "Id"),
      customer: text(row, "pse__Account__c"),
      currency: text(row, "CurrencyIsoCode"),
      sale: text(row, "pse__Opportunity__c"),
      contract: text(sale, "ContractId"),
      billing: text(row, "pse__Billing_Type__c"),
      isActive: row.pse__Is_Active__c === true && !isTemplate,
      isBillable: row.pse__Is_Billable__c === true && !isTemplate,
      changedAt: Number(row.LastModifiedDate),
      linkedAt: Number(sale?.LastModifiedDate ?? 0),
    };
  });
}

const ENTITY_OF: Readonly<Record<string, string>> = { "1": "US01", "2": "GB01", "3": "DE01" };
const CURRENCY_OF: Readonly<Record<string, string>> = { "1": "USD", "2": "GBP", "3": "EUR" };
const TERMS_OF: Readonly<Record<string, string>> = {
  "1": "Net 15",
  "2": "Net 30",
  "3": "Net 60",
  "4": "Due on receipt",
};

export function erpCustomers({ netsuite }: SeededStores): ErpCustomer[] {
  return [...netsuite.rows("customer")].map((row) => {
    const parent = row.parent ? netsuite.get("customer", String(row.parent)) : undefined;
    return {
      id: text(row, "id"),
      key: orNull(row, "externalId"),
      name: text(row, "companyName") || text(row, "entityId"),
      entity: ENTITY_OF[text(row, "subsidiary")] ?? "",
      currency: CURRENCY_OF[text(row, "currency")] ?? "",
      terms: TERMS_OF[text(row, "terms")] ?? "",
      taxNumber: text(row, "vatRegNumber"),
      parent: parent ? text(parent, "externalId") || `unlinked:${text(parent, "id")}` : "",
      isActive: row.isInactive !== true,
      isOnHold: row.creditHoldOverride === "ON",
      changedAt: Number(row.lastModifiedDate),
    };
  });
}

/** Whether nothing that a failure rests on has changed for so many hours at the firm's last instant. */
export function isQuiet(firm: Firm, hours: number, ...changedAt: readonly number[]): boolean {
  return firm.asOf - Math.max(...changedAt) >= hours * HOUR;
}

/**
 * What lines come to at contract rates and within caps, of each the share given; those without a rate are counted. Null when there are lines and
 * none has one.
 */
export function worth(
  books: Books,
  lines: readonly PsaLine[],
  currency: string,
  share: (value: DecimalText) => DecimalText = (v) => v,
): Stake | null {
  const values = lines.map((l) => {
    const value = lineWorth(books, l);
    return value === null ? null : fixed(share(value), 4);
  });
  const priced = values.filter((v) => v !== null);
  if (lines.length > 0 && priced.length === 0) return null;
  return stake(sum(priced), currency, values.length - priced.length);
}

/** A client's unbilled lines on projects in one currency. */
export function unbilledOf(books: Books, customer: string, currency: string): PsaLine[] {
  return books.psaLines.filter((l) => {
    const project = books.psaProjects.get(l.project);
    return isUnbilled(l) && project?.customer === customer && project.currency === currency;
  });
}
