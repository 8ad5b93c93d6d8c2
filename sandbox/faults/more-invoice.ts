/** Faults and near misses in invoices whose answers are worked out (see sandbox/answers). */
import { add, multiply, subtract, sum } from "#core/decimal";
import { addDays } from "#core/time";
import { addMonths, DAY, firstOf, monthOf } from "../firm/calendar.ts";
import type { Invoice } from "../firm/model.ts";
import { createRandom } from "../firm/random.ts";
import type { Row } from "../vendor-store.ts";
import { type Planting, settledAfter } from "./planting.ts";

/** How many of each. */
const EACH = 2;

function plantInvoices(planting: Planting): void {
  const { firm, plan, ns, settled, ago } = planting;
  const random = createRandom(firm.seed, "invoice faults");
  const left = random.shuffled(
    firm.invoices.filter(
      (i) =>
        !plan.withheld.has(i.projectId) &&
        i.createdAt < firm.asOf - 3 * DAY &&
        i.lines.filter((l) => l.timeLine !== null).length > 2,
    ),
  );
  const take = (count: number, where: (invoice: Invoice) => boolean = () => true): Invoice[] => {
    const taken = left.filter(where).slice(0, count);
    for (const invoice of taken) left.splice(left.indexOf(invoice), 1);
    return taken;
  };
  const books = writerOf(planting);
  const near = (rule: string, comparison: string, key: string, why: string, until: string | null = null) =>
    planting.nearMisses.push({ rule, comparison, key, why, pendingUntil: until });

  for (const [n, invoice] of take(EACH).entries()) {
    books.rate(invoice, n === 0 ? "12.5" : "-3", settled());
    const story = `A line of ${invoice.number} was billed at a rate nobody signed.`;
    planting.expect({ rule: "INV-02", comparison: "invoice-rates", key: ns(invoice.id), story });
  }
  for (const invoice of take(1)) {
    books.rate(invoice, "0.005", settled());
    near("INV-02", "invoice-rates", ns(invoice.id), "The rate is off by exactly half a cent: allowed.");
  }
  for (const [n, invoice] of take(EACH).entries()) {
    books.put(invoice, { total: add(invoice.total, n === 0 ? "120" : "-1.01") }, settled());
    const story = `The total of ${invoice.number} was typed over.`;
    planting.expect({ rule: "INV-03", comparison: "invoice-totals", key: ns(invoice.id), story });
  }
  for (const invoice of take(1)) {
    books.put(invoice, { total: add(invoice.total, "0.03") }, settled());
    near("INV-03", "invoice-totals", ns(invoice.id), "The total is off by a cent for each of three lines.");
  }
  for (const invoice of take(1)) {
    const at = ago(8);
    books.put(invoice, { total: add(invoice.total, "45") }, at);
    const until = settledAfter(at, 1);
    near("INV-03", "invoice-totals", ns(invoice.id), "The total was typed over minutes ago.", until);
  }
  for (const [n, invoice] of take(EACH).entries()) {
    const again = books.linesOf(invoice).slice(0, n + 1);
    const key = books.bill(invoice, again, `-A${n}`);
    const story = `${n + 1} of the lines of ${invoice.number} were billed again.`;
    planting.expect({ rule: "INV-04", comparison: "invoice-repeats", key, story });
  }
  for (const invoice of take(1)) {
    const [line = {}] = books.linesOf(invoice);
    const credit = { ...line, amount: subtract("0", String(line.amount)) };
    const key = books.bill(invoice, [line, credit], "-C");
    near("INV-04", "invoice-repeats", key, "Billed again and credited on the same invoice.");
  }
  for (const invoice of take(EACH)) {
    books.put(invoice, { status: "Voided" }, settled());
    const story = `${invoice.number} was voided and the PSA never heard of it.`;
    planting.expect({ rule: "INV-07", comparison: "invoice-voids", key: ns(invoice.id), story });
  }
  for (const invoice of take(1)) {
    books.bill(invoice, books.linesOf(invoice), "-R");
    books.put(invoice, { status: "Voided" }, settled());
    near("INV-07", "invoice-voids", ns(invoice.id), "Voided, and billed anew in full on another invoice.");
  }
  for (const invoice of take(1, (i) => hasOrder(i, planting))) {
    books.put(invoice, { otherRefNum: null }, settled());
    const story = `The client's purchase order was taken off ${invoice.number}.`;
    planting.expect({ rule: "INV-08", comparison: "invoice-orders", key: ns(invoice.id), story });
  }
  const late = firstOf(addMonths(monthOf(firm.today), -2));
  const months = new Set<string>();
  for (const invoice of take(EACH, (i) => dayBilled(i, planting) < late)) {
    const dropped = books.drop(invoice, settled());
    if (dropped === null || months.has(dropped)) continue;
    months.add(dropped);
    const story = `A line was taken off ${invoice.number} and put on no other invoice.`;
    planting.expect({ rule: "INV-01", comparison: "billing-months", key: dropped, story });
  }
  plantBilledNowhere(planting);
}

