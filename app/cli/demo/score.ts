/** How well the exceptions found match what was planted: recall, precision, and the money, exactly. */

import { z } from "zod";
import { abs, compare, subtract, sum } from "#core/decimal";
import type { Explained } from "#sql/queries/cases";

const Planted = z.object({
  rule: z.string(),
  comparison: z.string(),
  key: z.string(),
  money: z.object({ amount: z.string(), currency: z.string(), reporting: z.string() }).nullable(),
});
export const Truth = z.object({
  planted: z.array(Planted),
  nearMisses: z.array(z.object({ rule: z.string(), key: z.string() })),
  absorbed: z.array(
    z.object({
      rule: z.string(),
      comparison: z.string(),
      key: z.string(),
      by: z.object({ rule: z.string(), key: z.string() }),
    }),
  ),
});
export type Truth = z.infer<typeof Truth>;

export interface FoundException {
  rule: string;
  comparison: string;
  key: string;
  money: string | null;
  currency: string;
}

export interface RuleScore {
  planted: number;
  found: number;
  /** Planted and found, over planted. */
  recall: number;
  /** Found and planted, over found; 1 when nothing was found. */
  precision: number;
  falseOpens: number;
  /** The sum of the absolute differences between planted and found money, in whatever currencies. */
  moneyDifference: string;
  pushed: number;
  verified: number;
}

export interface Score extends RuleScore {
  nearMisses: number;
  /** Exceptions that were found and put another amount on, with what was planted and what was found. */
  mispriced: string[];
  byRule: Record<string, RuleScore>;
  /** Failures that another explains, and those of them that are not its symptoms. */
  symptoms: number;
  unexplained: string[];
  missed: string[];
  falselyOpened: string[];
}

const name = (e: { rule: string; comparison: string; key: string }) => `${e.rule} ${e.comparison} ${e.key}`;

/** Compare what was planted with the exceptions that are open, and count the pushes that were verified, by rule. */
export function score(
  truth: Truth,
  found: readonly FoundException[],
  pushes: readonly { rule: string; verified: boolean }[],
  explained: readonly Explained[],
): Score {
  const planted = new Map(truth.planted.map((p) => [name(p), p]));
  const open = new Map(found.map((f) => [name(f), f]));
  const rules = [...new Set([...truth.planted, ...found, ...pushes].map((e) => e.rule))].sort();
  const differences = [...planted.values()].flatMap((p) => {
    const f = open.get(name(p));
    if (!f) return [];
    const [expected, given] = [p.money?.amount ?? "0", f.money ?? "0"];
    const by = abs(subtract(expected, given));
    return compare(by, "0") === 0
      ? []
      : [{ rule: p.rule, by, says: `${name(p)}: ${given} instead of ${expected}` }];
  });
  const count = (rule: string | null): RuleScore => {
    const mine = (e: { rule: string }) => rule === null || e.rule === rule;
    const p = [...planted.values()].filter(mine);
    const f = [...open.values()].filter(mine);
    const hit = p.filter((e) => open.has(name(e))).length;
    const falseOpens = f.filter((e) => !planted.has(name(e))).length;
    const pushed = pushes.filter(mine);
    return {
      planted: p.length,
      found: hit,
      recall: p.length === 0 ? 1 : hit / p.length,
      precision: f.length === 0 ? 1 : (f.length - falseOpens) / f.length,
      falseOpens,
      moneyDifference: sum(differences.filter(mine).map((d) => d.by)),
      pushed: pushed.length,
      verified: pushed.filter((e) => e.verified).length,
    };
  };
  const causes = new Map(explained.map((e) => [name(e), `${e.cause_rule} ${e.cause_key}`]));
  return {
    ...count(null),
    nearMisses: truth.nearMisses.length,
    mispriced: differences.map((d) => d.says),
    byRule: Object.fromEntries(rules.map((r) => [r, count(r)])),
    symptoms: truth.absorbed.length,
    unexplained: truth.absorbed
      .filter((a) => causes.get(name(a)) !== `${a.by.rule} ${a.by.key}`)
      .map((a) => `${name(a)} by ${a.by.rule} ${a.by.key}`),
    missed: [...planted.keys()].filter((k) => !open.has(k)),
    falselyOpened: [...open.keys()].filter((k) => !planted.has(k)),
  };
}

/** Everything planted was found, nothing else was, what follows from something hangs on it, the money is exact, and every push was proven. */
export function isPerfect(s: Score): boolean {
  return (
    s.recall === 1 &&
    s.precision === 1 &&
    s.falseOpens === 0 &&
    s.unexplained.length === 0 &&
    compare(s.moneyDifference, "0") === 0 &&
    s.pushed === s.verified
  );
}
