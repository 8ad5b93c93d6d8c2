/** Rules as people read them: in a list with what stands under each, and one in full. */
import type { PlumblineConfig } from "#core/config";
import { ROLE_NAMES } from "#core/roles";
import { type Clock, durationMs, instantOf, sayDuration } from "#core/time";
import {
  type RuleInForce,
  type RuleState,
  ruleEvents,
  rulesInForce,
  ruleVersions,
  standingByRule,
} from "#sql/queries/rules";
import { latestRuns } from "#sql/queries/runs";
import type { Store } from "#sql/store";
import type { Comparison } from "../comparison.ts";
import { COMPARISONS } from "../comparisons/index.ts";
import { explainRule, sayEmpty, sayField } from "../explain.ts";
import { keysOf } from "../key-words.ts";
import type { Rule } from "../rule.ts";
import { RULES } from "../rules/index.ts";
import { runbookOf } from "../runbooks/index.ts";
import { catalogueOf, readOverride } from "./catalogue.ts";
import { knownRule } from "./known-rule.ts";
import { sayOverride } from "./overrides.ts";
import { waitingVersion } from "./register.ts";
import { recordLines } from "./system-of-record.ts";

export interface DescribeDeps {
  store: Store;
  clock: Clock;
  config: Pick<PlumblineConfig, "rules" | "systemOfRecord">;
}

/** The rule as it is in force; as released where it is retired. */
function asInForce(rule: Rule, inForce: readonly RuleInForce[]) {
  const catalogue = catalogueOf(inForce);
  const held = inForce.find((r) => r.rule === rule.id);
  return {
    rule: catalogue.rules.find((r) => r.id === rule.id) ?? rule,
    comparisons: catalogue.comparisons,
    version: held?.version ?? rule.version,
    state: (held?.state ?? "active") satisfies RuleState,
  };
}

/** Every rule of the release, in the catalogue's order. */
export async function ruleList({ store, config }: DescribeDeps) {
  const [inForce, versions, standing, runs] = await Promise.all([
    store.query(rulesInForce, {}),
    store.query(ruleVersions, { rule: "" }),
    store.query(standingByRule, {}),
    store.query(latestRuns, {}),
  ]);
  return RULES.map((released) => {
    const { rule, version, state } = asInForce(released, inForce);
    const waiting = waitingVersion(released, config.rules, versions);
    const own = standing.find((s) => s.rule === rule.id);
    const keys = runs
      .filter((r) => rule.claims.some((c) => c.comparison === r.comparison) && r.status !== "not_applicable")
      .reduce((n, r) => n + r.keys, 0);
    const stands = (own?.open ?? 0) + (own?.shadow ?? 0);
    return {
      id: rule.id,
      title: rule.title,
      owner: rule.owner,
      version,
      state,
      waiting: waiting ? { version: waiting.version, state: waiting.state } : null,
      severity: rule.severity,
      blocks: rule.blocks,
      hasMoney: rule.money.basis === "money",
      open: own?.open ?? 0,
      shadow: own?.shadow ?? 0,
      money: own?.money ?? "0",
      unpriced: own?.unpriced ?? 0,
      /** Standing exceptions in a thousand keys of the newest runs; null where nothing was judged per key. */
      perThousand: rule.per !== "key" || keys === 0 ? null : Math.round((stands * 10_000) / keys) / 10,
      expectedPerThousand: runbookOf(rule).perThousand ?? null,
    };
  });
}
export type RuleLine = Awaited<ReturnType<typeof ruleList>>[number];

