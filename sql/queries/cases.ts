/** Cases: an exception together with the failures that it explains, and what they hold up between them. */
import { z } from "zod";
import { chCount, chDecimal, chEnum, chInstant, chInt, chString, defineQuery } from "#sql/query";
import { EXCEPTION_STATUSES } from "./exceptions.ts";

/** The cases that stand, or those of `ids` that do. What nobody else's failure follows from is no case. */
export const caseList = defineQuery({
  name: "cases.list",
  params: z.object({ ids: z.array(z.string()), limit: z.number().int().positive() }),
  row: z.object({
    id: chString,
    rule: chString,
    comparison: chString,
    key: chString,
    status: chEnum(EXCEPTION_STATUSES),
    severity: chInt,
    blocking: chEnum(["hard", "soft", "no"]),
    project_key: chString,
    customer_key: chString,
    legal_entity: chString,
    opened_at: chInstant,
    symptoms: chCount,
    symptom_rules: z.array(chString),
    /** Distinct billable items of the exception and its symptoms, and how many of them have no rate. */
    items: chCount,
    unpriced: chCount,
    currency: chString,
    /** What the items put at stake, each once; null where they are in several currencies, or there are none. */
    total: chDecimal.nullable(),
    total_reporting: chDecimal,
  }),
});
export type CaseRow = ReturnType<typeof caseList.read>;

/** `money_reporting` is what the rule claims on its own; items of different rules may be the same. */
export const caseSymptoms = defineQuery({
  name: "cases.symptoms",
  params: z.object({ id: z.string(), first: z.number().int().positive() }),
  row: z.object({
    rule: chString,
    comparison: chString,
    symptoms: chCount,
    money_reporting: chDecimal,
    unpriced: chCount,
    items: chCount,
    first_keys: z.array(chString),
    first_ids: z.array(chString),
  }),
});
export type CaseSymptoms = ReturnType<typeof caseSymptoms.read>;

export const caseRoot = defineQuery({
  name: "cases.root",
  params: z.object({ id: z.string() }),
  row: z.object({
    id: chString,
    rule: chString,
    key: chString,
    kind: chString,
    status: chEnum(EXCEPTION_STATUSES),
  }),
});

export const explained = defineQuery({
  name: "cases.explained",
  params: z.object({}),
  row: z.object({
    rule: chString,
    comparison: chString,
    key: chString,
    cause_rule: chString,
    cause_key: chString,
  }),
});
export type Explained = ReturnType<typeof explained.read>;
