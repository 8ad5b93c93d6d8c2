/** Reimbursable costs. */
import type { Comparison } from "../comparison.ts";
import { EXPENSE_FALLBACK } from "./fallbacks.ts";

const expenses: Comparison = {
  id: "expenses",
  title: "Approved expenses and what finance holds of them",
  entity: "expense",
  left: { role: "psa", view: "side_psa_expense", reads: ["expense"], noun: "approved expense" },
  right: { role: "erp", view: "side_erp_expense", reads: ["expense"], noun: "approved expense line" },
  fields: [
    { name: "amount", label: "amount", as: "measure", tolerance: "0.01" },
    { name: "currency", label: "currency", as: "attribute", normalise: "code" },
    {
      name: "billing",
      label: "billed on to the client",
      as: "attribute",
      heldAs: { left: "is_billable", right: "is_billable" },
    },
  ],
  carry: ["is_billable", "incurred_on", "category"],
  find: "direct",
  settle: "4h",
  fallback: EXPENSE_FALLBACK,
};

export const EXPENSE_COMPARISONS: readonly Comparison[] = [expenses];
