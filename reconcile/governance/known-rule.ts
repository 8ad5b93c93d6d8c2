/** The rule a person named, and what they are told when it is not to be had. */
import { RequestError } from "#core/errors";
import type { Rule } from "../rule.ts";
import { RULES, ruleById } from "../rules/index.ts";

/** The rule with this id. Throws RequestError when there is none. */
export function knownRule(id: string): Rule {
  const rule = ruleById(id);
  if (rule) return rule;
  throw new RequestError("rule.unknown", `No rule ${id}`, {
    userMessage: `There is no rule "${id}". The rules are: ${RULES.map((r) => r.id).join(", ")}.`,
  });
}

/** What was asked of a rule cannot be done; `message` says why, to the person. */
export function refuseRule(message: string): RequestError {
  return new RequestError("rule.refused", message, { userMessage: message });
}
