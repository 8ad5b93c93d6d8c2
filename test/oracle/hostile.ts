/** Bad weather for a seed: what goes wrong on the vendors' servers while the firm is read, drawn from the seed alone. */

import type { Random } from "#sandbox/firm/random";
import type { HttpFaultEffect, HttpFaultRule } from "#sandbox/http-faults";

/** The kinds of trouble a reader must come through without losing, doubling or inventing anything. */
const TROUBLE: readonly HttpFaultEffect[] = [
  { kind: "too-many-requests", retryAfter: 0 },
  { kind: "server-error", status: 503 },
  { kind: "server-error", status: 502, html: true },
  { kind: "cut" },
  { kind: "cut-after-commit" },
  { kind: "truncated" },
  { kind: "malformed-json" },
  { kind: "duplicate-page" },
  { kind: "shuffled-page" },
  { kind: "unauthorized" },
  { kind: "slow", ms: 30 },
];

/** A handful of intermittent failures, each striking now and then. Requests for tokens are left alone: they are never retried blindly. */
export function weather(random: Random): HttpFaultRule[] {
  return random
    .shuffled(TROUBLE)
    .slice(0, random.int(4, TROUBLE.length))
    .map((effect) => ({
      path: effect.kind.endsWith("-page") ? "/query|/suiteql" : "^(?!.*/token)",
      probability: random.int(1, 6) / 100,
      effect,
    }));
}

/** Nobody answers, until the rule is removed. */
export const OUTAGE: HttpFaultRule = { id: "outage", effect: { kind: "outage" } };
