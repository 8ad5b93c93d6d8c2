/** Clients: every system knows the same ones, under the same name and terms. */
import type { Comparison } from "../comparison.ts";

const customerNames = (role: "psa" | "erp"): Comparison => ({
  id: `customer-names-${role}`,
  title: `Client names in sales and in ${role === "psa" ? "delivery" : "finance"}`,
  entity: "customer",
  left: { role: "crm", view: "side_crm_customer", reads: ["customer"], noun: "client" },
  right: { role, view: `side_${role}_customer`, reads: ["customer"], noun: "client" },
  fields: [{ name: "name", label: "name", as: "attribute", normalise: "name" }],
  carry: [],
  find: "direct",
  settle: "24h",
});

export const CUSTOMER_COMPARISONS: readonly Comparison[] = [customerNames("psa"), customerNames("erp")];
