/** The naive comparison of the two systems, key by key: what must be found, whatever settle times and absorption then do to it. */
import { equal } from "#core/decimal";
import { addDays, daysBetween } from "#core/time";
import type { Books } from "#sandbox/faults/books";
import { expectedRate, rateDay, within } from "#sandbox/faults/stakes";

export interface Finding {
  rule: string;
  comparison: string;
  key: string;
  kind: string;
  fields: readonly string[];
}

interface Side {
  key: string | null;
  values: Readonly<Record<string, string>>;
}
type Agrees = (a: string, b: string) => boolean;

const days: Agrees = (a, b) => Math.abs(daysBetween(a, b)) <= 1;
const same: Agrees = (a, b) => a === b;
const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== "")
    .join(" ");
const code: Agrees = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
const near =
  (tolerance: string): Agrees =>
  (a, b) =>
    within(a, b, tolerance);

/** Which rule claims a kind of a comparison, and for a mismatch which fields; null where nobody is alarmed. */
type Claim = (
  kind: string,
  fields: readonly string[],
) => readonly (readonly [rule: string, fields: readonly string[]])[];

export function findDifferences(books: Books, today: string): Finding[] {
  return [
    ...projects(books),
    ...states(books),
    ...names(books),
    ...rates(books, today),
    ...assignments(books, today),
    ...assignmentRates(books, today),
    ...time(books),
  ].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}

/** The rules this comparison knows; the others have their answers worked out where they are planted (sandbox/answers). */
const KNOWN = new Set([
  ...["CUS-08", "PRJ-01", "PRJ-03", "PRJ-06", "PRJ-08", "RAT-01", "RAT-02", "ASG-01", "ASG-03", "ASG-04"],
  ...["TIM-01", "TIM-02", "TIM-03", "TIM-06", "SYS-03"],
]);
export const isKnown = (f: { rule: string }) => KNOWN.has(f.rule);

export const name = (f: { rule: string; comparison: string; key: string }) =>
  `${f.rule} ${f.comparison} ${f.key}`;

function projects(books: Books): Finding[] {
  const left = [...books.psaProjects.values()]
    .filter((p) => p.isActive && p.isBillable && !p.isTemplate)
    .map((p) => ({ key: p.id, values: { code: p.code, start_on: p.startOn, end_on: p.endOn } }));
  const right = books.erpProjects.map((p) => ({
    key: p.key,
    values: { code: p.code, start_on: p.startOn, end_on: p.endOn },
  }));
  return diff("projects", left, right, { code, start_on: days, end_on: days }, (kind, fields) => {
    if (kind === "missing_right") return [["PRJ-01", []]];
    if (kind !== "mismatch") return [];
    const dates = fields.filter((f) => f !== "code");
    return [
      ...(fields.includes("code") ? ([["PRJ-03", ["code"]]] as const) : []),
      ...(dates.length > 0 ? ([["PRJ-08", dates]] as const) : []),
    ];
  });
}

/** Billable projects of every state; a project of one side alone is told of by `projects`. */
function states(books: Books): Finding[] {
  const state = (isOpen: boolean) => ({ status: isOpen ? "open" : "closed" });
  const left = [...books.psaProjects.values()]
    .filter((p) => p.isBillable && !p.isTemplate)
    .map((p) => ({ key: p.id, values: state(p.isActive) }));
  const right = books.erpProjects.flatMap((p) =>
    p.key === null ? [] : [{ key: p.key, values: state(p.isOpen) }],
  );
  return diff("project-status", left, right, { status: same }, (kind, fields) =>
    kind === "mismatch" ? [["PRJ-06", fields]] : [],
  );
}

function names(books: Books): Finding[] {
  const side = (customers: Books["crmCustomers"]) =>
    customers.flatMap((c) => (c.key === null ? [] : [{ key: c.key, values: { name: c.name } }]));
  const words: Agrees = (a, b) => wordsOf(a) === wordsOf(b);
  return diff(
    "customer-names-erp",
    side(books.crmCustomers),
    side(books.erpCustomers),
    { name: words },
    (kind, fields) => (kind === "mismatch" ? [["CUS-08", fields]] : []),
  );
}

function rates(books: Books, today: string): Finding[] {
  const signed = books.contractLines.filter((l) => l.isSigned);
  const claim: Claim = (kind) =>
    kind === "missing_right" ? [["RAT-01", []]] : kind === "mismatch" ? [["RAT-02", ["rate"]]] : [];
  const covering = signed.filter((l) => l.from <= today && (l.to === null || l.to >= today));
  // Of lines that cover today the newest start is in force.
  const inForce = covering.filter(
    (l) =>
      !covering.some(
        (o) => o.customer === l.customer && o.role === l.role && o.currency === l.currency && o.from > l.from,
      ),
  );
  const side = (l: { customer: string; role: string; currency: string; rate: string }, from = "") => ({
    key: `${l.customer}|${l.role}|${l.currency}${from}`,
    values: { rate: l.rate },
  });
  const rate = { rate: near("0.005") };
  return [
    ...diff(
      "rates-contract-erp",
      inForce.map((l) => side(l)),
      books.erpPrices.map((p) => side(p)),
      rate,
      claim,
    ),
    ...diff(
      "rates-contract-psa",
      signed.map((l) => side(l, `|${l.from}`)),
      books.psaRates.map((r) => side(r, `|${r.from}`)),
      rate,
      claim,
    ),
  ];
}

