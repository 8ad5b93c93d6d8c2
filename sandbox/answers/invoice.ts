/** The answers of the rules about invoices. */
import { compare, type DecimalText, fixed, multiply, subtract, sum } from "#core/decimal";
import { expectedRate, stake } from "../faults/stakes.ts";
import type { Answer, Evaluate, Evidence } from "./answer.ts";
import {
  type BilledLine,
  type BillingBooks,
  differ,
  gap,
  type InvoiceRow,
  isQuiet,
  readBilling,
  total,
} from "./billing-books.ts";
import { billingMonths } from "./billing-months.ts";

const standing = (billing: BillingBooks) => billing.invoices.filter((i) => !i.isVoid);

const answer = (
  rule: string,
  comparison: string,
  invoice: InvoiceRow,
  fields: readonly string[],
  amount: DecimalText,
): Answer => ({
  rule,
  comparison,
  key: invoice.key,
  kind: "mismatch",
  fields,
  money: stake(amount, invoice.currency),
});

const rates: Evaluate = ({ firm, stores, books }) => {
  const lines = new Map(books.psaLines.filter((l) => l.isApproved).map((l) => [`time ${l.key}`, l]));
  return standing(readBilling(stores)).flatMap((invoice) => {
    const differences = invoice.lines.flatMap((line) => {
      const work = lines.get(line.item);
      const rate = work && expectedRate(books, work.project, work.resource, work.on);
      if (!rate || line.rate === null || !differ(rate, line.rate, "0.005")) return [];
      return [fixed(multiply(gap(rate, line.rate), line.hours), 4)];
    });
    if (differences.length === 0 || !isQuiet(firm, 1, invoice.at)) return [];
    return [answer("INV-02", "invoice-rates", invoice, ["off_rate_lines", "difference"], sum(differences))];
  });
};

const totals: Evaluate = ({ firm, stores }) =>
  standing(readBilling(stores)).flatMap((invoice) => {
    const { length } = invoice.lines;
    const cents = Math.min(length, 100);
    const lines = total(invoice.lines);
    const isOff = differ(lines, invoice.total, multiply(String(cents), "0.01"));
    if (length === 0 || !isOff || !isQuiet(firm, 1, invoice.at)) return [];
    return [answer("INV-03", "invoice-totals", invoice, ["total"], gap(lines, invoice.total))];
  });

/** How much there is of an item: the hours of a line of time, the amount of anything else. */
function wholes({ books }: Evidence, billing: BillingBooks): Map<string, DecimalText> {
  return new Map([
    ...books.psaLines.map((l) => [`time ${l.key}`, l.hours] as const),
    ...billing.psaExpenses.filter((e) => e.isApproved).map((e) => [`expense ${e.key}`, e.amount] as const),
    ...billing.psaMilestones
      .filter((m) => m.isAccepted)
      .map((m) => [`milestone ${m.key}`, m.amount] as const),
  ]);
}

const repeats: Evaluate = (evidence) => {
  const billing = readBilling(evidence.stores);
  const whole = wholes(evidence, billing);
  const byItem = new Map<string, { invoice: InvoiceRow; line: BilledLine }[]>();
  for (const invoice of standing(billing))
    for (const line of invoice.lines)
      if (line.item !== "") byItem.set(line.item, [...(byItem.get(line.item) ?? []), { invoice, line }]);
  const again = new Map<InvoiceRow, DecimalText[]>();
  for (const [item, billed] of byItem) {
    const charged = billed.filter((b) => compare(b.line.amount, "0") > 0);
    const credited = billed.filter((b) => compare(b.line.amount, "0") < 0);
    const surplus = charged.length - credited.length - 1;
    if (surplus <= 0) continue;
    const much = (b: { line: BilledLine }) => (item.startsWith("time ") ? b.line.hours : b.line.amount);
    const credit = item.startsWith("time ")
      ? sum(credited.map(much))
      : subtract("0", sum(credited.map(much)));
    const most = whole.get(item) ?? "0";
    if (compare(subtract(subtract(sum(charged.map(much)), credit), most), "0.01") <= 0) continue;
    const inOrder = charged.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    for (const { invoice, line } of inOrder.slice(1, 1 + surplus))
      again.set(invoice, [...(again.get(invoice) ?? []), line.amount]);
  }
  return [...again].flatMap(([invoice, amounts]) =>
    isQuiet(evidence.firm, 1, invoice.at)
      ? [answer("INV-04", "invoice-repeats", invoice, ["repeated_lines", "repeated_amount"], sum(amounts))]
      : [],
  );
};

const orderOf = ({ invoice }: { invoice: InvoiceRow }) => `${invoice.on}|${invoice.key}`;

const voids: Evaluate = ({ firm, stores, books }) => {
  const billing = readBilling(stores);
  const live = new Set(standing(billing).flatMap((i) => i.lines.map((l) => l.item)));
  const flagged = new Map<string, number>([
    ...books.psaLines
      .filter((l) => l.isInvoiced)
      .map((l) => [`time ${l.key}`, billing.weekChanged.get(l.key.split("_")[0] ?? "") ?? 0] as const),
    ...billing.psaExpenses.filter((e) => e.isInvoiced).map((e) => [`expense ${e.key}`, e.at] as const),
    ...billing.psaMilestones.filter((m) => m.isInvoiced).map((m) => [`milestone ${m.key}`, m.at] as const),
  ]);
  return billing.invoices.flatMap((invoice) => {
    const left = invoice.lines.filter(
      (l) => flagged.has(l.item) && !live.has(l.item) && compare(l.amount, "0") > 0,
    );
    const moments = left.map((l) => flagged.get(l.item) ?? 0);
    if (!invoice.isVoid || left.length === 0 || !isQuiet(firm, 4, invoice.at, ...moments)) return [];
    return [answer("INV-07", "invoice-voids", invoice, ["items", "amount"], total(left))];
  });
};

/** An invoice must name an order where the project has one or the contract behind its sale asks for one. */
const orders: Evaluate = ({ firm, stores: { salesforce, netsuite }, stores }) => {
  const jobs = new Map([...netsuite.rows("job")].map((job) => [String(job.externalId ?? ""), job]));
  return standing(readBilling(stores)).flatMap((invoice) => {
    const project = salesforce.get("pse__Proj__c", invoice.project);
    const job = jobs.get(invoice.project);
    const sale = salesforce.get("Opportunity", String(project?.pse__Opportunity__c ?? ""));
    const contract = salesforce.get("Contract", String(sale?.ContractId ?? ""));
    const isNeeded = Boolean(job?.custentity_po_number) || contract?.PO_Required__c === true;
    const moments = [
      invoice.at,
      Number(project?.SystemModstamp ?? 0),
      Number(job?.lastModifiedDate ?? 0),
      Number(contract?.SystemModstamp ?? 0),
    ];
    if (!isNeeded || invoice.purchaseOrder !== "" || !isQuiet(firm, 1, ...moments)) return [];
    return [answer("INV-08", "invoice-orders", invoice, ["purchase_order"], invoice.total)];
  });
};

export const INVOICE_ANSWERS: readonly Evaluate[] = [billingMonths, rates, totals, repeats, voids, orders];
