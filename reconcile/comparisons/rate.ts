/** Prices: what was signed against what systems plan and bill with. */
import type { Comparison } from "../comparison.ts";

const contractRateErp: Comparison = {
  id: "rates-contract-erp",
  title: "Contract rates and the prices finance bills with",
  entity: "rate_line",
  left: {
    role: "crm",
    view: "side_crm_rate_today",
    dated: true,
    reads: ["rate_line", "customer"],
    noun: "signed contract rate in force today",
  },
  right: {
    role: "erp",
    view: "side_erp_rate",
    reads: ["rate_line", "rate_card", "customer"],
    noun: "price of the customer's price list",
  },
  fields: [{ name: "rate", label: "rate", as: "measure", tolerance: "0.005" }],
  carry: ["role_name", "effective_from", "effective_to"],
  find: "direct",
  settle: "4h",
};

const contractRatePsa: Comparison = {
  id: "rates-contract-psa",
  title: "Contract rates and the rate cards of delivery",
  entity: "rate_line",
  left: {
    role: "crm",
    view: "side_crm_rate",
    reads: ["rate_line", "customer"],
    noun: "signed contract rate",
  },
  right: { role: "psa", view: "side_psa_rate", reads: ["rate_line"], noun: "rate card line" },
  fields: [{ name: "rate", label: "rate", as: "measure", tolerance: "0.005" }],
  carry: ["role_name", "effective_from", "effective_to"],
  find: "direct",
  settle: "4h",
};

const projectPrices: Comparison = {
  id: "project-prices",
  title: "Contract rates and the prices finance keeps for single projects",
  entity: "rate_line",
  left: {
    role: "crm",
    view: "side_crm_project_price",
    dated: true,
    reads: ["rate_line"],
    noun: "signed contract rate in force today",
  },
  right: {
    role: "erp",
    view: "side_erp_project_price",
    dated: true,
    reads: ["rate_line", "project"],
    noun: "price for a single project",
  },
  fields: [{ name: "rate", label: "rate", as: "measure", tolerance: "0.005" }],
  carry: ["role_name", "effective_from", "effective_to"],
  find: "direct",
  settle: "4h",
};

export const RATE_COMPARISONS: readonly Comparison[] = [contractRateErp, contractRatePsa, projectPrices];
