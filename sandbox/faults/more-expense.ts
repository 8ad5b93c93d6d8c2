/** Faults and near misses in expenses whose answers are worked out (see sandbox/answers). */
import { add } from "#core/decimal";
import { DAY } from "../firm/calendar.ts";
import { CURRENCY_IDS } from "../firm/netsuite-rows.ts";
import { createRandom } from "../firm/random.ts";
import type { Row } from "../vendor-store.ts";
import { type Planting, settledAfter } from "./planting.ts";

/** How many of each. */
const EACH = 2;

function plantExpenses(planting: Planting): void {
  const { firm, plan, stores, sf, ns, settled, byHand, ago } = planting;
  const comparison = "expenses";
  const settledOnes = firm.expenses.filter(
    (e) =>
      e.isBillable &&
      e.postedAt !== null &&
      e.postedAt < firm.asOf - 3 * DAY &&
      !plan.withheld.has(e.projectId),
  );
  const left = createRandom(firm.seed, "expense faults").shuffled(settledOnes);
  const take = (count: number) => left.splice(0, count);
  const change = (id: string, line: Row, at: number, report: Row = {}) => {
    const { lines } = stores.netsuite.get("expenseReport", ns(id)) as { lines: readonly Row[] };
    const fields = { ...report, lines: lines.map((l) => ({ ...l, ...line })) };
    stores.netsuite.write("expenseReport", ns(id), fields, byHand(at));
  };
  const amount = (id: string, value: string, at: number) =>
    change(id, { amount: value, rate: value }, at, { total: value, amountRemaining: value });
  const expect = (rule: string, id: string, story: string) =>
    planting.expect({ rule, comparison, key: sf(id), story });

  for (const expense of take(EACH)) {
    stores.netsuite.remove("expenseReport", ns(expense.id), byHand(settled()));
    expect("EXP-01", expense.id, "The expense report was deleted in the ERP.");
  }
  for (const expense of take(1)) {
    stores.netsuite.write("expenseReport", ns(expense.id), { status: "Rejected" }, byHand(settled()));
    expect("EXP-01", expense.id, "Finance turned down a report whose expense was approved in the PSA.");
  }
  for (const expense of take(EACH)) {
    amount(expense.id, add(expense.amount, "10.5"), settled());
    expect("EXP-02", expense.id, "The amount was typed differently in the ERP.");
  }
  for (const expense of take(1)) {
    const other = expense.currency === "EUR" ? CURRENCY_IDS.GBP : CURRENCY_IDS.EUR;
    change(expense.id, { currency: other }, settled(), { currency: other });
    expect("EXP-02", expense.id, "The report was entered in another currency.");
  }
  for (const expense of take(EACH)) {
    change(expense.id, { isBillable: false }, settled());
    expect("EXP-03", expense.id, "Finance bears a cost that the client agreed to pay.");
  }

  const near = (rule: string, id: string, why: string, pendingUntil: string | null = null) =>
    planting.nearMisses.push({ rule, comparison, key: sf(id), why, pendingUntil });
  for (const expense of take(1)) {
    amount(expense.id, add(expense.amount, "0.01"), settled());
    near("EXP-02", expense.id, "The amount is off by exactly one cent, which is allowed.");
  }
  for (const expense of take(1)) {
    stores.netsuite.write("expenseReport", ns(expense.id), { status: "Paid In Full" }, byHand(settled()));
    near("EXP-01", expense.id, "Paid out to the employee: still an approved expense.");
  }
  for (const expense of take(1)) {
    const at = ago(9);
    amount(expense.id, add(expense.amount, "7"), at);
    near("EXP-02", expense.id, "The amount was changed minutes ago.", settledAfter(at, 4));
  }
  for (const expense of firm.expenses.filter((e) => e.approvedAt === null).slice(0, EACH))
    near("EXP-01", expense.id, "Not approved yet, so not to be in the ERP.");
}

export const EXPENSE_FAULTS: readonly ((planting: Planting) => void)[] = [plantExpenses];
