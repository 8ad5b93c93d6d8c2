/** The people who book time: who they are in each system, what they cost, and whether they are still there. */
import type { Comparison } from "../comparison.ts";
import { PERSON_FALLBACK } from "./fallbacks.ts";

const resources: Comparison = {
  id: "resources",
  title: "People in delivery and employees in finance",
  entity: "resource",
  left: { role: "psa", view: "side_psa_resource", reads: ["resource"], noun: "active person" },
  right: { role: "erp", view: "side_erp_resource", reads: ["resource"], noun: "employee" },
  fields: [{ name: "role_name", label: "role", as: "attribute", normalise: "name", emptyAgrees: true }],
  carry: ["person_name"],
  find: "direct",
  settle: "24h",
  fallback: PERSON_FALLBACK,
};

const costRates: Comparison = {
  id: "cost-rates",
  title: "What people cost in finance and in delivery",
  entity: "resource",
  left: {
    role: "erp",
    view: "side_erp_cost_rate",
    reads: ["resource"],
    noun: "cost rate of an active person",
  },
  right: {
    role: "psa",
    view: "side_psa_cost_rate",
    reads: ["resource", "time_entry"],
    noun: "cost rate in the same currency",
  },
  fields: [{ name: "cost_rate", label: "cost rate", as: "measure", tolerancePct: "0.5" }],
  carry: ["person_name", "hours"],
  find: "direct",
  settle: "24h",
};

const leavers: Comparison = {
  id: "leavers",
  title: "People who have left and what is still booked on them",
  entity: "resource",
  left: {
    role: "erp",
    view: "side_erp_leaver",
    dated: true,
    reads: ["resource"],
    noun: "person who has left",
  },
  right: {
    role: "psa",
    view: "side_psa_leaver",
    dated: true,
    reads: ["resource", "assignment", "time_entry"],
    noun: "count of what is booked on them",
  },
  fields: [
    { name: "bookings", label: "active assignments after the last day", as: "measure", limit: "left" },
    { name: "late_lines", label: "time lines after the last day", as: "measure", limit: "left" },
  ],
  carry: ["person_name", "last_on"],
  find: "direct",
  settle: "4h",
};

export const RESOURCE_COMPARISONS: readonly Comparison[] = [resources, costRates, leavers];
