/** What the integration and the people do about differences that were merely fresh: each is put right on the side that lags. */
import { type Books, type PsaLine, readBooks } from "../faults/books.ts";
import type { SeededStores } from "../faults/planting.ts";
import { expectedLine, expectedRate, rateDay } from "../faults/stakes.ts";
import type { NearMiss } from "../faults/truth.ts";
import { NETSUITE_INTEGRATION, userOf } from "../firm/actors.ts";
import { dateOf } from "../firm/calendar.ts";
import {
  allocationSpan,
  CLOSED_JOB,
  CONSULTING_ITEM,
  CURRENCY_IDS,
  OPEN_JOB,
  SUBSIDIARY_IDS,
} from "../firm/netsuite-rows.ts";
import type { Row } from "../vendor-store.ts";
import { alignExpense, releaseCharge, totalInvoice } from "./catch-up-billing.ts";
import {
  alignTerms,
  createCustomer,
  hireEmployee,
  releaseHold,
  takeBackSale,
  winAgain,
} from "./catch-up-parties.ts";

export interface CatchUp {
  stores: SeededStores;
  books: Books;
  key: string;
  at: number;
}

/** Does nothing when the difference is gone already, or is of a kind that needs no work. */
export function catchUp(stores: SeededStores, nearMiss: NearMiss, at: number): void {
  const act = ACTIONS[nearMiss.rule];
  if (act) act({ stores, books: readBooks(stores.salesforce, stores.netsuite), key: nearMiss.key, at });
}

const ACTIONS: Readonly<Record<string, (work: CatchUp) => void>> = {
  "CUS-01": createCustomer,
  "CUS-05": alignTerms,
  "CUS-06": releaseHold,
  "RES-01": hireEmployee,
  "OPP-01": takeBackSale,
  "OPP-03": winAgain,
  "PRJ-01": createJob,
  "CUS-08": alignName,
  "PRJ-03": alignJob,
  "PRJ-06": alignState,
  "PRJ-08": alignJob,
  "RAT-01": addPrice,
  "ASG-01": createAllocation,
  "ASG-03": alignAllocation,
  "ASG-04": restoreRate,
  "TIM-01": postMissing,
  "TIM-02": rejectPostings,
  "TIM-05": alignBillable,
  "TIM-06": rejectCopies,
  "EXP-02": alignExpense,
  "MIL-01": releaseCharge,
  "INV-03": totalInvoice,
  "RAT-06": alignCurrency,
};

export const mark = (at: number) => ({ at, by: NETSUITE_INTEGRATION });

function createJob({ stores, books, key, at }: CatchUp): void {
  const project = books.psaProjects.get(key);
  if (!project || books.erpProjects.some((p) => p.key === key)) return;
  const customer = erpRow(stores, "customer", project.customer);
  const fields = {
    externalId: key,
    entityId: project.code,
    companyName: project.name,
    parent: customer?.id ?? null,
    subsidiary: SUBSIDIARY_IDS[project.entity as keyof typeof SUBSIDIARY_IDS],
    currency: CURRENCY_IDS[project.currency as keyof typeof CURRENCY_IDS],
    entityStatus: OPEN_JOB,
    startDate: project.startOn,
    projectedEndDate: project.endOn,
    projectExpenseType: "-2",
    isInactive: false,
  };
  stores.netsuite.write("job", null, fields, mark(at));
}

function alignJob({ stores, books, key, at }: CatchUp): void {
  const project = books.psaProjects.get(key);
  const job = books.erpProjects.find((p) => p.key === key);
  if (!project || !job) return;
  const fields = { entityId: project.code, startDate: project.startOn, projectedEndDate: project.endOn };
  stores.netsuite.write("job", job.id, fields, mark(at));
}

function alignState({ stores, books, key, at }: CatchUp): void {
  const project = books.psaProjects.get(key);
  const job = books.erpProjects.find((p) => p.key === key);
  if (!project || !job) return;
  const entityStatus = project.isActive ? OPEN_JOB : CLOSED_JOB;
  stores.netsuite.write("job", job.id, { entityStatus }, mark(at));
}

function alignName({ stores, books, key, at }: CatchUp): void {
  const account = books.crmCustomers.find((c) => c.key === key);
  const customer = books.erpCustomers.find((c) => c.key === key);
  if (!account || !customer) return;
  stores.netsuite.write("customer", customer.id, { companyName: account.name }, mark(at));
}

