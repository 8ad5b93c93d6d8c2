/** Money at stake per fault, by the formulas of each rule, over the books as they stand once everything is planted. */
import { abs, add, compare, type DecimalText, divide, fixed, multiply, subtract, sum } from "#core/decimal";
import { addDays, type IsoDate } from "#core/time";
import { ENTITIES } from "../firm/agreements.ts";
import { countWeekdays, earlier, later } from "../firm/calendar.ts";
import type { Books, ContractLine, ErpLine, PsaAssignment, PsaLine } from "./books.ts";
import type { Stake } from "./truth.ts";
import { expectedRate, fittingErp, isOverCap, lineWorth } from "./worth.ts";

export { expectedLine, expectedRate, isOverCap, lineWorth } from "./worth.ts";

const FX = new Map<string, DecimalText>(ENTITIES.map((e) => [e.currency, e.fx]));

export function stake(amount: DecimalText, currency: string, unpriced = 0): Stake {
  const fx = FX.get(currency) ?? "1";
  return { amount: fixed(amount, 4), currency, reporting: fixed(multiply(amount, fx), 4), unpriced };
}

/** Σ of `each` over lines in one currency; lines it has no number for are counted. Null when it has none for any of them. */
function over(
  lines: readonly PsaLine[],
  currency: string,
  each: (line: PsaLine) => DecimalText | null,
): Stake | null {
  const values = lines.map(each);
  const priced = values.filter((v) => v !== null);
  if (lines.length > 0 && priced.length === 0) return null;
  return stake(sum(priced), currency, values.length - priced.length);
}

const value = (books: Books) => (line: PsaLine) => lineWorth(books, line);

/** The rate that counts for a line the PSA holds. */
function lineRate(books: Books, line: PsaLine): DecimalText | null {
  const rate = expectedRate(books, line.project, line.resource, line.on);
  return rate !== null && isOverCap(books, line.key) ? "0" : rate;
}

/** Approved, billable and not on an invoice yet. */
export function isUnbilled(line: PsaLine): boolean {
  return line.isApproved && line.isBillable && !line.isInvoiced;
}

export function missingProjectStake(books: Books, projectId: string): Stake | null {
  const posted = new Set(books.erpLines.filter((l) => l.isPresent).map((l) => l.key));
  const lines = books.psaLines.filter(
    (l) => l.project === projectId && l.isApproved && l.isBillable && !posted.has(l.key),
  );
  return over(lines, currencyOf(books, projectId), value(books));
}

/** A project's approved billable time that is not invoiced. */
export function unbilledProjectStake(books: Books, projectId: string): Stake | null {
  const lines = books.psaLines.filter((l) => l.project === projectId && isUnbilled(l));
  return over(lines, currencyOf(books, projectId), value(books));
}

/** Unbilled time that a contract line covers: its customer, role, currency and dates. */
function coveredBy(books: Books, line: ContractLine): PsaLine[] {
  return books.psaLines.filter((l) => {
    const project = books.psaProjects.get(l.project);
    return (
      isUnbilled(l) &&
      project?.customer === line.customer &&
      project.currency === line.currency &&
      books.resources.get(l.resource)?.role === line.role &&
      line.from <= l.on &&
      (line.to === null || l.on <= line.to)
    );
  });
}

export function missingRateStake(books: Books, line: ContractLine): Stake | null {
  return over(coveredBy(books, line), line.currency, value(books));
}

/** `wrong`: what the other system charges for the same line. */
export function wrongRateStake(books: Books, line: ContractLine, wrong: DecimalText): Stake | null {
  return over(coveredBy(books, line), line.currency, (l) => {
    const rate = expectedRate(books, l.project, l.resource, l.on);
    const hours = isOverCap(books, l.key) ? "0" : l.hours;
    return rate === null ? null : multiply(abs(subtract(rate, wrong)), hours);
  });
}

