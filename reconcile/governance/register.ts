/**
 * Versions of rules. Whatever changes what a rule finds, a release or the configuration, makes a version. What a release brings is in
 * force at once. What the configuration asks for is a draft: the version in force goes on until somebody has simulated the draft and
 * somebody else has agreed to it.
 */
import type { PlumblineConfig } from "#core/config";
import { stableId } from "#core/ids";
import { type Clock, type Instant, instantOf, msOf } from "#core/time";
import {
  latestRuleEvent,
  type RuleInForce,
  type RuleState,
  type RuleVersion,
  ruleEventTable,
  rulesInForce,
  ruleVersions,
  ruleVersionTable,
} from "#sql/queries/rules";
import type { Store } from "#sql/store";
import type { Rule } from "../rule.ts";
import { AS_RELEASED, type Catalogue, readOverride } from "./catalogue.ts";
import {
  changedComparisons,
  changedRule,
  isFixed,
  meaningOf,
  type Override,
  overrideText,
  sayOverride,
  UNCHANGED,
} from "./overrides.ts";

/** Who brings what a release brings. */
export const RELEASE_ACTOR = "plumbline";

export interface RuleStep {
  rule: string;
  version: number;
  state: RuleState;
  actor: string;
  note: string;
}

type NewVersion = Omit<RuleVersion, "state" | "at">;

/** Brings the versions in the store in line with the release and the configuration. Costs two reads when nothing changed. */
export async function registerRules(
  store: Store,
  clock: Clock,
  config: Pick<PlumblineConfig, "rules">,
): Promise<void> {
  const [inForce, versions] = await Promise.all([
    store.query(rulesInForce, {}),
    store.query(ruleVersions, { rule: "" }),
  ]);
  const news = planVersions(AS_RELEASED, config.rules, inForce, versions);
  if (news.steps.length === 0) return;
  const at = await nextRuleMoment(store, clock);
  await store.insert(
    ruleVersionTable,
    news.versions.map((v) => ({ ...v, at })),
  );
  await storeSteps(store, at, news.steps);
}

/** What is to be written so that the store knows the release's rules and the configuration's changes. */
export function planVersions(
  released: Catalogue,
  asked: Readonly<Record<string, Override>>,
  inForce: readonly RuleInForce[],
  known: readonly RuleVersion[],
): { versions: NewVersion[]; steps: RuleStep[] } {
  const versions: NewVersion[] = [];
  const steps: RuleStep[] = [];
  for (const rule of released.rules) {
    const meaning = (change: Override) =>
      meaningOf(changedRule(rule, change), changedComparisons(rule, change, released.comparisons));
    const own: Pick<RuleVersion, "version" | "meaning" | "state">[] = known.filter((v) => v.rule === rule.id);
    const add = (change: Override, origin: "release" | "configuration", state: RuleState, note: string) => {
      const version = Math.max(rule.version - 1, ...own.map((v) => v.version)) + 1;
      const entry = {
        rule: rule.id,
        version,
        meaning: meaning(change),
        overrides: overrideText(change),
        origin,
      };
      versions.push(entry);
      own.push({ version, meaning: entry.meaning, state });
      steps.push({ rule: rule.id, version, state, actor: RELEASE_ACTOR, note });
    };
    const held = inForce.find((r) => r.rule === rule.id);
    let current = held ? readOverride(held.overrides) : UNCHANGED;
    if (!held) add(UNCHANGED, "release", "active", "Part of the release.");
    else if (meaning(current) !== held.meaning) {
      current = stillApplies(rule, released, current);
      add(current, "release", held.state, "Changed by a release.");
    }
    const wanted = wantedOf(rule, asked);
    if (meaning(wanted) === meaning(current)) continue;
    const earlier = own.find((v) => v.meaning === meaning(wanted));
    const note = `Asked for by the configuration: ${sayOverride(wanted)}.`;
    if (!earlier) add(wanted, "configuration", "draft", note);
    else if (earlier.state !== "draft" && earlier.state !== "simulated")
      steps.push({ rule: rule.id, version: earlier.version, state: "draft", actor: RELEASE_ACTOR, note });
  }
  return { versions, steps };
}

/** What the configuration asks of a rule. */
function wantedOf(rule: Rule, asked: Readonly<Record<string, Override>>): Override {
  return isFixed(rule) ? UNCHANGED : (asked[rule.id] ?? UNCHANGED);
}

/** The version that the configuration asks for and that is not in force: a draft, or simulated. Null when there is none. */
export function waitingVersion(
  rule: Rule,
  asked: Readonly<Record<string, Override>>,
  versions: readonly RuleVersion[],
): RuleVersion | null {
  const wanted = wantedOf(rule, asked);
  const meaning = meaningOf(
    changedRule(rule, wanted),
    changedComparisons(rule, wanted, AS_RELEASED.comparisons),
  );
  return (
    versions.findLast(
      (v) => v.rule === rule.id && v.meaning === meaning && (v.state === "draft" || v.state === "simulated"),
    ) ?? null
  );
}

/** A change without tolerances on fields that the release no longer compares under this rule. */
function stillApplies(rule: Rule, released: Catalogue, change: Override): Override {
  const tolerance = Object.fromEntries(
    Object.entries(change.tolerance ?? {}).filter(
      ([field, value]) =>
        changedComparisons(rule, { tolerance: { [field]: value } }, released.comparisons) !==
        released.comparisons,
    ),
  );
  return { ...change, tolerance };
}

/** A moment later than every step so far, so that the newest is always one. */
export async function nextRuleMoment(store: Store, clock: Clock): Promise<Instant> {
  const latest = (await store.query(latestRuleEvent, {}))[0]?.at;
  return instantOf(Math.max(clock.now(), latest ? msOf(latest) + 1 : 0));
}

/** Stores steps in the lives of rules, all of one moment. */
export async function storeSteps(store: Store, at: Instant, steps: readonly RuleStep[]): Promise<void> {
  await store.insert(
    ruleEventTable,
    steps.map((s) => ({
      ...s,
      at,
      event_id: stableId("rule", s.rule, String(s.version), s.state, s.actor, at),
    })),
  );
}