/** Time and an expense that the PSA calls invoiced and no invoice bills. */
function plantBilledNowhere(planting: Planting): void {
  const { firm, plan, stores, sf, settled, office } = planting;
  const used = new Set(
    Object.values(plan.lines)
      .flat()
      .map((l) => l.card.id),
  );
  const random = createRandom(firm.seed, "billed nowhere");
  const billable = new Set(firm.projects.filter((p) => p.isBillable).map((p) => p.id));
  const billed = { pse__Billed__c: true, pse__Invoiced__c: true };
  const cards = firm.timecards.filter(
    (c) =>
      c.isBillable &&
      billable.has(c.projectId) &&
      c.invoicedAt === null &&
      c.postedAt !== null &&
      c.postedAt < firm.asOf - 3 * DAY &&
      !plan.withheld.has(c.projectId) &&
      !used.has(c.id),
  );
  for (const card of random.shuffled(cards).slice(0, EACH)) {
    stores.salesforce.write("pse__Timecard_Header__c", sf(card.id), billed, office("billing", settled()));
    const day = card.hours.findIndex((h) => h !== "0.00");
    const key = `${sf(card.projectId)}|${addDays(card.weekStart, day).slice(0, 7)}`;
    const story = "A week was marked as invoiced in the PSA, and no invoice has it.";
    planting.expect({ rule: "INV-06", comparison: "billing-months", key, story });
  }
}

/** Whether the invoice and its project carry a purchase order, and the project was not changed within the last hours. */
function hasOrder(invoice: Invoice, { firm, stores, sf, ns }: Planting): boolean {
  const job = stores.netsuite.get("job", ns(invoice.projectId));
  const project = stores.salesforce.get("pse__Proj__c", sf(invoice.projectId));
  const changedAt = Math.max(Number(job?.lastModifiedDate), Number(project?.SystemModstamp));
  const isNamed = stores.netsuite.get("invoice", ns(invoice.id))?.otherRefNum && job?.custentity_po_number;
  return Boolean(isNamed) && changedAt < firm.asOf - DAY / 2;
}

/** The first day of work an invoice bills. */
function dayBilled(invoice: Invoice, { firm }: Planting): string {
  const line = invoice.lines.find((l) => l.timeLine !== null)?.timeLine ?? "";
  const [cardId = "", day = "0"] = line.split("|");
  const card = firm.timecards.find((c) => c.id === cardId);
  return card ? addDays(card.weekStart, Number(day)) : firm.today;
}

function writerOf(planting: Planting) {
  const { firm, stores, sf, ns, settled, office, byHand } = planting;
  const linesOf = (invoice: Invoice) =>
    (stores.netsuite.get("invoice", ns(invoice.id))?.lines ?? []) as readonly Row[];
  const total = (lines: readonly Row[]) => sum(lines.map((l) => String(l.amount)));
  const put = (invoice: Invoice, fields: Row, at: number) =>
    void stores.netsuite.write("invoice", ns(invoice.id), fields, byHand(at));
  return {
    linesOf,
    put,
    /** Changes the rate of the first line of time, and what follows from it. */
    rate(invoice: Invoice, by: string, at: number) {
      const first = linesOf(invoice).findIndex((l) => l.custcol_psa_time_id);
      const lines = linesOf(invoice).map((l, n) => {
        if (n !== first) return l;
        const rate = add(String(l.rate), by);
        return { ...l, rate, amount: multiply(rate, String(l.quantity)) };
      });
      put(invoice, { lines, total: total(lines) }, at);
    },
    /** Writes another invoice with these lines, days ago; returns its key. */
    bill(invoice: Invoice, lines: readonly Row[], suffix: string): string {
      const {
        id: _id,
        externalId: _externalId,
        ...row
      } = stores.netsuite.get("invoice", ns(invoice.id)) ?? {};
      const fields = {
        ...row,
        tranId: `${invoice.number}${suffix}`,
        tranDate: addDays(firm.today, -2),
        dueDate: addDays(firm.today, 28),
        status: "Open",
        lines,
        total: total(lines),
        amountRemaining: total(lines),
      };
      return stores.netsuite.write("invoice", null, fields, byHand(settled()));
    },
    /** Takes a line of time off and its week back to not invoiced; returns the project and month it belongs to. */
    drop(invoice: Invoice, at: number): string | null {
      const line = invoice.lines.find((l) => l.timeLine !== null)?.timeLine ?? "";
      const [cardId = "", day = "0"] = line.split("|");
      const card = firm.timecards.find((c) => c.id === cardId);
      if (!card) return null;
      const first = linesOf(invoice).findIndex((l) => l.custcol_psa_time_id);
      const lines = linesOf(invoice).filter((_, n) => n !== first);
      put(invoice, { lines, total: total(lines) }, at);
      const open = { pse__Billed__c: false, pse__Invoiced__c: false };
      stores.salesforce.write("pse__Timecard_Header__c", sf(card.id), open, office("billing", at));
      return `${sf(card.projectId)}|${addDays(card.weekStart, Number(day)).slice(0, 7)}`;
    },
  };
}

export const INVOICE_FAULTS: readonly ((planting: Planting) => void)[] = [plantInvoices];