function assignments(books: Books, today: string): Finding[] {
  const span = (a: { startOn: string; endOn: string; pct: string }) => ({
    start_on: a.startOn,
    end_on: a.endOn,
    allocation_pct: a.pct,
  });
  const left = [...books.psaAssignments.values()]
    .filter(
      (a) => a.isScheduled && books.psaProjects.get(a.project)?.isActive && a.endOn >= addDays(today, -30),
    )
    .map((a) => ({ key: a.id, values: span(a) }));
  const right = books.erpAllocations.map((a) => ({ key: a.key, values: span(a) }));
  const fields = { start_on: days, end_on: days, allocation_pct: near("2") };
  return diff("assignments", left, right, fields, (kind, differing) =>
    kind === "missing_right" ? [["ASG-01", []]] : kind === "mismatch" ? [["ASG-03", differing]] : [],
  );
}

function assignmentRates(books: Books, today: string): Finding[] {
  const active = [...books.psaAssignments.values()].filter((a) => a.isScheduled && a.isBillable);
  const left = active.flatMap((a) => {
    const rate = expectedRate(books, a.project, a.resource, rateDay(a, today));
    return rate === null ? [] : [{ key: a.id, values: { rate } }];
  });
  const right = active.map((a) => ({ key: a.id, values: { rate: a.billRate } }));
  return diff("assignment-rates", left, right, { rate: near("0.005") }, (kind, fields) =>
    kind === "mismatch" ? [["ASG-04", fields]] : [],
  );
}

function time(books: Books): Finding[] {
  const values = (l: {
    hours: string;
    on: string;
    project: string | null;
    resource: string | null;
    task: string | null;
  }) => ({
    hours: l.hours,
    work_on: l.on,
    project_key: l.project ?? "",
    resource_key: l.resource ?? "",
    task_key: l.task ?? "",
  });
  return diff(
    "time",
    books.psaLines.filter((l) => l.isApproved).map((l) => ({ key: l.key, values: values(l) })),
    books.erpLines.filter((l) => l.isPresent).map((l) => ({ key: l.key, values: values(l) })),
    { hours: near("0.01"), work_on: same, project_key: same, resource_key: same, task_key: same },
    (kind, fields) =>
      kind === "missing_right"
        ? [["TIM-01", []]]
        : kind === "missing_left"
          ? [["TIM-02", []]]
          : kind === "mismatch"
            ? [["TIM-03", fields]]
            : [],
  );
}

function diff(
  comparison: string,
  left: readonly Side[],
  right: readonly Side[],
  fields: Readonly<Record<string, Agrees>>,
  claim: Claim,
): Finding[] {
  const found = new Map<string, Finding>();
  const add = (rule: string, key: string, kind: string, differing: readonly string[]) => {
    const finding = { rule, comparison, key, kind, fields: differing };
    found.set(name(finding), finding);
  };
  const group = (side: readonly Side[], where: "left" | "right") => {
    const rows = new Map<string, Side[]>();
    for (const row of side)
      if (row.key === null) add("SYS-03", `${comparison}|${where}|unlinked`, "unlinked", []);
      else rows.set(row.key, [...(rows.get(row.key) ?? []), row]);
    return rows;
  };
  const lefts = group(left, "left");
  const rights = group(right, "right");
  for (const key of new Set([...lefts.keys(), ...rights.keys()])) {
    const l = lefts.get(key) ?? [];
    const r = rights.get(key) ?? [];
    if (l.length > 1 || r.length > 1) {
      const where = l.length > 1 ? "left" : "right";
      if (comparison === "time" && where === "right") add("TIM-06", key, "duplicate_key", []);
      else add("SYS-03", `${comparison}|${where}|duplicate_key`, "duplicate_key", []);
      continue;
    }
    const [a] = l;
    const [b] = r;
    if (!a || !b) {
      const kind = a ? "missing_right" : "missing_left";
      for (const [rule] of claim(kind, [])) add(rule, key, kind, []);
      continue;
    }
    const differing = Object.keys(fields).filter((f) => {
      const [x, y] = [a.values[f] ?? "", b.values[f] ?? ""];
      return !(fields[f] as Agrees)(x, y) && !(f === "hours" && equal(x, y));
    });
    if (differing.length > 0)
      for (const [rule, mine] of claim("mismatch", differing)) add(rule, key, "mismatch", mine);
  }
  return [...found.values()];
}
