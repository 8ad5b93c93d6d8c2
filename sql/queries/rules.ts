/** Rules as they are in force: versions, the steps of their lives, and how much stands under each. */
import { z } from "zod";
import {
  chBool,
  chCount,
  chDecimal,
  chEnum,
  chInstant,
  chInt,
  chString,
  defineQuery,
  defineTable,
} from "#sql/query";
import { stateRow } from "./reconcile.ts";

export const RULE_STATES = ["draft", "simulated", "shadow", "active", "retired"] as const;
export type RuleState = (typeof RULE_STATES)[number];

const STATE = chEnum(RULE_STATES);
const ORIGIN = chEnum(["release", "configuration"]);

export const ruleVersionTable = defineTable({
  name: "rule_meaning",
  row: z.object({
    rule: chString,
    version: chInt,
    meaning: chString,
    overrides: chString,
    origin: ORIGIN,
    at: chInstant,
  }),
});

export const ruleEventTable = defineTable({
  name: "rule_event",
  row: z.object({
    rule: chString,
    version: chInt,
    at: chInstant,
    event_id: chString,
    state: STATE,
    actor: chString,
    note: chString,
  }),
});

export const rulesInForce = defineQuery({
  name: "rules.in-force",
  params: z.object({}),
  row: z.object({
    rule: chString,
    version: chInt,
    state: chEnum(["shadow", "active", "retired"]),
    since: chInstant,
    meaning: chString,
    /** JSON, see reconcile/governance/overrides.ts. */
    overrides: chString,
  }),
});
export type RuleInForce = ReturnType<typeof rulesInForce.read>;

/** Of one rule, or with "" of all. */
export const ruleVersions = defineQuery({
  name: "rules.versions",
  params: z.object({ rule: z.string() }),
  row: z.object({
    rule: chString,
    version: chInt,
    meaning: chString,
    overrides: chString,
    origin: ORIGIN,
    at: chInstant,
    state: STATE,
  }),
});
export type RuleVersion = ReturnType<typeof ruleVersions.read>;

export const ruleEvents = defineQuery({
  name: "rules.events",
  params: z.object({ rule: z.string() }),
  row: z.object({ version: chInt, at: chInstant, state: STATE, actor: chString, note: chString }),
});

export const latestRuleEvent = defineQuery({
  name: "rules.latest",
  params: z.object({}),
  row: z.object({ at: chInstant.nullable() }),
});

export const standingByRule = defineQuery({
  name: "rules.standing",
  params: z.object({}),
  row: z.object({
    rule: chString,
    open: chCount,
    shadow: chCount,
    money: chDecimal,
    unpriced: chCount,
  }),
});

export const standingThoughRetired = defineQuery({
  name: "rules.retired",
  params: z.object({}),
  row: stateRow,
});

export const escalations = defineQuery({
  name: "rules.escalations",
  params: z.object({}),
  row: z.object({
    legal_entity: chString,
    money: chDecimal,
    opened_before: chInstant,
    is_cutoff_near: chBool,
  }),
});

export const escalationTable = defineTable({
  name: "escalation",
  row: z.object({
    legal_entity: chString,
    money: chDecimal,
    opened_before: chInstant,
    is_cutoff_near: chBool,
    at: chInstant,
  }),
});
