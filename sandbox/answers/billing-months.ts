/** The answers about whole months of a project's billable work: what is on no invoice, and what is said to be on one and is not. */
import { add, type DecimalText, sum } from "#core/decimal";
import { lineWorth, stake } from "../faults/stakes.ts";
import type { Stake } from "../faults/truth.ts";
import { addMonths, firstOf } from "../firm/calendar.ts";
import type { Answer, Evaluate, Evidence } from "./answer.ts";
import { type BillingBooks, isQuiet, readBilling, unknownProjects } from "./billing-books.ts";

interface Item {
  /** "time <key>" and so on, as invoice lines name it. */
  name: string;
  kind: "time" | "expense" | "milestone";
  project: string;
  month: string;
  isInvoiced: boolean;
  /** Null: a line of time that no contract prices. */
  value: DecimalText | null;
  at: number;
}

export const billingMonths: Evaluate = (evidence) => {
  const { firm, stores, books } = evidence;
  const billing = readBilling(stores);
  const unknown = unknownProjects(books);
  const named = (isVoid: boolean) =>
    new Set(billing.invoices.filter((i) => i.isVoid === isVoid).flatMap((i) => i.lines.map((l) => l.item)));
  const [live, voided] = [named(false), named(true)];
  const posted = new Set(billing.erpMilestones.filter((m) => m.isInvoiced).map((m) => `milestone ${m.key}`));
  const isLeftOver = (i: Item) =>
    !i.isInvoiced && firstOf(addMonths(i.month, 3)) <= firm.today && !live.has(i.name) && !posted.has(i.name);
  const isUnbacked = (i: Item) =>
    i.isInvoiced && !live.has(i.name) && !voided.has(i.name) && !posted.has(i.name);
  const wrong = new Map<string, Item[]>();
  for (const item of itemsOf(evidence, billing)) {
    if (unknown.has(item.project) || (!isLeftOver(item) && !isUnbacked(item))) continue;
    const key = `${item.project}|${item.month}`;
    wrong.set(key, [...(wrong.get(key) ?? []), item]);
  }
  return [...wrong].flatMap(([key, items]): Answer[] => {
    const moments = items.map((i) => i.at);
    const currency = books.psaProjects.get(items[0]?.project ?? "")?.currency ?? "USD";
    const left = items.filter(isLeftOver);
    const unbacked = items.filter(isUnbacked);
    const base = { comparison: "billing-months", key, kind: "mismatch" } as const;
    const has = (kind: Item["kind"]) => left.some((i) => i.kind === kind);
    const fields = [
      ...(has("time") ? ["uninvoiced_time"] : []),
      ...(has("expense") ? ["uninvoiced_expenses"] : []),
      ...(has("milestone") ? ["uninvoiced_milestones"] : []),
    ];
    return [
      ...(left.length > 0 && isQuiet(firm, 24, ...moments)
        ? [{ ...base, rule: "INV-01", fields, money: worth(left, currency) }]
        : []),
      ...(unbacked.length > 0 && isQuiet(firm, 4, ...moments)
        ? [{ ...base, rule: "INV-06", fields: ["billed_items"], money: worth(unbacked, currency) }]
        : []),
    ];
  });
};

/** Null where there is time and no contract prices any of it. */
function worth(items: readonly Item[], currency: string): Stake | null {
  const time = items.filter((i) => i.kind === "time");
  const priced = time.flatMap((i) => (i.value === null ? [] : [i.value]));
  if (time.length > 0 && priced.length === 0) return null;
  const rest = items.flatMap((i) => (i.kind === "time" || i.value === null ? [] : [i.value]));
  return stake(add(sum(priced), sum(rest)), currency, time.length - priced.length);
}

function itemsOf({ books }: Evidence, billing: BillingBooks): Item[] {
  const month = (on: string) => on.slice(0, 7);
  return [
    ...books.psaLines
      .filter((l) => l.isApproved && l.isBillable)
      .map((l): Item => {
        return {
          name: `time ${l.key}`,
          kind: "time",
          project: l.project,
          month: month(l.on),
          isInvoiced: l.isInvoiced,
          value: lineWorth(books, l),
          at: billing.weekChanged.get(l.key.split("_")[0] ?? "") ?? 0,
        };
      }),
    ...billing.psaExpenses
      .filter((e) => e.isApproved && e.isBillable)
      .map(
        (e): Item => ({
          name: `expense ${e.key}`,
          kind: "expense",
          project: e.project,
          month: month(e.on),
          isInvoiced: e.isInvoiced,
          value: e.amount,
          at: e.at,
        }),
      ),
    ...billing.psaMilestones
      .filter((m) => m.isAccepted)
      .map(
        (m): Item => ({
          name: `milestone ${m.key}`,
          kind: "milestone",
          project: m.project,
          month: month(m.on),
          isInvoiced: m.isInvoiced,
          value: m.amount,
          at: m.at,
        }),
      ),
  ];
}
