/** The steps people take with rules: simulated, then in shadow or active by somebody else; retired. */
import type { PlumblineConfig } from "#core/config";
import { ForbiddenError } from "#core/errors";
import { type Clock, instantOf, msOf } from "#core/time";
import { exceptionEventTable, latestStart } from "#sql/queries/reconcile";
import {
  type RuleState,
  ruleEvents,
  rulesInForce,
  ruleVersions,
  standingThoughRetired,
} from "#sql/queries/rules";
import type { Store } from "#sql/store";
import { refreshActedOn } from "../exception-state.ts";
import { stateEvent } from "../lifecycle.ts";
import type { Actor } from "../push/request.ts";
import { knownRule, refuseRule } from "./known-rule.ts";
import { isFixed } from "./overrides.ts";
import { nextRuleMoment, registerRules, storeSteps, waitingVersion } from "./register.ts";

export const PROMOTIONS = ["shadow", "active", "retired"] as const;
export type Promotion = (typeof PROMOTIONS)[number];

/** Who may decide on rules. */
const DECIDERS: readonly string[] = ["approver", "admin"];

export interface RuleDeps {
  store: Store;
  clock: Clock;
  config: Pick<PlumblineConfig, "rules">;
}

/**
 * Puts a rule in shadow, makes it active or retires it. A version that waits to come into force is what is meant; without one, the
 * version in force. Throws RequestError and ForbiddenError in a person's words.
 */
export async function promoteRule(
  { store, clock, config }: RuleDeps,
  actor: Actor,
  command: { rule: string; to: Promotion; note: string },
): Promise<{ version: number; from: RuleState; to: Promotion }> {
  const rule = knownRule(command.rule);
  const note = command.note.trim();
  if (note.length < 3) throw refuseRule("Say why: a change of a rule needs a note.");
  if (isFixed(rule))
    throw refuseRule(
      `${rule.id} guards what every other rule concludes. It cannot be put in shadow or retired.`,
    );
  if (!actor.roles.some((role) => DECIDERS.includes(role)))
    throw new ForbiddenError("rule.forbidden", `${actor.name} may not decide on rules`, {
      userMessage:
        "Only an approver or an administrator may put a rule in shadow, make it active or retire it.",
    });
  await registerRules(store, clock, config);
  const held = (await store.query(rulesInForce, {})).find((r) => r.rule === rule.id);
  const versions = await store.query(ruleVersions, { rule: rule.id });
  const waiting = command.to === "retired" ? null : waitingVersion(rule, config.rules, versions);
  const subject = waiting ?? versions.find((v) => v.version === held?.version);
  if (!subject)
    throw refuseRule("There is no version to decide on. Compare the systems once, then try again.");
  if (subject.state === command.to)
    throw refuseRule(`Version ${subject.version} of ${rule.id} is ${command.to} already.`);
  if (subject.state === "draft")
    throw refuseRule(
      `Version ${subject.version} of ${rule.id} has not been simulated. Simulate it first: plumbline rules simulate ${rule.id} --as NAME`,
    );
  if (subject.state === "simulated" || subject.origin === "configuration") {
    const by = (await store.query(ruleEvents, { rule: rule.id }))
      .filter((e) => e.version === subject.version && e.state === "simulated")
      .at(-1)?.actor;
    if (command.to !== "retired" && by === actor.name)
      throw new ForbiddenError(
        "rule.four-eyes",
        `${actor.name} simulated version ${subject.version} of ${rule.id}`,
        {
          userMessage: `${actor.name} simulated this version of ${rule.id}; somebody else must agree to it.`,
        },
      );
  }
  await storeSteps(store, await nextRuleMoment(store, clock), [
    { rule: rule.id, version: subject.version, state: command.to, actor: actor.name, note },
  ]);
  await closeRetired(store, clock, actor.name);
  return { version: subject.version, from: subject.state, to: command.to };
}

/** Closes what still stands under retired rules. Whoever retires one does it; a run makes up for one that was cut off. */
export async function closeRetired(store: Store, clock: Clock, actor: string): Promise<number> {
  const standing = await store.query(standingThoughRetired, {});
  if (standing.length === 0) return 0;
  const latest = (await store.query(latestStart, {}))[0];
  const newest = [latest?.run_at, latest?.event_at].map((t) => (t ? msOf(t) : 0));
  const at = instantOf(Math.max(clock.now(), ...newest.map((t) => t + 1)));
  await store.insert(
    exceptionEventTable,
    standing.map((e) =>
      stateEvent(e, at, e.was === "suspected" ? "cleared" : "resolved", "", "Rule retired.", { actor }),
    ),
  );
  await refreshActedOn(
    store,
    standing.map((e) => e.id),
  );
  return standing.length;
}
