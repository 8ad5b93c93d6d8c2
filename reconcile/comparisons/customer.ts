/** Clients: every system knows the same ones, under the same name and terms. */
import type { Comparison } from "../comparison.ts";
import { CLIENT_FALLBACK } from "./fallbacks.ts";

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

const clients: Comparison = {
  id: "clients",
  title: "Clients with a signed contract and what finance holds of them",
  entity: "customer",
  left: {
    role: "crm",
    view: "side_crm_client",
    dated: true,
    reads: ["customer", "contract"],
    noun: "client with a signed contract",
  },
  right: { role: "erp", view: "side_erp_client", dated: true, reads: ["customer"], noun: "customer" },
  fields: [
    {
      name: "signing_entity",
      label: "legal entity",
      as: "attribute",
      heldAs: { left: "contract.legal_entity", right: "legal_entity" },
    },
    {
      name: "signing_currency",
      label: "currency",
      as: "attribute",
      heldAs: { left: "contract.currency", right: "currency" },
    },
    {
      name: "payment_terms",
      label: "payment terms",
      as: "attribute",
      normalise: "code",
      heldAs: { left: "contract.payment_terms" },
    },
    { name: "parent_key", label: "parent", as: "attribute" },
  ],
  carry: ["client"],
  find: "direct",
  settle: "1h",
  fallback: CLIENT_FALLBACK,
};

const clientWork: Comparison = {
  id: "client-work",
  title: "Clients with active work and whether finance may bill them",
  entity: "customer",
  left: {
    role: "psa",
    view: "side_psa_working_client",
    reads: ["project"],
    noun: "client with active billable projects",
  },
  right: { role: "erp", view: "side_erp_working_client", reads: ["customer"], noun: "customer" },
  fields: [
    {
      name: "status",
      label: "state",
      as: "attribute",
      heldAs: { left: "project.is_active", right: "is_active" },
    },
  ],
  carry: ["projects"],
  find: "direct",
  settle: "1h",
};

const customerRecords: Comparison = {
  id: "customer-records",
  title: "Customers that finance may hold more than once",
  entity: "customer",
  keyedBy: "the tax number, or the name and legal entity",
  left: {
    role: "erp",
    view: "side_erp_customer_once",
    reads: ["customer"],
    noun: "tax number, or name in a legal entity,",
  },
  right: {
    role: "erp",
    view: "side_erp_customer_records",
    reads: ["customer"],
    noun: "group of active customer records",
  },
  fields: [
    {
      name: "records",
      label: "number of active records",
      as: "measure",
      limit: "left",
      heldAs: { left: "name", right: "name" },
    },
  ],
  carry: ["names"],
  find: "direct",
  settle: "24h",
};

export const CUSTOMER_COMPARISONS: readonly Comparison[] = [
  customerNames("psa"),
  customerNames("erp"),
  clients,
  clientWork,
  customerRecords,
];
