/**
 * What the two systems say, read straight from their rows into plain records: the sides of every comparison, before anything is
 * compared. Written apart from the product on purpose, so that the answer sheet cannot share its mistakes.
 */
import { add, type DecimalText, equal } from "#core/decimal";
import { addDays, type IsoDate } from "#core/time";
import { WEEKDAY_NAMES } from "../firm/calendar.ts";
import { CLOSED_JOB, CURRENCY_IDS } from "../firm/netsuite-rows.ts";
import { timeKey } from "../firm/salesforce-rows.ts";
import type { Row, VendorStore } from "../vendor-store.ts";

export interface PsaProject {
  id: string;
  code: string;
  name: string;
  customer: string;
  currency: string;
  entity: string;
  startOn: IsoDate;
  endOn: IsoDate;
  isActive: boolean;
  isBillable: boolean;
  isTemplate: boolean;
  /** The contract of its sale. */
  contract: string;
}
export interface ErpProject {
  id: string;
  key: string | null;
  code: string;
  isOpen: boolean;
  startOn: IsoDate;
  endOn: IsoDate;
}
export interface Customer {
  id: string;
  key: string | null;
  name: string;
}
export interface ContractLine {
  id: string;
  customer: string;
  role: string;
  currency: string;
  rate: DecimalText;
  from: IsoDate;
  to: IsoDate | null;
  isSigned: boolean;
  /** The contract, or the amendment of one, that it is a line of. */
  contract: string;
}
/** What a contract or, with `amends`, an amendment says beside its rates. */
export interface Terms {
  id: string;
  amends: string;
  signedOn: IsoDate;
  isSigned: boolean;
  currency: string;
  cap: DecimalText | null;
  discountPct: DecimalText | null;
}
export interface PsaRate {
  id: string;
  customer: string;
  role: string;
  currency: string;
  rate: DecimalText;
  from: IsoDate;
}
export interface ErpPrice {
  customer: string;
  role: string;
  currency: string;
  rate: DecimalText;
}
export interface Resource {
  contactId: string;
  employeeNo: string;
  role: string;
  costRate: DecimalText | null;
}
export interface PsaAssignment {
  id: string;
  project: string;
  resource: string;
  startOn: IsoDate;
  endOn: IsoDate;
  pct: DecimalText;
  billRate: DecimalText;
  isScheduled: boolean;
  isBillable: boolean;
}
export interface ErpAllocation {
  id: string;
  key: string | null;
  startOn: IsoDate;
  endOn: IsoDate;
  pct: DecimalText;
}
export interface PsaLine {
  key: string;
  project: string;
  resource: string;
  task: string;
  assignment: string;
  on: IsoDate;
  hours: DecimalText;
  note: string;
  isApproved: boolean;
  isBillable: boolean;
  isInvoiced: boolean;
}
export interface ErpLine {
  id: string;
  key: string | null;
  project: string | null;
  resource: string | null;
  task: string | null;
  on: IsoDate;
  hours: DecimalText;
  isBillable: boolean;
  /** An actual line that was not rejected. */
  isPresent: boolean;
}

export interface Books {
  crmCustomers: readonly Customer[];
  erpCustomers: readonly Customer[];
  psaProjects: ReadonlyMap<string, PsaProject>;
  erpProjects: readonly ErpProject[];
  contractLines: readonly ContractLine[];
  /** By id. */
  terms: ReadonlyMap<string, Terms>;
  psaRates: readonly PsaRate[];
  erpPrices: readonly ErpPrice[];
  /** By employee number. */
  resources: ReadonlyMap<string, Resource>;
  psaAssignments: ReadonlyMap<string, PsaAssignment>;
  erpAllocations: readonly ErpAllocation[];
  psaLines: readonly PsaLine[];
  erpLines: readonly ErpLine[];
}

const text = (row: Row, field: string): string => String(row[field] ?? "");
const orNull = (row: Row, field: string): string | null => (row[field] ? String(row[field]) : null);
const is = (row: Row, field: string): boolean => row[field] === true;

