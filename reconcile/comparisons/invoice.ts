/**
 * Bills to customers. What is wrong with an invoice is counted on it, against the none there should be: a single row per invoice, or
 * per project and month, however many lines stand behind it.
 */
import type { Comparison } from "../comparison.ts";

const billingMonths: Comparison = {
  id: "billing-months",
  title: "Billable work of each month and the invoices that bill it",
  entity: "invoice_line",
  keyedBy: "project and month",
  // What an exception carries is the left side's to tell.
  left: {
    role: "erp",
    view: "side_erp_billing_month",
    dated: true,
    reads: ["invoice", "invoice_line"],
    noun: "project month as invoiced",
  },
  right: {
    role: "psa",
    view: "side_psa_billing_month",
    reads: ["time_entry", "project"],
    noun: "project month with billable items",
  },
  fields: [
    {
      name: "uninvoiced_time",
      label: "lines of time on no invoice",
      as: "measure",
      limit: "right",
      heldAs: { left: "time_ref" },
    },
    {
      name: "uninvoiced_expenses",
      label: "expenses on no invoice",
      as: "measure",
      limit: "right",
      heldAs: { left: "expense_ref" },
    },
    {
      name: "uninvoiced_milestones",
      label: "milestones on no invoice",
      as: "measure",
      limit: "right",
      heldAs: { left: "milestone_ref" },
    },
    { name: "billed_items", label: "items invoiced", as: "measure", heldAs: { left: "time_ref" } },
  ],
  carry: ["uninvoiced_keys", "uninvoiced_amount", "unbacked_keys", "unbacked_amount"],
  find: "direct",
  settle: "24h",
};

const invoiceRates: Comparison = {
  id: "invoice-rates",
  title: "Contract rates and the rates on invoices",
  entity: "invoice",
  left: {
    role: "crm",
    view: "side_crm_invoice_rate",
    reads: ["rate_line"],
    noun: "invoice as the contract prices it",
  },
  right: {
    role: "erp",
    view: "side_erp_invoice_rate",
    reads: ["invoice", "invoice_line"],
    noun: "invoice as it was written",
  },
  fields: [
    {
      name: "off_rate_lines",
      label: "lines at another rate than the contract's",
      as: "measure",
      limit: "left",
    },
    { name: "difference", label: "difference to the contract's rates", as: "measure", limit: "left" },
  ],
  carry: ["number"],
  find: "direct",
  settle: "1h",
};

const invoiceRepeats: Comparison = {
  id: "invoice-repeats",
  title: "Invoices and what was billed before",
  entity: "invoice",
  left: {
    role: "erp",
    view: "side_erp_invoice_once",
    reads: ["invoice", "invoice_line"],
    noun: "invoice that bills each item once",
  },
  right: {
    role: "erp",
    view: "side_erp_invoice_repeat",
    reads: ["invoice", "invoice_line"],
    noun: "invoice as it was written",
  },
  fields: [
    { name: "repeated_lines", label: "lines billed before", as: "measure", limit: "left" },
    { name: "repeated_amount", label: "amount billed before", as: "measure", limit: "left" },
  ],
  carry: ["number"],
  find: "direct",
  settle: "1h",
};

const invoiceTotals: Comparison = {
  id: "invoice-totals",
  title: "Invoice totals and what their lines come to",
  entity: "invoice",
  left: {
    role: "erp",
    view: "side_erp_invoice_sum",
    reads: ["invoice", "invoice_line"],
    noun: "sum of the lines and the tax of an invoice",
  },
  right: {
    role: "erp",
    view: "side_erp_invoice_total",
    reads: ["invoice", "invoice_line"],
    noun: "total of the invoice",
  },
  fields: [{ name: "total", label: "total", as: "measure" }],
  carry: ["number"],
  find: "direct",
  settle: "1h",
};

const invoiceVoids: Comparison = {
  id: "invoice-voids",
  title: "Voided invoices and what delivery still calls invoiced",
  entity: "invoice",
  left: {
    role: "psa",
    view: "side_psa_invoice_void",
    reads: ["time_entry"],
    noun: "invoice as delivery knows it",
  },
  right: {
    role: "erp",
    view: "side_erp_invoice_void",
    reads: ["invoice", "invoice_line"],
    noun: "invoice as finance knows it",
  },
  fields: [
    {
      name: "items",
      label: "items called invoiced though the invoice was voided",
      as: "measure",
      limit: "right",
      heldAs: { right: "is_void" },
    },
    {
      name: "amount",
      label: "amount called invoiced though the invoice was voided",
      as: "measure",
      limit: "right",
      heldAs: { right: "is_void" },
    },
  ],
  carry: ["number"],
  find: "direct",
  settle: "4h",
};

const invoiceOrders: Comparison = {
  id: "invoice-orders",
  title: "Purchase orders that invoices must name",
  entity: "invoice",
  left: {
    role: "psa",
    view: "side_psa_invoice_order",
    reads: ["project"],
    noun: "invoice as the client asks for it",
  },
  right: {
    role: "erp",
    view: "side_erp_invoice_order",
    reads: ["invoice"],
    noun: "invoice as it was written",
  },
  fields: [
    { name: "purchase_order", label: "purchase order", as: "attribute", heldAs: { right: "po_number" } },
  ],
  carry: ["number", "invoice_total", "expected_order"],
  find: "direct",
  settle: "1h",
};

export const INVOICE_COMPARISONS: readonly Comparison[] = [
  billingMonths,
  invoiceRates,
  invoiceRepeats,
  invoiceTotals,
  invoiceVoids,
  invoiceOrders,
];
