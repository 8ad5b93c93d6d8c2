/** Time: each approved line is in finance once, with the same hours, day, project, person and task. */
import type { Rule } from "../rule.ts";
import { PROJECT_MISSING, TASK_MISSING } from "./parents.ts";

export const timeMissing: Rule = {
  id: "TIM-01",
  version: 1,
  title: "Approved time not in ERP",
  because: "Hours approved but never posted are not invoiced.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  onlyIfBillable: true,
  per: "key",
  claims: [{ comparison: "time", kinds: ["missing_right"], settle: "4h" }],
  absorbedBy: [PROJECT_MISSING, TASK_MISSING],
  money: {
    basis: "money",
    words: "contract rate × hours of the line; nothing when it is not billable",
    items: { of: "psa", on: { key: "f.key" }, atStake: "item.value" },
  },
  remedy: "Post the time line to the ERP under the PSA's id.",
};

export const timeUnapproved: Rule = {
  id: "TIM-02",
  version: 1,
  title: "Posted but not approved",
  because: "Finance bills hours that nobody approved, or whose approval was taken back.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  onlyIfBillable: true,
  per: "key",
  claims: [{ comparison: "time", kinds: ["missing_left"], settle: "1h" }],
  money: {
    basis: "money",
    words: "contract rate × hours of the ERP's line; nothing when it is not billable",
    items: { of: "erp", on: { key: "f.key" }, atStake: "item.value" },
  },
  remedy: null,
};

export const timeDiffers: Rule = {
  id: "TIM-03",
  version: 1,
  title: "Hours, date, project, person or task differ",
  because: "The invoice shows other work than the client's people saw approved.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [
    {
      comparison: "time",
      kinds: ["mismatch"],
      fields: ["hours", "work_on", "project_key", "resource_key", "task_key"],
      settle: "4h",
    },
  ],
  money: {
    basis: "money",
    words: "difference in hours × contract rate",
    items: { of: "psa", on: { key: "f.key" }, atStake: "abs(left.hours - right.hours) * item.rc" },
  },
  remedy:
    "Set hours, date, project, task and note to those of the system of record: the PSA, unless configured otherwise. Hours are never moved to another person.",
};

export const timeTwice: Rule = {
  id: "TIM-06",
  version: 1,
  title: "Posted twice",
  because: "The client is billed for the same hours more than once.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "time", kinds: ["duplicate_key"], repeated: "right", settle: "1h" }],
  money: {
    basis: "money",
    words: "surplus postings × their mean hours × contract rate",
    items: {
      of: "either",
      on: { key: "f.key" },
      atStake: "toDecimal128(right.hours, 8) * (f.r_rows - 1) / f.r_rows * item.rc",
    },
  },
  remedy: null,
};

export const timeCoding: Rule = {
  id: "TIM-04",
  version: 1,
  title: "Time coded to a task of another project",
  because:
    "The ERP keeps the task under another project, so that hours booked on it are refused or billed to the wrong client.",
  owner: "PMO",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "task-projects", kinds: ["mismatch"], settle: "1h" }],
  absorbedBy: [PROJECT_MISSING],
  money: {
    basis: "money",
    words: "contract rate × hours of uninvoiced approved billable time on the task",
    items: {
      of: "psa",
      on: { task_key: "f.key" },
      where: "item.is_billable = 1",
      uninvoiced: true,
      atStake: "item.value",
    },
  },
  remedy: null,
};

export const timeBillable: Rule = {
  id: "TIM-05",
  version: 1,
  title: "Billable in one system only",
  because:
    "Hours the client agreed to pay for are left off the invoice, or hours that were free are put on it.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "time", kinds: ["mismatch"], fields: ["is_billable"], settle: "4h" }],
  money: {
    basis: "money",
    words: "contract rate × hours of the PSA's line",
    items: { of: "psa", on: { key: "f.key" }, atStake: "item.value" },
  },
  remedy: null,
};

export const timeWaiting: Rule = {
  id: "TIM-07",
  version: 1,
  title: "Time waits for approval",
  because: "Hours handed in more than two working days ago and not decided on miss the next invoice.",
  owner: "PMO",
  severity: 3,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "time-waiting", kinds: ["mismatch"], settle: "1h" }],
  money: {
    basis: "money",
    words: "contract rate × billable hours that wait",
    plus: "toDecimal64OrNull(carried.worth, 4)",
  },
  // Approving is a person's act: the manager has to look at the week.
  remedy: null,
};

export const TIME_RULES: readonly Rule[] = [
  timeMissing,
  timeUnapproved,
  timeDiffers,
  timeCoding,
  timeBillable,
  timeTwice,
  timeWaiting,
];