/** Reads both stores as they are now. */
export function readBooks(salesforce: VendorStore, netsuite: VendorStore): Books {
  const contacts = new Map<string, Resource>();
  for (const row of salesforce.rows("Contact"))
    if (!is(row, "IsDeleted"))
      contacts.set(text(row, "Id"), {
        contactId: text(row, "Id"),
        employeeNo: text(row, "pse__ERP_Worker_Correlation_Id__c"),
        role: text(row, "pse__Resource_Role__c"),
        costRate: orNull(row, "pse__Default_Cost_Rate__c"),
      });
  return {
    crmCustomers: [...live(salesforce, "Account")].map((row) => ({
      id: text(row, "Id"),
      key: text(row, "Id"),
      name: text(row, "Name"),
    })),
    erpCustomers: [...netsuite.rows("customer")].map((row) => ({
      id: text(row, "id"),
      key: orNull(row, "externalId"),
      name: text(row, "companyName"),
    })),
    psaProjects: readPsaProjects(salesforce),
    ...readRates(salesforce, netsuite),
    terms: new Map([...readTerms(salesforce)].map((t) => [t.id, t])),
    resources: new Map([...contacts.values()].map((r) => [r.employeeNo, r])),
    psaAssignments: readPsaAssignments(salesforce, contacts),
    psaLines: [...readPsaLines(salesforce, contacts)],
    ...readErp(netsuite),
  };
}

function* live(store: VendorStore, type: string): Iterable<Row> {
  for (const row of store.rows(type)) if (row.IsDeleted !== true) yield row;
}

function readPsaProjects(salesforce: VendorStore): Map<string, PsaProject> {
  const projects = new Map<string, PsaProject>();
  for (const row of live(salesforce, "pse__Proj__c"))
    projects.set(text(row, "Id"), {
      id: text(row, "Id"),
      code: text(row, "Project_Code__c"),
      name: text(row, "Name"),
      customer: text(row, "pse__Account__c"),
      currency: text(row, "CurrencyIsoCode"),
      entity: text(row, "Legal_Entity__c"),
      startOn: text(row, "pse__Start_Date__c"),
      endOn: text(row, "pse__End_Date__c"),
      isActive: is(row, "pse__Is_Active__c"),
      isBillable: is(row, "pse__Is_Billable__c"),
      isTemplate: is(row, "pse__Is_Template__c"),
      contract: text(salesforce.get("Opportunity", text(row, "pse__Opportunity__c")) ?? {}, "ContractId"),
    });
  return projects;
}

function* readTerms(salesforce: VendorStore): Iterable<Terms> {
  for (const row of live(salesforce, "Contract"))
    yield {
      ...termsOf(row),
      amends: "",
      isSigned: row.Status === "Activated",
      discountPct: orNull(row, "Discount__c"),
    };
  for (const row of live(salesforce, "Contract_Amendment__c"))
    yield {
      ...termsOf(row),
      amends: text(row, "Contract__c"),
      isSigned: row.Status__c === "Signed",
      discountPct: null,
    };
}

const termsOf = (row: Row) => ({
  id: text(row, "Id"),
  signedOn: text(row, "Signed_Date__c"),
  currency: text(row, "CurrencyIsoCode"),
  cap: orNull(row, "Cap__c"),
});

function readRates(salesforce: VendorStore, netsuite: VendorStore) {
  const contractLines: ContractLine[] = [];
  for (const row of live(salesforce, "Contract_Rate__c"))
    contractLines.push({
      id: text(row, "Id"),
      customer: text(row, "Account__c"),
      role: text(row, "Role__c"),
      currency: text(row, "CurrencyIsoCode"),
      rate: text(row, "Rate__c"),
      from: text(row, "Start_Date__c"),
      to: orNull(row, "End_Date__c"),
      isSigned: row.Status__c === "Signed",
      contract: text(row, "Contract__c"),
    });
  const psaRates: PsaRate[] = [];
  for (const row of live(salesforce, "pse__Rate_Card__c"))
    psaRates.push({
      id: text(row, "Id"),
      customer: text(row, "pse__Account__c"),
      role: text(row, "pse__Role__c"),
      currency: text(row, "CurrencyIsoCode"),
      rate: text(row, "pse__Suggested_Bill_Rate__c"),
      from: text(row, "pse__Start_Date__c"),
    });
  const currencies = new Map(Object.entries(CURRENCY_IDS).map(([code, id]) => [id as string, code]));
  const erpPrices: ErpPrice[] = [];
  for (const customer of netsuite.rows("customer")) {
    const card = netsuite.get("billingRateCard", text(customer, "billingRateCard"));
    for (const line of (card?.lines ?? []) as { billingClassId: string; prices: Record<string, string> }[])
      for (const [currency, rate] of Object.entries(line.prices))
        erpPrices.push({
          customer: text(customer, "externalId"),
          role: text(netsuite.get("billingClass", line.billingClassId) ?? {}, "name"),
          currency: currencies.get(currency) ?? currency,
          rate,
        });
  }
  return { contractLines, psaRates, erpPrices };
}

