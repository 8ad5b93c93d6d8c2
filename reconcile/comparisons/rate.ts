/** Prices: what was signed against what systems plan and bill with. */
import type { Comparison } from "../comparison.ts";

const contractRateErp: Comparison = {
  id: "rates-contract-erp",
  title: "Contract rates and the prices finance bills with",
  entity: "rate_line",
  keyedBy: "client, role and currency",
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
  keyedBy: "client, role, currency and first day",
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
  keyedBy: "the price's id in the ERP",
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

const rateGaps: Comparison = {
  id: "rate-gaps",
  title: "Approved time and the days contract rates cover",
  entity: "rate_line",
  keyedBy: "client, role and currency",
  left: {
    role: "crm",
    view: "side_crm_rate_covered",
    reads: ["rate_line"],
    noun: "role with a signed contract rate",
  },
  right: {
    role: "psa",
    view: "side_psa_time_unpriced",
    reads: ["time_entry", "project", "resource"],
    noun: "role with approved time",
  },
  fields: [
    { name: "hours", label: "approved billable hours on days without a rate", as: "measure", limit: "left" },
  ],
  carry: ["role_name", "rate", "first_on", "last_on"],
  find: "direct",
  settle: "4h",
};

const overlaps = (role: "crm" | "psa", what: string): Comparison => ({
  id: `rates-overlap-${role}`,
  title: `Dates of ${what} for one role`,
  entity: "rate_line",
  keyedBy: "client, role and currency",
  left: { role, view: `side_${role}_rate_overlap`, reads: ["rate_line"], noun: `role with ${what}` },
  right: {
    role,
    view: `side_${role}_rate_apart`,
    reads: ["rate_line"],
    noun: "role of which only one may run at a time",
  },
  fields: [
    { name: "overlaps", label: "rates that start while an earlier one runs", as: "measure", limit: "right" },
  ],
  carry: ["role_name", "overlap_from", "overlap_to", "spread"],
  find: "direct",
  settle: "24h",
});

const projectCurrency: Comparison = {
  id: "project-currency",
  title: "Currencies that projects are billed in",
  entity: "project",
  left: {
    role: "psa",
    view: "side_psa_project_currency",
    reads: ["project"],
    noun: "active billable project",
  },
  right: { role: "erp", view: "side_erp_project_currency", reads: ["project"], noun: "project" },
  fields: [
    {
      name: "billed_in",
      label: "currency",
      as: "attribute",
      heldAs: { left: "currency", right: "currency" },
    },
  ],
  carry: ["project_name"],
  find: "direct",
  settle: "4h",
};

export const RATE_COMPARISONS: readonly Comparison[] = [
  contractRateErp,
  contractRatePsa,
  projectPrices,
  rateGaps,
  overlaps("crm", "signed contract rates"),
  overlaps("psa", "rates of delivery"),
  projectCurrency,
];
