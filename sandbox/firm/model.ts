/**
 * What the make-believe firm is, before any vendor holds it: its own ids, dates as text, instants in epoch milliseconds, money
 * and hours as exact decimal text. Every record says when its steps happened; the seeders replay those steps in order.
 */
import type { DecimalText } from "#core/decimal";
import type { IsoDate } from "#core/time";

export type EntityCode = "US01" | "GB01" | "DE01";
export type CurrencyCode = "USD" | "GBP" | "EUR";

export interface LegalEntity {
  code: EntityCode;
  name: string;
  currency: CurrencyCode;
  /** Units of the reporting currency (USD) for one unit of the entity's currency. */
  fx: DecimalText;
}

export interface Client {
  id: string;
  name: string;
  number: string;
  entity: EntityCode;
  currency: CurrencyCode;
  /** The client it belongs to; null for none. */
  parentId: string | null;
  taxNumber: string;
  paymentTerms: PaymentTerms;
  createdAt: number;
}

export type PaymentTerms = "Net 15" | "Net 30" | "Net 60";
export type ContractBilling = "Time and Materials" | "Time and Materials, capped" | "Fixed Price";

export interface Opportunity {
  id: string;
  clientId: string;
  name: string;
  amount: DecimalText;
  currency: CurrencyCode;
  closeOn: IsoDate;
  /** Stage names with the instant each was set, oldest first. */
  stages: readonly { stage: string; at: number }[];
}

export interface Contract {
  id: string;
  clientId: string;
  /** The master agreement carries the rates; a statement of work carries a value. */
  kind: "master" | "statement-of-work";
  entity: EntityCode;
  currency: CurrencyCode;
  opportunityId: string | null;
  value: DecimalText | null;
  billingType: ContractBilling;
  cap: DecimalText | null;
  paymentTerms: PaymentTerms;
  /** The purchase order the client pays against; null where it needs none. */
  poNumber: string | null;
  startOn: IsoDate;
  endOn: IsoDate;
  signedOn: IsoDate;
  createdAt: number;
  signedAt: number;
  amendments: readonly Amendment[];
  rates: readonly ContractRate[];
}

export interface Amendment {
  id: string;
  name: string;
  signedOn: IsoDate;
  effectiveOn: IsoDate;
  endOn: IsoDate;
  value: DecimalText;
  createdAt: number;
  signedAt: number;
}

export interface ContractRate {
  id: string;
  role: string;
  rate: DecimalText;
  currency: CurrencyCode;
  startOn: IsoDate;
  /** Null while open-ended. */
  endOn: IsoDate | null;
  isSigned: boolean;
  createdAt: number;
  signedAt: number;
  /** When the end date was set (the next range was signed); null while open. */
  endedAt: number | null;
}

export interface Person {
  id: string;
  employeeNo: string;
  firstName: string;
  lastName: string;
  role: string;
  entity: EntityCode;
  currency: CurrencyCode;
  costRate: DecimalText;
  createdAt: number;
}

export interface Project {
  id: string;
  clientId: string;
  contractId: string;
  opportunityId: string;
  managerId: string;
  code: string;
  name: string;
  entity: EntityCode;
  currency: CurrencyCode;
  billingType: "Time and Materials" | "Fixed Price";
  /** Financial dimensions. */
  department: string;
  practice: string;
  region: string;
  isBillable: boolean;
  isTemplate: boolean;
  /** False once the work is done. */
  isActive: boolean;
  startOn: IsoDate;
  endOn: IsoDate;
  /** Day of the following month on which a month is invoiced. */
  billingDay: number;
  createdAt: number;
  /** When it was set to Completed; null while active. */
  completedAt: number | null;
  tasks: readonly Task[];
  milestones: readonly Milestone[];
  assignments: readonly Assignment[];
}

export interface Task {
  id: string;
  name: string;
  startOn: IsoDate;
  endOn: IsoDate;
}

export interface Milestone {
  id: string;
  name: string;
  amount: DecimalText;
  dueOn: IsoDate;
  /** Null until accepted. */
  acceptedAt: number | null;
}

export interface Assignment {
  id: string;
  projectId: string;
  personId: string;
  role: string;
  startOn: IsoDate;
  endOn: IsoDate;
  /** The end first planned, when it was moved later; null when never moved. */
  firstEndOn: IsoDate | null;
  movedAt: number | null;
  allocationPct: number;
  dailyHours: DecimalText;
  isBillable: boolean;
  /** Bill rates with the instant each was set, oldest first; empty when the role has no contracted rate. */
  billRates: readonly { rate: DecimalText; at: number }[];
  status: "Tentative" | "Scheduled" | "Closed";
  createdAt: number;
  closedAt: number | null;
}

/** One person's week on one assignment. */
export interface Timecard {
  id: string;
  projectId: string;
  assignmentId: string;
  personId: string;
  taskId: string;
  weekStart: IsoDate;
  isBillable: boolean;
  /** Seven entries, Sunday first. */
  hours: readonly DecimalText[];
  /** What was written until the correction, when it was sent back; null otherwise. */
  rejectedHours: readonly DecimalText[] | null;
  createdAt: number;
  completedAt: number | null;
  /** Sent back at this instant, then submitted again; null when never. */
  rejectedAt: number | null;
  submittedAt: number | null;
  approvedAt: number | null;
  /** When the integration wrote the days to the ERP; null while not approved. */
  postedAt: number | null;
  invoicedAt: number | null;
}

export interface Expense {
  id: string;
  projectId: string;
  personId: string;
  incurredOn: IsoDate;
  amount: DecimalText;
  currency: CurrencyCode;
  category: string;
  isBillable: boolean;
  createdAt: number;
  approvedAt: number | null;
  postedAt: number | null;
  invoicedAt: number | null;
}

export interface Invoice {
  id: string;
  number: string;
  clientId: string;
  projectId: string;
  currency: CurrencyCode;
  entity: EntityCode;
  issuedOn: IsoDate;
  createdAt: number;
  total: DecimalText;
  lines: readonly InvoiceLine[];
}

export interface InvoiceLine {
  description: string;
  hours: DecimalText;
  rate: DecimalText | null;
  amount: DecimalText;
  /** The milestone the line bills; null for anything else. */
  milestoneId: string | null;
  /** The line of time it bills, `<timecard>|<day 0-6>`; null for anything else. */
  timeLine: string | null;
  /** The expense it bills on; null for anything else. */
  expenseId: string | null;
}

export interface Firm {
  seed: number;
  /** The instant the firm is frozen at: nothing happens later. */
  asOf: number;
  /** The UTC date of `asOf`. */
  today: IsoDate;
  /** First day of recorded work. */
  since: IsoDate;
  entities: readonly LegalEntity[];
  clients: readonly Client[];
  opportunities: readonly Opportunity[];
  contracts: readonly Contract[];
  people: readonly Person[];
  projects: readonly Project[];
  timecards: readonly Timecard[];
  expenses: readonly Expense[];
  invoices: readonly Invoice[];
}
