/** Billable events. */
import type { Comparison } from "../comparison.ts";
import { MILESTONE_FALLBACK } from "./fallbacks.ts";

const milestones: Comparison = {
  id: "milestones",
  title: "Accepted milestones and what finance is ready to bill",
  entity: "milestone",
  left: { role: "psa", view: "side_psa_milestone", reads: ["milestone"], noun: "accepted milestone" },
  right: {
    role: "erp",
    view: "side_erp_milestone",
    reads: ["milestone"],
    noun: "milestone that is billed or ready to be",
  },
  fields: [
    { name: "amount", label: "amount", as: "measure", tolerance: "0.01" },
    { name: "due_on", label: "date", as: "date" },
  ],
  carry: ["milestone_name", "status"],
  find: "direct",
  settle: "4h",
  fallback: MILESTONE_FALLBACK,
};

export const MILESTONE_COMPARISONS: readonly Comparison[] = [milestones];
