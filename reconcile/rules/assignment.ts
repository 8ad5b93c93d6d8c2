/** Assignments: who works on what, when and at which rate is the same in delivery, finance and the contract. */
import type { Rule } from "../rule.ts";
import { PROJECT_MISSING, PROJECT_ORPHANED } from "./parents.ts";

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

export const assignmentOrphaned: Rule = {
  id: "ASG-02",
  version: 1,
  title: "ERP allocation without an assignment",
  because: "Finance forecasts cost for work that delivery does not plan, or no longer plans.",
  owner: "Resource management",
  severity: 3,
  blocks: "no",
  per: "key",
  claims: [{ comparison: "running-allocations", kinds: ["missing_left"], settle: "24h" }],
  absorbedBy: [PROJECT_ORPHANED],
  money: {
    basis: "money",
    words: "cost rate × booked weekday hours in the next 30 days",
    plus: "toDecimal64OrNull(carried.cost_ahead, 4)",
  },
  remedy: null,
};

export const timeUnbooked: Rule = {
  id: "ASG-06",
  version: 1,
  title: "Time without an assignment",
  because: "Nobody booked the person for that work: it is outside the plan, and often outside the agreement.",
  owner: "Resource management",
  severity: 1,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "booked-time", kinds: ["missing_right", "mismatch"], settle: "1h" }],
  money: {
    basis: "money",
    words: "contract rate × hours of uninvoiced approved billable time on days no assignment covers",
    items: {
      of: "psa",
      on: { project_key: "f.project_key", resource_key: "carried.resource_key" },
      where: "item.is_billable = 1 AND has(splitByChar(',', carried.days), toString(item.work_on))",
      uninvoiced: true,
      atStake: "item.value",
    },
  },
  remedy: null,
};

export const personOverbooked: Rule = {
  id: "ASG-07",
  version: 1,
  title: "Person booked for more than their time",
  because: "The plan promises clients hours that nobody has.",
  owner: "Resource management",
  severity: 3,
  blocks: "no",
  per: "key",
  claims: [{ comparison: "person-load", kinds: ["mismatch"], settle: "24h" }],
  money: {
    basis: "money",
    words: "cost rate × hours over 100 percent, on the days of the next 30 that are booked over 110 percent",
    plus: "toDecimal64OrNull(carried.cost_over, 4)",
  },
  remedy: null,
};

export const ASSIGNMENT_RULES: readonly Rule[] = [
  assignmentMissing,
  assignmentOrphaned,
  assignmentDiffers,
  assignmentRate,
  timeUnbooked,
  personOverbooked,
];
