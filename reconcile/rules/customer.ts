/** Customers: every system calls a client by the same name. */
import type { Rule } from "../rule.ts";

export const customerName: Rule = {
  id: "CUS-08",
  version: 1,
  title: "Customer name differs",
  because: "Invoices, purchase orders and reports name a client that does not exist under that name.",
  owner: "Finance operations",
  severity: 3,
  blocks: "no",
  per: "key",
  claims: [
    { comparison: "customer-names-psa", kinds: ["mismatch"], fields: ["name"], settle: "24h" },
    { comparison: "customer-names-erp", kinds: ["mismatch"], fields: ["name"], settle: "24h" },
  ],
  money: { basis: "none" },
  remedy: null,
};

export const CUSTOMER_RULES: readonly Rule[] = [customerName];
