/** Assignments: who works on what, when and at which rate is the same in delivery, finance and the contract. */
import type { Rule } from "../rule.ts";
import { PROJECT_MISSING } from "./parents.ts";

export const assignmentMissing: Rule = {
  id: "ASG-01",
  version: 1,
  title: "Assignment missing in ERP",
  because: "Finance neither forecasts the work nor accepts time on it.",
  owner: "Resource management",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "assignments", kinds: ["missing_right"], settle: "1h" }],
  absorbedBy: [PROJECT_MISSING],
  money: {
    basis: "money",
    words: "contract rate × booked weekday hours in the next 30 days",
    plus: "plan.rc * plan.hours_next_30",
  },
  remedy: null,
};

export const assignmentDiffers: Rule = {
  id: "ASG-03",
  version: 1,
  title: "Assignment dates or allocation differ",
  because: "Capacity and margin are forecast from a booking that is not the one people work to.",
  owner: "Resource management",
  severity: 3,
  blocks: "no",
  per: "key",
  claims: [{ comparison: "assignments", kinds: ["mismatch"], settle: "1h" }],
  money: {
    basis: "money",
    words: "difference in booked weekday hours × (contract rate − cost rate)",
    plus: "abs(weekday_hours(left) - weekday_hours(right)) * (plan.rc - plan.cost_rate)",
  },
  remedy: "Set dates and allocation to those of the system of record: the PSA, unless configured otherwise.",
};

export const assignmentRate: Rule = {
  id: "ASG-04",
  version: 1,
  title: "Booked rate differs from the contract",
  because: "Every hour on the assignment is planned, and may be billed, at a rate nobody signed.",
  owner: "Commercial",
  severity: 1,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "assignment-rates", kinds: ["mismatch"], fields: ["rate"], settle: "1h" }],
  money: {
    basis: "money",
    words:
      "difference between contract and booked rate × (booked weekday hours to come + uninvoiced approved hours)",
    items: {
      of: "psa",
      on: { assignment_key: "f.key" },
      where: "item.is_billable = 1",
      uninvoiced: true,
      atStake: "abs(left.rate - right.rate) * item.hours",
    },
    plus: "abs(left.rate - right.rate) * plan.hours_to_come",
  },
  remedy: null,
};

export const ASSIGNMENT_RULES: readonly Rule[] = [assignmentMissing, assignmentDiffers, assignmentRate];
