/** Sales and contracts: what was sold is signed, and what was signed is what is worked and billed. */
import type { Money, Rule } from "../rule.ts";
import { CONTRACT_UNSTAFFED } from "./parents.ts";

const ON_PROJECT: Money = {
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

/** Lines of the projects that the finding lists. */
const OF_PROJECTS =
  "item.is_billable = 1 AND item.currency = f.currency AND has(splitByChar(',', carried.projects), item.project_key)";

export const saleWithoutProject: Rule = {
  id: "OPP-01",
  version: 1,
  title: "Won sale without a project",
  because: "Nobody plans or staffs what was sold, and the client waits.",
  owner: "PMO",
  severity: 2,
  blocks: "no",
  per: "key",
  claims: [{ comparison: "won-sales", kinds: ["missing_right"], settle: "4h" }],
  absorbedBy: [CONTRACT_UNSTAFFED],
  money: {
    basis: "money",
    words:
      "the sale's amount spread evenly over its contract's days, of it the first 90; all of it where no signed contract gives them",
    plus: "toDecimal64OrNull(carried.first_quarter, 4)",
  },
  remedy: null,
};

export const saleAmount: Rule = {
  id: "OPP-02",
  version: 1,
  title: "Sale differs from the signed contract",
  because: "The backlog that people plan by is not what clients signed.",
  owner: "Commercial",
  severity: 3,
  blocks: "no",
  per: "key",
  claims: [{ comparison: "sale-amounts", kinds: ["mismatch"], fields: ["amount", "sold_in"], settle: "24h" }],
  money: {
    basis: "money",
    words:
      "difference between the contract's value and the sale's; the whole value where the currency differs",
    plus: "if(left.sold_in = right.sold_in, abs(left.amount - right.amount), left.amount)",
  },
  remedy: null,
};

export const saleNotWon: Rule = {
  id: "OPP-03",
  version: 1,
  title: "Active project of a sale that is not won",
  because: "People work on what the client has turned down, or has not bought yet.",
  owner: "Commercial",
  severity: 1,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "sale-outcomes", kinds: ["mismatch"], fields: ["outcome"], settle: "4h" }],
  money: {
    basis: "money",
    words: "contract rate × hours of the approved billable time on its projects that is not invoiced",
    items: {
      of: "psa",
      on: { customer_key: "f.customer_key" },
      where: OF_PROJECTS,
      uninvoiced: true,
      atStake: "item.value",
    },
  },
  remedy: null,
};

export const contractWithoutProject: Rule = {
  id: "CON-01",
  version: 1,
  title: "Signed contract without a project",
  because: "What the client signed is neither worked nor billed.",
  owner: "PMO",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "signed-contracts", kinds: ["missing_right"], settle: "4h" }],
  money: {
    basis: "money",
    words:
      "the contract's value with its signed amendments, spread evenly over its days, of it what falls in the next 60 days; all of it where a date is missing",
    plus: "toDecimal64OrNull(carried.due, 4)",
  },
  remedy: null,
};

export const billingModel: Rule = {
  id: "CON-02",
  version: 1,
  title: "Billed another way than signed",
  because: "Hours are billed on a fixed price, or a fixed price on hours.",
  owner: "Commercial",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [
    { comparison: "billing-models-psa", kinds: ["mismatch"], fields: ["model"], settle: "4h" },
    { comparison: "billing-models-erp", kinds: ["mismatch"], fields: ["model"], settle: "4h" },
  ],
  money: ON_PROJECT,
  remedy: null,
};

export const workAfterEnd: Rule = {
  id: "CON-03",
  version: 1,
  title: "Work after the contract's end",
  because: "The client has not agreed to pay for work after the last day of its contract and amendments.",
  owner: "Commercial",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "contract-ends", kinds: ["mismatch"], fields: ["late_hours"], settle: "4h" }],
  money: {
    basis: "money",
    words: "contract rate × hours of approved billable time after that day that is not invoiced",
    items: {
      of: "psa",
      on: { customer_key: "f.customer_key" },
      where: `${OF_PROJECTS} AND item.work_on > toDate(carried.ends_on)`,
      uninvoiced: true,
      atStake: "item.value",
    },
  },
  remedy: null,
};

export const overCap: Rule = {
  id: "CON-04",
  version: 1,
  title: "Worked beyond the contract's cap",
  because: "What is worked beyond the cap cannot be billed until an amendment raises it.",
  owner: "Commercial",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "contract-caps", kinds: ["mismatch"], fields: ["excess"], settle: "1h" }],
  money: {
    basis: "money",
    words:
      "contract rate × hours of approved billable time under the contract, invoiced or not, beyond the cap and what signed amendments add to it",
    items: {
      from: "time_beyond_cap",
      of: "psa",
      on: { contract_key: "f.key" },
      where: "item.beyond > 0",
      atStake: "item.beyond",
    },
  },
  remedy: null,
};

export const purchaseOrderMissing: Rule = {
  id: "CON-07",
  version: 1,
  title: "Purchase order missing",
  because: "The client sends back invoices that name no purchase order.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "purchase-orders", kinds: ["mismatch"], fields: ["purchase_order"], settle: "4h" }],
  money: ON_PROJECT,
  remedy: null,
};

export const CONTRACT_RULES: readonly Rule[] = [
  saleWithoutProject,
  saleAmount,
  saleNotWon,
  contractWithoutProject,
  billingModel,
  workAfterEnd,
  overCap,
  purchaseOrderMissing,
];