/** Booked hours on weekdays from `from` to `to`. */
export function bookedHours(from: IsoDate, to: IsoDate, pct: DecimalText): DecimalText {
  return divide(multiply(String(countWeekdays(from, to) * 8), pct), "100");
}

/** The day whose contract rate an assignment must carry: today, kept within its dates. */
export function rateDay(assignment: PsaAssignment, today: IsoDate): IsoDate {
  return later(assignment.startOn, earlier(today, assignment.endOn));
}

export function missingAssignmentStake(books: Books, a: PsaAssignment, today: IsoDate): Stake | null {
  const rate = expectedRate(books, a.project, a.resource, rateDay(a, today));
  if (rate === null) return null;
  const hours = bookedHours(later(a.startOn, addDays(today, 1)), earlier(a.endOn, addDays(today, 30)), a.pct);
  return stake(multiply(rate, hours), currencyOf(books, a.project));
}

export function movedAssignmentStake(
  books: Books,
  a: PsaAssignment,
  erp: { startOn: IsoDate; endOn: IsoDate; pct: DecimalText },
  today: IsoDate,
): Stake | null {
  const rate = expectedRate(books, a.project, a.resource, rateDay(a, today));
  const cost = books.resources.get(a.resource)?.costRate ?? null;
  if (rate === null || cost === null) return null;
  const difference = abs(
    subtract(bookedHours(a.startOn, a.endOn, a.pct), bookedHours(erp.startOn, erp.endOn, erp.pct)),
  );
  return stake(multiply(difference, subtract(rate, cost)), currencyOf(books, a.project));
}

export function bookedRateStake(books: Books, a: PsaAssignment, today: IsoDate): Stake | null {
  const rate = expectedRate(books, a.project, a.resource, rateDay(a, today));
  if (rate === null) return null;
  const ahead = bookedHours(later(a.startOn, addDays(today, 1)), a.endOn, a.pct);
  const unbilled = sum(
    books.psaLines
      .filter((l) => l.assignment === a.id && isUnbilled(l) && !isOverCap(books, l.key))
      .map((l) => l.hours),
  );
  const gap = abs(subtract(rate, a.billRate));
  return stake(multiply(gap, add(ahead, unbilled)), currencyOf(books, a.project));
}

/** A PSA line that the ERP lacks; nothing is at stake on work that is not billable. */
export function missingLineStake(books: Books, line: PsaLine): Stake | null {
  const currency = currencyOf(books, line.project);
  if (!line.isBillable) return stake("0", currency);
  return over([line], currency, value(books));
}

/** An ERP line that nobody approved. */
export function unapprovedLineStake(books: Books, line: ErpLine): Stake | null {
  const currency = currencyOf(books, line.project ?? "");
  if (!line.isBillable) return stake("0", currency);
  const rate =
    line.project && line.resource ? expectedRate(books, line.project, line.resource, line.on) : null;
  const fits = line.key === null ? undefined : fittingErp(books, line.key);
  return rate === null ? null : stake(fits ?? multiply(rate, line.hours), currency);
}

export function differentLineStake(books: Books, line: PsaLine, erp: ErpLine): Stake | null {
  const rate = lineRate(books, line);
  if (rate === null) return null;
  return stake(multiply(abs(subtract(line.hours, erp.hours)), rate), currencyOf(books, line.project));
}

export function repeatedLineStake(books: Books, line: PsaLine, copies: readonly ErpLine[]): Stake | null {
  const rate = lineRate(books, line);
  if (rate === null) return null;
  const mean = divide(sum(copies.map((c) => c.hours)), String(copies.length));
  const extra = multiply(mean, String(copies.length - 1));
  return stake(multiply(extra, rate), currencyOf(books, line.project));
}

function currencyOf(books: Books, projectId: string): string {
  return books.psaProjects.get(projectId)?.currency ?? "USD";
}

/** Whether two decimals are within a tolerance, the tolerance itself included. */
export function within(a: DecimalText, b: DecimalText, tolerance: DecimalText): boolean {
  return compare(abs(subtract(a, b)), tolerance) <= 0;
}