function readPsaAssignments(salesforce: VendorStore, contacts: ReadonlyMap<string, Resource>) {
  const assignments = new Map<string, PsaAssignment>();
  for (const row of live(salesforce, "pse__Assignment__c")) {
    const schedule = salesforce.get("pse__Schedule__c", text(row, "pse__Schedule__c")) ?? {};
    assignments.set(text(row, "Id"), {
      id: text(row, "Id"),
      project: text(row, "pse__Project__c"),
      resource: contacts.get(text(row, "pse__Resource__c"))?.employeeNo ?? "",
      startOn: text(schedule, "pse__Start_Date__c"),
      endOn: text(schedule, "pse__End_Date__c"),
      pct: text(row, "pse__Percent_Allocated__c"),
      billRate: text(row, "pse__Bill_Rate__c"),
      isScheduled: row.pse__Status__c === "Scheduled",
      isBillable: is(row, "pse__Is_Billable__c"),
    });
  }
  return assignments;
}

function* readPsaLines(salesforce: VendorStore, contacts: ReadonlyMap<string, Resource>): Iterable<PsaLine> {
  for (const row of live(salesforce, "pse__Timecard_Header__c"))
    yield* weekLines(row, contacts.get(text(row, "pse__Resource__c"))?.employeeNo ?? "");
}

/** The days of one timecard that carry hours. */
export function* weekLines(row: Row, employeeNo: string): Iterable<PsaLine> {
  for (const [n, day] of WEEKDAY_NAMES.entries()) {
    const hours = text(row, `pse__${day}_Hours__c`) || "0";
    if (equal(hours, "0")) continue;
    const on = addDays(text(row, "pse__Start_Date__c"), n);
    yield {
      key: timeKey(text(row, "Id"), on),
      project: text(row, "pse__Project__c"),
      resource: employeeNo,
      task: text(row, "Project_Task__c"),
      assignment: text(row, "pse__Assignment__c"),
      on,
      hours: add(hours, "0"),
      note: text(row, `pse__${day}_Notes__c`),
      isApproved: is(row, "pse__Approved__c"),
      isBillable: is(row, "pse__Billable__c"),
      isInvoiced: is(row, "pse__Invoiced__c"),
    };
  }
}

function readErp(netsuite: VendorStore) {
  const link = (type: string, id: unknown) =>
    id ? orNull(netsuite.get(type, String(id)) ?? {}, "externalId") : null;
  const erpProjects = [...netsuite.rows("job")].map(
    (row): ErpProject => ({
      id: text(row, "id"),
      key: orNull(row, "externalId"),
      code: text(row, "entityId"),
      isOpen: row.entityStatus !== CLOSED_JOB && !is(row, "isInactive"),
      startOn: text(row, "startDate"),
      endOn: text(row, "projectedEndDate"),
    }),
  );
  const erpAllocations = [...netsuite.rows("resourceAllocation")].map(
    (row): ErpAllocation => ({
      id: text(row, "id"),
      key: orNull(row, "externalId"),
      startOn: text(row, "startDate"),
      endOn: text(row, "endDate"),
      pct: text(row, "percentOfTime"),
    }),
  );
  const erpLines = [...netsuite.rows("timeBill")].map(
    (row): ErpLine => ({
      id: text(row, "id"),
      key: orNull(row, "custcol_psa_time_id"),
      project: link("job", row.customer),
      resource: link("employee", row.employee),
      task: link("projectTask", row.caseTaskEvent),
      on: text(row, "tranDate"),
      hours: text(row, "hours"),
      isBillable: is(row, "isBillable"),
      isPresent: row.timeType === "A" && row.approvalStatus !== "4",
    }),
  );
  return { erpProjects, erpAllocations, erpLines };
}
