/**
 * The margin integrity score: how much of a period's delivered work, by value, is free of failures that cost margin. Which rules
 * count for which component, and how much each weighs, is said here and nowhere else.
 */
import { add, compare, type DecimalText, divide, fixed, multiply, subtract } from "#core/decimal";
import type { MarginRow } from "#sql/queries/kpi";
import type { Rule } from "./rule.ts";

export const COMPONENTS = ["rate", "time", "cost", "billing", "project"] as const;
export type Component = (typeof COMPONENTS)[number];

/** Raised whenever a weight or the assignment of rules changes: scores of different versions are not compared. */
export const MARGIN_VERSION = 1;

export const COMPONENT_WEIGHTS: Readonly<Record<Component, DecimalText>> = {
  rate: "0.35",
  time: "0.25",
  cost: "0.15",
  billing: "0.20",
  project: "0.05",
};

/** For people. */
export const COMPONENT_NAMES: Readonly<Record<Component, string>> = {
  rate: "rates",
  time: "time in the ERP",
  cost: "cost",
  billing: "billing",
  project: "projects",
};

/** A rule's id, or the letters ids of an area begin with; the longest that fits counts. */
const COMPONENT_OF: Readonly<Record<string, Component>> = {
  RAT: "rate",
  "ASG-04": "rate",
  TIM: "time",
  "RES-03": "cost",
  "RES-05": "cost",
  EXP: "cost",
  MIL: "billing",
  INV: "billing",
  CON: "billing",
  PRJ: "project",
};

/** The component a rule counts for; null when it is about none of them. */
export function componentOf(ruleId: string): Component | null {
  return COMPONENT_OF[ruleId] ?? COMPONENT_OF[ruleId.slice(0, 3)] ?? null;
}

/** Rules about a decision of the business, such as a credit hold: what they block is not blocked by data. */
export const COMMERCIAL_RULES: readonly string[] = ["CUS-06"];

/** The ids of the rules of each component. */
export function rulesOf(rules: readonly Pick<Rule, "id">[]): Record<Component, string[]> {
  const of = (component: Component) => rules.filter((r) => componentOf(r.id) === component).map((r) => r.id);
  return {
    rate: of("rate"),
    time: of("time"),
    cost: of("cost"),
    billing: of("billing"),
    project: of("project"),
  };
}

/** Below this share of items evaluated, a component that weighs LEAST_WEIGHT or more makes the score meaningless. */
const LEAST_COVERAGE = "95";
const LEAST_WEIGHT = "0.15";

export interface ComponentScore {
  component: Component;
  weight: DecimalText;
  /** `none`: no such work, or no rule that looks at it; it then takes no part. */
  state: "scored" | "partial" | "none";
  evaluated: DecimalText;
  failingRaw: DecimalText;
  failing: DecimalText;
  /** Percent of the items that were evaluated; null where there are none. */
  coverage: DecimalText | null;
  /** Percent of the value that fails nothing; null when not evaluated. `raw` counts what was waived as failing. */
  raw: DecimalText | null;
  accepted: DecimalText | null;
}

export interface MarginIntegrity {
  version: number;
  /** 0 to 100, two decimals; null for insufficient data or when nothing was delivered. */
  raw: DecimalText | null;
  accepted: DecimalText | null;
  /** Why there is no score, for people; "" when there is one. */
  why: string;
  components: ComponentScore[];
}

/**
 * The score from the components' sums.
 * @param looked the components that at least one rule that is compared counts for
 * @param blind the components of which a comparison concluded nothing at its newest run: nothing of them counts as evaluated
 */
export function marginIntegrity(
  rows: readonly MarginRow[],
  looked: ReadonlySet<Component>,
  blind: ReadonlySet<Component>,
): MarginIntegrity {
  const components = COMPONENTS.map((component): ComponentScore => {
    const row = rows.find((r) => r.component === component);
    const weight = COMPONENT_WEIGHTS[component];
    const nothing = {
      evaluated: "0",
      failingRaw: "0",
      failing: "0",
      coverage: null,
      raw: null,
      accepted: null,
    };
    if (!row || row.items === 0 || !looked.has(component))
      return { component, weight, state: "none", ...nothing };
    const coverage = blind.has(component) ? "0.00" : percent(String(row.valued), String(row.items));
    const isValued = !blind.has(component) && compare(row.evaluated, "0") > 0;
    const free = (failing: DecimalText) =>
      isValued ? percent(subtract(row.evaluated, failing), row.evaluated) : null;
    return {
      component,
      weight,
      state: compare(coverage, LEAST_COVERAGE) < 0 ? "partial" : isValued ? "scored" : "none",
      evaluated: row.evaluated,
      failingRaw: row.failing_raw,
      failing: row.failing,
      coverage,
      raw: free(row.failing_raw),
      accepted: free(row.failing),
    };
  });
  const lacking = components.filter((c) => c.state === "partial" && compare(c.weight, LEAST_WEIGHT) >= 0);
  if (lacking.length > 0)
    return {
      version: MARGIN_VERSION,
      raw: null,
      accepted: null,
      why: `Insufficient data: less than ${LEAST_COVERAGE} % could be evaluated of ${lacking.map((c) => COMPONENT_NAMES[c.component]).join(", ")}.`,
      components,
    };
  const counted = components.filter((c) => compare(c.evaluated, "0") > 0 && c.raw !== null);
  if (counted.length === 0)
    return {
      version: MARGIN_VERSION,
      raw: null,
      accepted: null,
      why: "Nothing that was delivered could be evaluated.",
      components,
    };
  const weights = counted.map((c) => c.weight).reduce(add);
  // From the sums, not from the rounded percentages.
  const score = (failing: (c: ComponentScore) => DecimalText) =>
    percent(
      counted
        .map((c) => multiply(c.weight, divide(subtract(c.evaluated, failing(c)), c.evaluated)))
        .reduce(add),
      weights,
    );
  return {
    version: MARGIN_VERSION,
    raw: score((c) => c.failingRaw),
    accepted: score((c) => c.failing),
    why: "",
    components,
  };
}

function percent(part: DecimalText, whole: DecimalText): DecimalText {
  return fixed(divide(multiply(part, "100"), whole), 2);
}
