/** What an exception says, in a line of business words: "Rate 165.00 in Salesforce, 150.00 in NetSuite". */

import { ROLE_NAMES, type Role } from "#core/roles";
import { Evidence } from "#reconcile/evidence";
import { comparisonById } from "#reconcile/explain";
import { ruleById } from "#reconcile/rules/index";
import { keyNames } from "#sql/queries/timeline";
import type { Store } from "#sql/store";
import { sayValue } from "../field-value.ts";
import { sayDate, sayNumber } from "../format.ts";

/** Role → what people call it; a role with no system keeps its own name. */
export function systemOf(role: string, systems: Readonly<Record<string, string>>): string {
  return systems[role] ?? ROLE_NAMES[role as Role] ?? role;
}

/** Puts names where evidence holds agreed keys, so that a person reads "Billing renewal" and not an id. Asks the store once. */
export async function named(store: Store, list: readonly (Evidence | null)[]): Promise<(Evidence | null)[]> {
  const isKey = (field: { name: string }) => field.name.endsWith("_key");
  const keys = list.flatMap((e) => e?.fields.filter(isKey).flatMap((f) => [f.left, f.right]) ?? []);
  const known = [...new Set(keys.filter((k): k is string => k !== null && k !== ""))];
  if (known.length === 0) return [...list];
  const names = new Map((await store.query(keyNames, { keys: known })).map((r) => [r.key, r.name]));
  const name = (key: string | null) => (key === null ? null : (names.get(key) ?? key));
  return list.map((e) =>
    e
      ? {
          ...e,
          fields: e.fields.map((f) => (isKey(f) ? { ...f, left: name(f.left), right: name(f.right) } : f)),
        }
      : null,
  );
}

/** The stored evidence, or null when a rule about a stream or side stored none in this shape. */
export function evidenceOf(json: string): Evidence | null {
  try {
    const parsed = Evidence.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const cap = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
/** A value in a sentence: dates and rates as people write them. */
const shown = (name: string, value: string | null) =>
  value === null || value === "" ? "nothing" : sayValue(name, value);

/** One differing field: "rate 165.00 in Salesforce, 150.00 in NetSuite"; of one that counts what may not be, how much there is. */
function difference(field: Evidence["fields"][number], of: Evidence, left: string, right: string): string {
  const { name, label } = field;
  const [a, b] = [shown(name, field.left), shown(name, field.right)];
  const limit = comparisonById(of.comparison)?.fields.find((f) => f.name === name)?.limit;
  if (limit) {
    const [most, held] = limit === "left" ? [a, b] : [b, a];
    return `${label}: ${held}${/^[0.]+$/.test(most) ? "" : ` (at most ${most})`}`;
  }
  // "Billable in one, not billable in the other" needs no label.
  if (a === `not ${b}` || b === `not ${a}`) return `${a} in ${left}, ${b} in ${right}`;
  return left === right
    ? `${label} ${a} (${of.left.noun}), ${b} (${of.right.noun}) in ${left}`
    : `${label} ${a} in ${left}, ${b} in ${right}`;
}

/** One line for a row of the queue. */
export function whatIsWrong(
  row: { rule: string; kind: string },
  evidence: Evidence | null,
  systems: Readonly<Record<string, string>>,
): string {
  const title = ruleById(row.rule)?.title ?? row.rule;
  if (!evidence) return title;
  if (evidence.detail) return `${title}: ${evidence.detail.message}`;
  const left = systemOf(evidence.left.role, systems);
  const right = systemOf(evidence.right.role, systems);
  switch (row.kind) {
    case "missing_right":
      return `${cap(evidence.left.noun)}${left === right ? "" : ` in ${left}`}, no ${evidence.right.noun} in ${right}`;
    case "missing_left":
      return `${cap(evidence.right.noun)}${left === right ? "" : ` in ${right}`}, no ${evidence.left.noun} in ${left}`;
    case "duplicate_key": {
      const twice = evidence.right.rows > 1 ? evidence.right : evidence.left;
      return `${cap(twice.noun)} held ${twice.rows} times in ${systemOf(twice.role, systems)}`;
    }
    case "mismatch": {
      const parts = evidence.fields.filter((f) => f.differs).map((f) => difference(f, evidence, left, right));
      return cap(parts.join("; ")) || title;
    }
    default:
      return title;
  }
}

/** Which record it is, in a few words: "8 h on 4 May 2026", "PRJ-0012", "Consultant". */
export function aboutWhat(evidence: Evidence | null): string {
  if (!evidence || evidence.detail) return "";
  const value = (name: string) => {
    const field = evidence.fields.find((f) => f.name === name);
    return field?.left || field?.right || evidence.carried[name] || "";
  };
  const [hours, day] = [value("hours"), value("work_on")];
  if (hours && day) return `${sayNumber(hours, 2)} h on ${sayDate(day)}`;
  const [start, end, share] = [value("start_on"), value("end_on"), value("allocation_pct")];
  if (share) return `${sayNumber(share)}% from ${sayDate(start)} to ${sayDate(end)}`;
  const spent = value("incurred_on");
  if (spent) return `expense of ${sayDate(spent)}`;
  return value("milestone_name") || value("number") || value("code") || value("role_name");
}

/** How a record stands in two systems, as a state: "In PSA, not in ERP". */
export function kindWords(kind: string, left: string, right: string): string {
  switch (kind) {
    case "missing_right":
      return left === right ? `No counterpart in ${right}` : `In ${left}, not in ${right}`;
    case "missing_left":
      return left === right ? `No counterpart in ${left}` : `In ${right}, not in ${left}`;
    case "mismatch":
      return left === right ? `Differs within ${left}` : `Differs between ${left} and ${right}`;
    case "duplicate_key":
      return "Held more than once";
    case "unlinked":
      return "Names no partner in the other system";
    case "pending":
      return "Changed too recently to judge";
    default:
      return "Agrees";
  }
}
