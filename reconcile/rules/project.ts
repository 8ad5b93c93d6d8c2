/** Projects: every active billable project of delivery is in finance, open, under the same code and dates. */
import type { Money, Rule } from "../rule.ts";
import { CUSTOMER_MISSING } from "./parents.ts";

const UNBILLED: Money = {
  basis: "money",
  words: "contract rate × hours of the project's approved billable time that is not invoiced",
  items: {
    of: "psa",
    on: { project_key: "f.key" },
    where: "item.is_billable = 1",
    uninvoiced: true,
    atStake: "item.value",
  },
};

export const projectMissing: Rule = {
  id: "PRJ-01",
  version: 1,
  title: "Project missing in ERP",
  because: "Time on a project that finance does not know cannot be posted, so none of it can be invoiced.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "projects", kinds: ["missing_right"], settle: "1h" }],
  absorbedBy: [CUSTOMER_MISSING],
  money: {
    basis: "money",
    words: "contract rate × hours of the project's approved billable time that is not in the ERP",
    items: {
      of: "psa",
      on: { project_key: "f.key" },
      where: "item.is_billable = 1",
      unposted: true,
      atStake: "item.value",
    },
  },
  remedy: "Create the project in the ERP under the PSA's id and code.",
};

export const projectCode: Rule = {
  id: "PRJ-03",
  version: 1,
  title: "Project code differs",
  because: "Reports and uploads that go by the code book the work to another project, or to none.",
  owner: "Finance operations",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "projects", kinds: ["mismatch"], fields: ["code"], settle: "4h" }],
  money: UNBILLED,
  remedy: null,
};

export const projectStatus: Rule = {
  id: "PRJ-06",
  version: 1,
  title: "Project open on one side, closed on the other",
  because:
    "Finance cannot bill work on a project it has closed, and costs still reach a project that delivery has finished.",
  owner: "Finance operations",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "project-status", kinds: ["mismatch"], fields: ["status"], settle: "4h" }],
  money: UNBILLED,
  remedy:
    "Close the project in the PSA, where the ERP is configured as the system of record. Otherwise a person, in the system itself.",
};

export const projectDates: Rule = {
  id: "PRJ-08",
  version: 1,
  title: "Project dates differ",
  because: "Finance forecasts and closes the project on other days than delivery plans it.",
  owner: "PMO",
  severity: 3,
  blocks: "no",
  per: "key",
  claims: [{ comparison: "projects", kinds: ["mismatch"], fields: ["start_on", "end_on"], settle: "24h" }],
  money: { basis: "none" },
  remedy: null,
};

export const projectOrphaned: Rule = {
  id: "PRJ-02",
  version: 1,
  title: "ERP project without a PSA project",
  because: "Cost gathers on a project nobody delivers, runs or invoices.",
  owner: "PMO",
  severity: 3,
  blocks: "no",
  per: "key",
  claims: [{ comparison: "running-projects", kinds: ["missing_left"], settle: "24h" }],
  money: {
    basis: "money",
    words: "hours booked on the project in the ERP × cost rate of the person",
    plus: "toDecimal64OrNull(carried.cost_booked, 4)",
  },
  // Closing a project in the ledger takes a zero balance, which only finance can see to.
  remedy: null,
};

export const projectDimensions: Rule = {
  id: "PRJ-04",
  version: 1,
  title: "Department, practice or region differ",
  because: "Revenue and cost are reported under another unit than the one that does the work.",
  owner: "Finance operations",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [
    {
      comparison: "projects",
      kinds: ["mismatch"],
      fields: ["department", "practice", "region"],
      settle: "4h",
    },
  ],
  money: {
    basis: "money",
    words: "nothing is lost, only misreported; the project's uninvoiced lines are listed with their value",
    items: {
      of: "psa",
      on: { project_key: "f.key" },
      where: "item.is_billable = 1",
      uninvoiced: true,
      atStake: "toDecimal64(0, 4)",
    },
  },
  remedy: null,
};

export const projectEntity: Rule = {
  id: "PRJ-05",
  version: 1,
  title: "Legal entity of a project differs or is not mapped",
  because: "The invoice would go out in the name of a company the client has no contract with.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "projects", kinds: ["mismatch"], fields: ["legal_entity"], settle: "1h" }],
  money: UNBILLED,
  remedy: null,
};

export const projectEarly: Rule = {
  id: "PRJ-07",
  version: 1,
  title: "Time before the project started",
  because: "Work done before a project is set up and agreed may be refused by the client.",
  owner: "PMO",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "project-starts", kinds: ["mismatch"], settle: "1h" }],
  money: {
    basis: "money",
    words: "contract rate × hours of uninvoiced approved billable time dated before the project's start",
    items: {
      of: "psa",
      on: { project_key: "f.key" },
      where: "item.is_billable = 1 AND item.work_on < toDate(carried.start_day)",
      uninvoiced: true,
      atStake: "item.value",
    },
  },
  // What was worked cannot be worked again later; a person moves the start or the time.
  remedy: null,
};

export const PROJECT_RULES: readonly Rule[] = [
  projectMissing,
  projectOrphaned,
  projectCode,
  projectDimensions,
  projectEntity,
  projectStatus,
  projectEarly,
  projectDates,
];
