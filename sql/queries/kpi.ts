/** The money figures of the firm: what they mean is in docs/kpis.md. Shares are in percent, null where there is nothing to divide by. */
import { z } from "zod";
import { chCount, chDate, chDecimal, chEnum, chString, defineQuery } from "#sql/query";

/** As of which day, in which currency, and who knows what has been invoiced. */
const asked = {
  as_of: z.string(),
  reporting: z.string(),
  invoiced_by: z.enum(["psa", "erp"]),
};
const period = { from: z.string(), until: z.string() };
const candidates = {
  ...asked,
  /** Day of the month by which the month before is invoiced. */
  cutoff_day: z.number().int().min(1).max(28),
  /** Rules about a decision of the business: what they hold up is not held up by data. */
  commercial: z.array(z.string()),
  /** Kinds of items of which something could not be compared. */
  blind: z.array(z.string()),
};

export const CANDIDATE_STATUSES = ["blocked", "unknown", "ready"] as const;

export const invoiceCandidates = defineQuery({
  name: "kpi.candidates",
  params: z.object({ ...candidates, limit: z.number().int().positive() }),
  row: z.object({
    customer_key: chString,
    customer_name: chString,
    contract_key: chString,
    contract_number: chString,
    legal_entity: chString,
    currency: chString,
    /** First day of the month of the work. */
    cycle_on: chDate,
    cutoff_on: chDate,
    items: chCount,
    /** In the candidate's currency. */
    value: chDecimal,
    value_reporting: chDecimal,
    unpriced: chCount,
    blocked_items: chCount,
    /** In the reporting currency. */
    blocked_value: chDecimal,
    blockers: chCount,
    blocking_rules: z.array(chString),
    status: chEnum(CANDIDATE_STATUSES),
  }),
});

export const blockedInvoices = defineQuery({
  name: "kpi.blocked-invoices",
  params: z.object(candidates),
  row: z.object({
    candidates: chCount,
    blocked: chCount,
    unknown: chCount,
    ready: chCount,
    unpriced: chCount,
    value: chDecimal,
    value_blocked: chDecimal,
    value_unknown: chDecimal,
    share: chDecimal.nullable(),
    value_share: chDecimal.nullable(),
  }),
});

export const blockedRevenue = defineQuery({
  name: "kpi.blocked-revenue",
  /** What is due by this day is due soon. */
  params: z.object({ ...asked, cutoff_day: z.number().int().min(1).max(28), due_by: z.string() }),
  row: z.object({
    /** "": all of them. */
    rule: chString,
    items: chCount,
    value: chDecimal,
    overlap: chDecimal,
    due: chDecimal,
    unpriced: chCount,
    invoiced_items: chCount,
    invoiced_value: chDecimal,
  }),
});

export const rateLeakage = defineQuery({
  name: "kpi.rate-leakage",
  params: z.object({ as_of: z.string(), reporting: z.string(), ...period }),
  row: z.object({
    lines: chCount,
    gross: chDecimal,
    gross_pre: chDecimal,
    gross_post: chDecimal,
    over: chDecimal,
    over_pre: chDecimal,
    over_post: chDecimal,
    net: chDecimal,
    expected_value: chDecimal,
    share: chDecimal.nullable(),
    unrated_lines: chCount,
    unrated_hours: chDecimal,
    uncompared_lines: chCount,
  }),
});

export const marginComponents = defineQuery({
  name: "kpi.margin",
  params: z.object({
    ...asked,
    ...period,
    rate_rules: z.array(z.string()),
    time_rules: z.array(z.string()),
    cost_rules: z.array(z.string()),
    billing_rules: z.array(z.string()),
    project_rules: z.array(z.string()),
  }),
  row: z.object({
    component: chEnum(["rate", "time", "cost", "billing", "project"]),
    items: chCount,
    valued: chCount,
    evaluated: chDecimal,
    failing_raw: chDecimal,
    failing: chDecimal,
  }),
});
export type MarginRow = {
  component: "rate" | "time" | "cost" | "billing" | "project";
  items: number;
  valued: number;
  evaluated: string;
  failing_raw: string;
  failing: string;
};
