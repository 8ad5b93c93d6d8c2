/** What of the catalogue a configuration may name and change; for loadConfig. */
import type { Nameable, RuleKnobs } from "#core/config";
import { COMPARISONS } from "../comparisons/index.ts";
import { RULES } from "../rules/index.ts";
import { isFixed, tolerancesOf } from "./overrides.ts";
import { comparisonSides } from "./system-of-record.ts";

const rules: RuleKnobs = Object.fromEntries(
  RULES.map((rule) => [
    rule.id,
    isFixed(rule)
      ? null
      : tolerancesOf(rule, COMPARISONS).map((f) => ({ field: f.name, isDays: f.as === "date" })),
  ]),
);

export const nameable: Nameable = { comparisons: comparisonSides, rules };
