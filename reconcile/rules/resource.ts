/** People: who books time is an employee in finance, in the same role, at the same cost, and for as long as they are there. */
import type { Rule } from "../rule.ts";

/** A person's own currency: amounts of projects in another one could not be added up with the rest. */
const OWN_TIME = { resource_key: "f.key", currency: "f.currency" };

export const workerMissing: Rule = {
  id: "RES-01",
  version: 1,
  title: "Worker missing in ERP",
  because: "Time of a person whom finance does not employ cannot be posted, costed or invoiced.",
  owner: "People operations",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "resources", kinds: ["missing_right"], settle: "24h" }],
  money: {
    basis: "money",
    words:
      "contract rate × hours of the person's uninvoiced approved billable time on projects in their own currency",
    items: {
      of: "psa",
      on: OWN_TIME,
      where: "item.is_billable = 1",
      uninvoiced: true,
      atStake: "item.value",
    },
  },
  remedy: null,
};

export const workerRole: Rule = {
  id: "RES-02",
  version: 1,
  title: "Role of a person differs",
  because: "The role sets the rate: the two systems price the same hour differently.",
  owner: "People operations",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "resources", kinds: ["mismatch"], fields: ["role_name"], settle: "24h" }],
  money: {
    basis: "money",
    words:
      "nothing that can be told without knowing the right role; the person's uninvoiced lines are listed with their value",
    items: {
      of: "psa",
      on: OWN_TIME,
      where: "item.is_billable = 1",
      uninvoiced: true,
      atStake: "toDecimal64(0, 4)",
    },
  },
  remedy: null,
};

export const workerCost: Rule = {
  id: "RES-03",
  version: 1,
  title: "Cost rate differs",
  because: "Margins are planned and reported on a cost that is not what the person is paid.",
  owner: "Finance operations",
  severity: 2,
  blocks: "no",
  per: "key",
  claims: [{ comparison: "cost-rates", kinds: ["mismatch"], fields: ["cost_rate"], settle: "24h" }],
  money: {
    basis: "money",
    words: "difference in cost × hours of the person's uninvoiced approved billable time",
    plus: "abs(left.cost_rate - right.cost_rate) * toDecimal64OrZero(carried.hours, 4)",
  },
  remedy: null,
};

export const workerLeft: Rule = {
  id: "RES-04",
  version: 1,
  title: "Person who left still booked or booking time",
  because: "Work is planned on nobody, and hours after the last day cannot be genuine.",
  owner: "Resource management",
  severity: 1,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "leavers", kinds: ["mismatch"], settle: "4h" }],
  money: {
    basis: "money",
    words:
      "contract rate × hours of the person's uninvoiced approved billable time after the last day, on projects in their own currency",
    items: {
      of: "psa",
      on: OWN_TIME,
      where:
        "item.is_billable = 1 AND carried.last_on != '1970-01-01' AND item.work_on > toDate(carried.last_on)",
      uninvoiced: true,
      atStake: "item.value",
    },
  },
  remedy: null,
};

export const RESOURCE_RULES: readonly Rule[] = [workerMissing, workerRole, workerCost, workerLeft];
