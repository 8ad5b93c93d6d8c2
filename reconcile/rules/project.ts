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

export const PROJECT_RULES: readonly Rule[] = [projectMissing, projectCode, projectStatus, projectDates];
