/** Invoices: they hold what was worked, once, at the signed price. */
import type { Rule } from "../rule.ts";
import { PROJECT_MISSING } from "./parents.ts";

export const itemUninvoiced: Rule = {
  id: "INV-01",
  version: 1,
  title: "Billable items on no invoice, a cycle late",
  because:
    "Work that was approved in time to be billed went out on no invoice of its month or of the month after.",
  owner: "Finance operations",
  severity: 1,
  blocks: "soft",
  per: "key",
  claims: [
    {
      comparison: "billing-months",
      kinds: ["mismatch"],
      fields: ["uninvoiced_time", "uninvoiced_expenses", "uninvoiced_milestones"],
      settle: "24h",
    },
  ],
  absorbedBy: [PROJECT_MISSING],
  money: {
    basis: "money",
    words:
      "contract rate × hours of the lines of time, and the amounts of the expenses and milestones, on no invoice",
    items: {
      of: "psa",
      on: { project_key: "f.project_key" },
      where: "has(splitByChar(',', carried.uninvoiced_keys), item.key)",
      atStake: "item.value",
    },
    plus: "toDecimal64OrZero(carried.uninvoiced_amount, 4)",
  },
  remedy: null,
};

export const invoiceRate: Rule = {
  id: "INV-02",
  version: 1,
  title: "Invoice line at another rate than the contract's",
  because: "The client is billed a rate nobody signed: money lost, or an invoice disputed.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "invoice-rates", kinds: ["mismatch"], settle: "1h" }],
  money: {
    basis: "money",
    words: "difference between the contract rate on the work date and the rate billed × hours of the line",
    plus: "abs(right.difference - left.difference)",
  },
  remedy: null,
};

export const invoiceTotal: Rule = {
  id: "INV-03",
  version: 1,
  title: "Invoice total is not the sum of its lines",
  because: "The client checks the sum, and pays neither.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "invoice-totals", kinds: ["mismatch"], settle: "1h" }],
  money: {
    basis: "money",
    words: "difference between the total and the lines with their tax",
    plus: "abs(right.total - left.total)",
  },
  remedy: null,
};

export const invoicedTwice: Rule = {
  id: "INV-04",
  version: 1,
  title: "Item invoiced twice",
  because: "The client is billed for the same work again.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "invoice-repeats", kinds: ["mismatch"], settle: "1h" }],
  money: {
    basis: "money",
    words: "amount of the lines that bill what an earlier invoice bills already, net of credits",
    plus: "right.repeated_amount",
  },
  remedy: null,
};

export const billedNowhere: Rule = {
  id: "INV-06",
  version: 1,
  title: "Invoiced according to the PSA, on no invoice of the ERP",
  because: "Nobody looks for work that counts as invoiced, so it is never billed.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "billing-months", kinds: ["mismatch"], fields: ["billed_items"], settle: "4h" }],
  absorbedBy: [PROJECT_MISSING],
  money: {
    basis: "money",
    words:
      "contract rate × hours of the lines of time, and the amounts of the expenses and milestones, that no invoice bills",
    items: {
      of: "psa",
      on: { project_key: "f.project_key" },
      where: "has(splitByChar(',', carried.unbacked_keys), item.key)",
      atStake: "item.value",
    },
    plus: "toDecimal64OrZero(carried.unbacked_amount, 4)",
  },
  remedy: null,
};

export const voidNotTold: Rule = {
  id: "INV-07",
  version: 1,
  title: "Voided invoice still counts as invoiced in the PSA",
  because: "What the voided invoice billed is free to be billed again, and the PSA says that it is done.",
  owner: "Finance operations",
  severity: 1,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "invoice-voids", kinds: ["mismatch"], settle: "4h" }],
  money: {
    basis: "money",
    words: "what the voided invoice billed of the items that no other invoice bills",
    plus: "left.amount",
  },
  remedy: null,
};

export const orderMissing: Rule = {
  id: "INV-08",
  version: 1,
  title: "Invoice names no purchase order",
  because: "The client asks for its order number on every invoice and sends back those without.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "invoice-orders", kinds: ["mismatch"], fields: ["purchase_order"], settle: "1h" }],
  money: {
    basis: "money",
    words: "total of the invoice",
    plus: "toDecimal64OrZero(carried.invoice_total, 4)",
  },
  remedy: null,
};

export const INVOICE_RULES: readonly Rule[] = [
  itemUninvoiced,
  invoiceRate,
  invoiceTotal,
  invoicedTwice,
  billedNowhere,
  voidNotTold,
  orderMissing,
];