function addPrice({ stores, books, key, at }: CatchUp): void {
  const [customer = "", role = "", currency = "", from] = key.split("|");
  const line = expectedLine(books, customer, role, currency, from ?? dateOf(at));
  if (!line) return;
  if (from !== undefined) {
    if (books.psaRates.some((r) => r.customer === customer && r.role === role && r.from === from)) return;
    const fields = {
      pse__Account__c: customer,
      pse__Role__c: role,
      pse__Suggested_Bill_Rate__c: line.rate,
      pse__Average_Cost_Rate__c: "0",
      pse__Start_Date__c: from,
      pse__End_Date__c: line.to,
      CurrencyIsoCode: currency,
    };
    stores.salesforce.write("pse__Rate_Card__c", null, fields, {
      at,
      by: userOf(stores.salesforceIds, "staffing"),
    });
    return;
  }
  if (books.erpPrices.some((p) => p.customer === customer && p.role === role)) return;
  const { netsuite } = stores;
  const known = [...netsuite.rows("billingClass")].find((c) => c.name === role);
  const classId = String(
    known?.id ?? netsuite.write("billingClass", null, { name: role, isInactive: false }, mark(at)),
  );
  const card = erpRow(stores, "billingRateCard", customer);
  if (!card) return;
  const price = {
    billingClassId: classId,
    prices: { [CURRENCY_IDS[currency as keyof typeof CURRENCY_IDS]]: line.rate },
  };
  netsuite.write(
    "billingRateCard",
    String(card.id),
    { lines: [...((card.lines ?? []) as object[]), price] },
    mark(at),
  );
}

function createAllocation({ stores, books, key, at }: CatchUp): void {
  const booking = books.psaAssignments.get(key);
  if (!booking || books.erpAllocations.some((a) => a.key === key)) return;
  const fields = {
    externalId: key,
    allocationResource: erpRow(stores, "employee", booking.resource)?.id ?? null,
    project: erpRow(stores, "job", booking.project)?.id ?? null,
    ...allocationSpan(booking.startOn, booking.endOn, booking.pct),
    allocationUnit: "P",
    allocationType: "1",
  };
  stores.netsuite.write("resourceAllocation", null, fields, mark(at));
}

function alignAllocation({ stores, books, key, at }: CatchUp): void {
  const booking = books.psaAssignments.get(key);
  const allocation = books.erpAllocations.find((a) => a.key === key);
  if (!booking || !allocation) return;
  const span = allocationSpan(booking.startOn, booking.endOn, booking.pct);
  stores.netsuite.write("resourceAllocation", allocation.id, span, mark(at));
}

function restoreRate({ stores, books, key, at }: CatchUp): void {
  const booking = books.psaAssignments.get(key);
  const rate =
    booking && expectedRate(books, booking.project, booking.resource, rateDay(booking, dateOf(at)));
  if (!rate) return;
  const by = userOf(stores.salesforceIds, "staffing");
  stores.salesforce.write("pse__Assignment__c", key, { pse__Bill_Rate__c: rate }, { at, by });
}

function postMissing({ stores, books, key, at }: CatchUp): void {
  const line = books.psaLines.find((l) => l.key === key);
  if (line?.isApproved && !books.erpLines.some((l) => l.key === key)) postLine(stores, line, at);
}

/** Posts one approved line as the integration does. Does nothing when the ERP does not know the project or the person. */
export function postLine(stores: SeededStores, line: PsaLine, at: number): void {
  const { key } = line;
  const job = erpRow(stores, "job", line.project);
  const employee = erpRow(stores, "employee", line.resource);
  if (!job || !employee) return;
  const fields = {
    externalId: key,
    custcol_psa_time_id: key,
    employee: employee.id,
    customer: job.id,
    caseTaskEvent: erpRow(stores, "projectTask", line.task)?.id ?? null,
    item: CONSULTING_ITEM,
    tranDate: line.on,
    hours: line.hours,
    isBillable: line.isBillable,
    approvalStatus: "3",
    supervisorApproval: true,
    timeType: "A",
    subsidiary: job.subsidiary,
    posted: false,
  };
  stores.netsuite.write("timeBill", null, fields, mark(at));
}

function rejectPostings({ stores, books, key, at }: CatchUp): void {
  for (const line of books.erpLines)
    if (line.key === key && line.isPresent)
      stores.netsuite.write("timeBill", line.id, { approvalStatus: "4" }, mark(at));
}

function rejectCopies({ stores, books, key, at }: CatchUp): void {
  const copies = books.erpLines.filter((l) => l.key === key && l.isPresent);
  for (const copy of copies.slice(1))
    stores.netsuite.write("timeBill", copy.id, { approvalStatus: "4" }, mark(at));
}

/** The ERP's record that carries an external id; undefined when there is none. */
function erpRow({ netsuite }: SeededStores, type: string, externalId: string): Row | undefined {
  for (const row of netsuite.rows(type)) if (row.externalId === externalId) return row;
  return undefined;
}

function alignBillable({ stores, books, key, at }: CatchUp): void {
  const line = books.psaLines.find((l) => l.key === key);
  for (const posted of books.erpLines)
    if (line && posted.key === key && posted.isPresent && posted.isBillable !== line.isBillable)
      stores.netsuite.write("timeBill", posted.id, { isBillable: line.isBillable }, mark(at));
}

function alignCurrency({ stores, books, key, at }: CatchUp): void {
  const project = books.psaProjects.get(key);
  const job = books.erpProjects.find((p) => p.key === key);
  if (!project || !job) return;
  const currency = CURRENCY_IDS[project.currency as keyof typeof CURRENCY_IDS];
  stores.netsuite.write("job", job.id, { currency }, mark(at));
}
