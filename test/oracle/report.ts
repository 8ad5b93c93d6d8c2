/** Many seasons as one verdict, over all and by rule. */
import { sum } from "#core/decimal";
import type { Season } from "./season.ts";

interface Verdict {
  planted: number;
  /** Planted and found, over planted. */
  recall: number;
  /** Found and planted, over found. */
  precision: number;
  falseOpens: number;
  falseResolves: number;
  /** The sum of the absolute differences between the money found and the money worked out independently. */
  moneyDifference: string;
}

export interface Summary extends Verdict {
  seeds: number;
  byRule: Record<string, Verdict>;
}

const ruleOf = (name: string) => name.split(" ")[0] ?? "";

export function summarise(seasons: readonly Season[]): Summary {
  const rules = [...new Set(seasons.flatMap((s) => Object.keys(s.score.byRule)))].sort();
  const verdict = (rule: string | null): Verdict => {
    const mine = (names: readonly string[]) =>
      names.filter((n) => rule === null || ruleOf(n) === rule).length;
    const count = (of: "planted" | "found") =>
      seasons.reduce((n, s) => n + ((rule === null ? s.score : s.score.byRule[rule])?.[of] ?? 0), 0);
    const [planted, found] = [count("planted"), count("found")];
    const falseOpens = seasons.reduce((n, s) => n + mine(s.falseOpens), 0);
    return {
      planted,
      recall: planted === 0 ? 1 : found / planted,
      precision: found + falseOpens === 0 ? 1 : found / (found + falseOpens),
      falseOpens,
      falseResolves: seasons.reduce((n, s) => n + mine(s.falseResolves), 0),
      moneyDifference: sum(
        seasons.map((s) => (rule === null ? s.score : s.score.byRule[rule])?.moneyDifference ?? "0"),
      ),
    };
  };
  return {
    seeds: seasons.length,
    ...verdict(null),
    byRule: Object.fromEntries(rules.map((r) => [r, verdict(r)])),
  };
}
