/** Sales and what was signed for them: worked under, billed as agreed, within its dates and its cap. */
import type { Comparison, Side } from "../comparison.ts";
import { CONTRACT_FALLBACK, SALE_FALLBACK } from "./fallbacks.ts";

/** Projects name their contract, or the sale it was signed for. */
const LINKED = ["project.contract_ref|project.opportunity_ref"];

const psa = (view: string, noun: string, more: Partial<Side> = {}): Side => ({
  role: "psa",
  view,
  reads: ["project"],
  noun,
  needs: LINKED,
  ...more,
});

const signedContracts: Comparison = {
  id: "signed-contracts",
  title: "Signed contracts and the projects worked under them",
  entity: "contract",
  left: {
    role: "crm",
    view: "side_crm_signed_contract",
    dated: true,
    reads: ["contract", "opportunity"],
    noun: "signed contract with a value that has not ended",
  },
  right: psa("side_psa_contract_project", "project under it"),
  fields: [],
  carry: ["number", "due"],
  find: "direct",
  settle: "4h",
  fallback: CONTRACT_FALLBACK,
};

const wonSales: Comparison = {
  id: "won-sales",
  title: "Won sales and their projects",
  entity: "opportunity",
  left: {
    role: "crm",
    view: "side_crm_won_sale",
    dated: true,
    reads: ["opportunity", "contract"],
    noun: "sale won within the last year",
  },
  right: psa("side_psa_sale_project", "project for it"),
  fields: [],
  carry: ["sale", "contract_key", "first_quarter"],
  find: "direct",
  settle: "4h",
  fallback: SALE_FALLBACK,
};

const saleAmounts: Comparison = {
  id: "sale-amounts",
  title: "Values of signed contracts and of the sales they were signed for",
  entity: "contract",
  left: {
    role: "crm",
    view: "side_crm_sold_contract",
    reads: ["contract"],
    noun: "signed contract with a value",
  },
  right: {
    role: "crm",
    view: "side_crm_contract_sale",
    reads: ["opportunity"],
    noun: "sum of the won sales that name it",
  },
  fields: [
    {
      name: "amount",
      label: "amount",
      as: "measure",
      tolerance: "100",
      tolerancePct: "0.5",
      heldAs: { left: "value", right: "opportunity.amount" },
    },
    {
      name: "sold_in",
      label: "currency",
      as: "attribute",
      heldAs: { left: "currency", right: "opportunity.currency" },
    },
  ],
  carry: ["number"],
  find: "direct",
  settle: "24h",
};

const saleOutcomes: Comparison = {
  id: "sale-outcomes",
  title: "Sales that active projects are for and how they came out",
  entity: "opportunity",
  left: {
    role: "crm",
    view: "side_crm_sale_outcome",
    reads: ["opportunity"],
    noun: "sale",
  },
  right: psa("side_psa_sale_outcome", "sale that active projects are for", {
    needs: ["project.opportunity_ref"],
  }),
  fields: [
    {
      name: "outcome",
      label: "outcome",
      as: "attribute",
      heldAs: { left: "is_won", right: "project.is_active" },
    },
  ],
  carry: ["sale", "stage", "projects"],
  find: "direct",
  settle: "4h",
};

const billingModels = (role: "psa" | "erp"): Comparison => ({
  id: `billing-models-${role}`,
  title: `How contracts are billed and how ${role === "psa" ? "delivery" : "finance"} bills their projects`,
  entity: "project",
  left: {
    role: "crm",
    view: "side_crm_billing_model",
    reads: ["contract", "opportunity"],
    noun: "contract of an active billable project",
    needs: ["contract.billing_type"],
  },
  right: {
    role,
    view: `side_${role}_billing_model`,
    reads: ["project"],
    noun: "project",
    ...(role === "psa" ? { needs: LINKED } : {}),
  },
  fields: [
    {
      name: "model",
      label: "billing model",
      as: "attribute",
      heldAs: { left: "contract.billing_type", right: "billing_type" },
    },
  ],
  carry: ["project_name", "contract_number"],
  find: "direct",
  settle: "4h",
});

const contractEnds: Comparison = {
  id: "contract-ends",
  title: "Contracts and work after their last day",
  entity: "contract",
  left: {
    role: "crm",
    view: "side_crm_contract_end",
    reads: ["contract", "opportunity"],
    noun: "signed contract with a last day",
    needs: ["contract.end_on"],
  },
  right: psa("side_psa_contract_end", "sum of the approved time under it", {
    reads: ["time_entry", "project"],
  }),
  fields: [
    {
      name: "late_hours",
      label: "billable hours after the contract's last day",
      as: "measure",
      limit: "left",
      heldAs: { left: "end_on", right: "time_entry.hours" },
    },
  ],
  carry: ["number", "ends_on", "projects"],
  find: "direct",
  settle: "4h",
};

const contractCaps: Comparison = {
  id: "contract-caps",
  title: "Capped contracts and work beyond the cap",
  entity: "contract",
  left: {
    role: "crm",
    view: "side_crm_contract_cap",
    reads: ["contract", "opportunity", "rate_line"],
    noun: "signed contract with a cap",
    needs: ["contract.cap"],
  },
  right: psa("side_psa_contract_cap", "sum of the approved time under it", {
    reads: ["time_entry", "project", "resource"],
  }),
  fields: [
    {
      name: "excess",
      label: "value of work beyond the cap",
      as: "measure",
      limit: "left",
      heldAs: { left: "cap", right: "time_entry.hours" },
    },
  ],
  carry: ["number", "cap"],
  find: "direct",
  settle: "1h",
};

const purchaseOrders: Comparison = {
  id: "purchase-orders",
  title: "Purchase orders that contracts require and that projects carry",
  entity: "project",
  left: {
    role: "crm",
    view: "side_crm_purchase_order",
    reads: ["contract", "opportunity"],
    noun: "active billable project whose contract requires a purchase order",
    needs: ["contract.is_po_required"],
  },
  right: { role: "erp", view: "side_erp_purchase_order", reads: ["project"], noun: "project" },
  fields: [
    {
      name: "purchase_order",
      label: "purchase order",
      as: "attribute",
      heldAs: { left: "contract.is_po_required", right: "po_number" },
    },
  ],
  carry: ["project_name", "contract_number", "contract_po_number"],
  find: "direct",
  settle: "4h",
};

export const CONTRACT_COMPARISONS: readonly Comparison[] = [
  signedContracts,
  wonSales,
  saleAmounts,
  saleOutcomes,
  billingModels("psa"),
  billingModels("erp"),
  contractEnds,
  contractCaps,
  purchaseOrders,
];