/** One rule in full. Throws RequestError when there is none. */
export async function ruleDetail(deps: DescribeDeps, id: string) {
  const { store, clock, config } = deps;
  const released = knownRule(id);
  const today = instantOf(clock.now()).slice(0, 10);
  const [inForce, events, versions, list] = await Promise.all([
    store.query(rulesInForce, {}),
    store.query(ruleEvents, { rule: id }),
    store.query(ruleVersions, { rule: id }),
    ruleList(deps),
  ]);
  const { rule, comparisons, version, state } = asInForce(released, inForce);
  const line = list.find((r) => r.id === id);
  const book = runbookOf(rule);
  const own = [...new Set(rule.claims.map((c) => c.comparison))]
    .map((name) => comparisons.find((c) => c.id === name))
    .filter((c) => c !== undefined);
  return {
    hasMoney: rule.money.basis === "money",
    open: line?.open ?? 0,
    shadow: line?.shadow ?? 0,
    money_claimed: line?.money ?? "0",
    waiting: line?.waiting ?? null,
    id,
    title: rule.title,
    because: rule.because,
    owner: rule.owner,
    severity: rule.severity,
    blocks: rule.blocks,
    version,
    state,
    sentence: explainRule(rule, undefined, undefined, comparisons),
    money: rule.money.basis === "none" ? "" : rule.money.words,
    parents: (rule.absorbedBy ?? []).map((p) => p.rule),
    remedy: rule.remedy,
    runbook: { steps: book.steps, hold: book.hold },
    keys: keysOf(rule, comparisons),
    sides: rule.per === "key" ? own.map((c) => sayComparison(c, rule)) : [],
    records: own
      .filter(() => rule.per === "key")
      .flatMap((c) =>
        sayRecords(c, config, today).map((words) => ({ comparison: c.id, title: c.title, words })),
      ),
    versions: versions.map((v) => ({
      version: v.version,
      at: v.at,
      origin: v.origin,
      change: sayOverride(readOverride(v.overrides)),
      state: v.version !== version && v.state !== "draft" && v.state !== "simulated" ? "replaced" : v.state,
    })),
    events: [...events].reverse(),
  };
}
export type RuleDetail = Awaited<ReturnType<typeof ruleDetail>>;

function sayComparison(comparison: Comparison, rule: Rule) {
  const claims = rule.claims.filter((c) => c.comparison === comparison.id);
  const isMismatch = claims.some((c) => c.kinds.includes("mismatch"));
  const fields = comparison.fields.filter(
    (f) => isMismatch && claims.some((c) => c.fields === undefined || c.fields.includes(f.name)),
  );
  return {
    id: comparison.id,
    title: comparison.title,
    left: `${ROLE_NAMES[comparison.left.role]}: ${comparison.left.noun}`,
    right: `${ROLE_NAMES[comparison.right.role]}: ${comparison.right.noun}`,
    fields: fields.map((f) => ({ name: f.name, words: sayField(f), empty: sayEmpty(f) })),
    settle: [...new Set(claims.map((c) => sayDuration(durationMs(c.settle))))].join(", "),
  };
}

/** Who is right, one sentence per line of the matrix. */
export function sayRecords(
  comparison: Comparison,
  config: Pick<PlumblineConfig, "systemOfRecord">,
  today: string,
): string[] {
  return recordLines(config, comparison.id, today).map((line) => {
    const field = comparison.fields.find((f) => f.name === line.field)?.label;
    const about = [
      ...(field === undefined ? [] : [`about the ${field}`]),
      ...(line.entity === "" ? [] : [`in ${line.entity}`]),
      ...(line.from === "" ? [] : [`from ${line.from} on`]),
    ];
    const when = line.holds ? "" : line.from > today ? " (not yet)" : " (no longer)";
    return `The ${ROLE_NAMES[line.role]} is right${about.length > 0 ? ` ${about.join(" ")}` : ""}${when}.`;
  });
}

/** The same for the release as it is, without a store or a configuration: for docs/rules.md. */
export function releasedRecords(rule: Rule): string[] {
  return [...new Set(rule.claims.map((c) => c.comparison))].flatMap((id) => {
    const comparison = COMPARISONS.find((c) => c.id === id);
    return comparison
      ? sayRecords(comparison, { systemOfRecord: {} }, "").map((words) => `${comparison.title}: ${words}`)
      : [];
  });
}
