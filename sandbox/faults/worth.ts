/** What an hour is worth by what was signed, worked out from the rows alone: the rate in force, the discount, and the cap. */
import { add, compare, type DecimalText, divide, equal, fixed, multiply, subtract } from "#core/decimal";
import type { IsoDate } from "#core/time";
import type { Books, ContractLine } from "./books.ts";

/**
 * The signed contract line that prices an hour: the newest start wins, of equal starts the one signed last, then the greater id. An
 * amendment of the contract that would win, where it covers the day, wins instead. Null: nothing prices it.
 */
export function expectedLine(
  books: Books,
  customer: string,
  role: string,
  currency: string,
  on: IsoDate,
): ContractLine | null {
  let found: ContractLine | null = null;
  let amended: ContractLine | null = null;
  const covering = books.contractLines.filter(
    (line) =>
      line.isSigned &&
      line.customer === customer &&
      line.role === role &&
      line.currency === currency &&
      line.from <= on &&
      (line.to === null || on <= line.to),
  );
  const order = (line: ContractLine) => [line.from, books.terms.get(line.contract)?.signedOn ?? "", line.id];
  for (const line of covering) if (found === null || isAfter(order(line), order(found))) found = line;
  const contract = found?.contract ?? "";
  for (const line of covering)
    if (contract !== "" && books.terms.get(line.contract)?.amends === contract)
      if (amended === null || isAfter(order(line), order(amended))) amended = line;
  return amended ?? found;
}

function isAfter(a: readonly string[], b: readonly string[]): boolean {
  for (const [n, part] of a.entries()) {
    const other = b[n] ?? "";
    if (part !== other) return part > other;
  }
  return false;
}

/** What a line's hour costs the client: its rate less the contract's discount, in whole cents where there is one. */
export function netRate(books: Books, line: ContractLine): DecimalText {
  const terms = books.terms.get(line.contract);
  const discount = terms?.discountPct ?? books.terms.get(terms?.amends ?? "")?.discountPct ?? "0";
  return equal(discount, "0")
    ? line.rate
    : fixed(divide(multiply(line.rate, subtract("100", discount)), "100"), 2);
}

/** Expected rate of work by a person on a project on a day, whatever a cap leaves room for. */
export function expectedRate(
  books: Books,
  projectId: string,
  employeeNo: string,
  on: IsoDate,
): DecimalText | null {
  const project = books.psaProjects.get(projectId);
  const role = books.resources.get(employeeNo)?.role;
  if (!project || role === undefined) return null;
  const line = expectedLine(books, project.customer, role, project.currency, on);
  return line === null ? null : netRate(books, line);
}

/** A billable line of work in either system. */
export interface WorkLine {
  key: string;
  project: string;
  resource: string;
  on: IsoDate;
  hours: DecimalText;
}

/** Of the lines that a contract's cap has no room for, or room for only in part: what of their value fits. By key. */
export function fitting(books: Books, lines: readonly WorkLine[]): ReadonlyMap<string, DecimalText> {
  const caps = new Map<string, DecimalText>();
  for (const t of books.terms.values())
    if (t.amends === "" && t.isSigned && t.cap !== null) caps.set(t.id, t.cap);
  for (const t of books.terms.values()) {
    const cap = caps.get(t.amends);
    if (cap !== undefined && t.isSigned) caps.set(t.amends, add(cap, t.cap ?? "0"));
  }
  const under = new Map<string, WorkLine[]>();
  for (const line of lines) {
    const project = books.psaProjects.get(line.project);
    const named = books.terms.get(project?.contract ?? "");
    const contract = named?.amends || named?.id;
    if (contract === undefined || !caps.has(contract)) continue;
    if (books.terms.get(contract)?.currency !== project?.currency) continue;
    under.set(contract, [...(under.get(contract) ?? []), line]);
  }
  const fits = new Map<string, DecimalText>();
  for (const [contract, work] of under) {
    let left = caps.get(contract) ?? "0";
    const inOrder = [...work].sort((a, b) => (isAfter([a.on, a.key], [b.on, b.key]) ? 1 : -1));
    for (const line of inOrder) {
      const rate = expectedRate(books, line.project, line.resource, line.on);
      if (rate === null) continue;
      const value = multiply(rate, line.hours);
      if (compare(value, left) > 0) fits.set(line.key, compare(left, "0") > 0 ? left : "0");
      left = subtract(left, value);
    }
  }
  return fits;
}

const known = new WeakMap<Books, ReadonlyMap<string, DecimalText>>();

/** For the PSA's approved billable lines, worked out once for the books as they stand. */
export function fittingPsa(books: Books): ReadonlyMap<string, DecimalText> {
  const found =
    known.get(books) ??
    fitting(
      books,
      books.psaLines.filter((l) => l.isApproved && l.isBillable),
    );
  known.set(books, found);
  return found;
}

/** What a line the PSA holds brings in: of one at which a cap runs out, what still fits. Null: no contract prices it. */
export function lineWorth(books: Books, line: WorkLine): DecimalText | null {
  const rate = expectedRate(books, line.project, line.resource, line.on);
  return rate === null ? null : (fittingPsa(books).get(line.key) ?? multiply(rate, line.hours));
}

/** Beyond its contract's cap a line brings in nothing at any rate. */
export function isOverCap(books: Books, key: string): boolean {
  const fits = fittingPsa(books).get(key);
  return fits !== undefined && compare(fits, "0") === 0;
}

/** Total of what fits, for the ERP's own line of a key. */
export function fittingErp(books: Books, key: string): DecimalText | undefined {
  const lines = books.erpLines.flatMap((l): WorkLine[] =>
    l.isPresent && l.isBillable && l.key && l.project && l.resource
      ? [{ key: l.key, project: l.project, resource: l.resource, on: l.on, hours: l.hours }]
      : [],
  );
  return fitting(books, lines).get(key);
}
