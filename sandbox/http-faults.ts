/**
 * Failures a test or a demo switches on in a sandbox vendor: what goes wrong, for which requests, how often.
 * Holds the rules and decides which of them strike a request; `http-server.ts` carries the effects out, so that
 * every vendor fails in the same ways. Rules are plain data: they travel over `POST /__sandbox/faults` unchanged.
 */
import { z } from "zod";

const Effect = z.discriminatedUnion("kind", [
  /** The token is not accepted; answered in the vendor's words before anything is done. */
  z.object({ kind: z.literal("unauthorized") }),
  /** Throttled, in the vendor's words; `retryAfter` in seconds becomes a Retry-After header. */
  z.object({ kind: z.literal("too-many-requests"), retryAfter: z.number().nonnegative().optional() }),
  /** 5xx in the vendor's words, or a maintenance page in HTML. */
  z.object({
    kind: z.literal("server-error"),
    status: z.number().int().min(500).max(599).optional(),
    html: z.boolean().optional(),
  }),
  /** Any other answer, given instead of handling the request: a row lock, a query time-out. */
  z.object({
    kind: z.literal("answer"),
    status: z.number().int(),
    body: z.unknown(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** The connection drops before the request is handled: nothing happened. */
  z.object({ kind: z.literal("cut") }),
  /** The request is handled, then the connection drops before the answer: the caller cannot know. */
  z.object({ kind: z.literal("cut-after-commit") }),
  /** The answer comes `ms` later (real time), otherwise as it should be. */
  z.object({ kind: z.literal("slow"), ms: z.number().nonnegative() }),
  /** Status 200 and a whole body that is not JSON. */
  z.object({ kind: z.literal("malformed-json") }),
  /** The connection drops half-way through the body. */
  z.object({ kind: z.literal("truncated") }),
  /** Every row of the page comes twice. */
  z.object({ kind: z.literal("duplicate-page") }),
  /** The rows of the page come in another order. */
  z.object({ kind: z.literal("shuffled-page") }),
  /** Nobody answers: every matching connection drops, until the rule is removed. */
  z.object({ kind: z.literal("outage") }),
]);

const Rule = z.object({
  /** Chosen by the server when left out. */
  id: z.string().min(1).optional(),
  /** HTTP method; left out: any. */
  method: z.string().optional(),
  /** Regular expression on the path with its query string, percent-decoded; left out: any. */
  path: z.string().optional(),
  /** Regular expression on the request body; left out: any. */
  body: z.string().optional(),
  /** Let this many matching requests through first. */
  after: z.number().int().nonnegative().optional(),
  /** Strike this often, then never again. Left out: until removed. */
  times: z.number().int().positive().optional(),
  /** Chance of striking each match, drawn from the seeded generator. Left out: 1. */
  probability: z.number().min(0).max(1).optional(),
  effect: Effect,
});

/** What the admin endpoint accepts: `{"clear": true}`, `{"remove": ["f1"]}`, `{"add": [rule, …]}`, in that order. */
export const FaultCommand = z.object({
  clear: z.boolean().optional(),
  remove: z.array(z.string()).optional(),
  add: z.array(Rule).optional(),
});

export type HttpFaultEffect = z.infer<typeof Effect>;
export type HttpFaultRule = z.infer<typeof Rule>;
/** A rule with how many requests it matched and how many it struck. */
export type HttpFaultStatus = HttpFaultRule & { id: string; matched: number; struck: number };

export interface HttpFaults {
  /** Switches a rule on; returns its id. Throws a ZodError or SyntaxError when the rule makes no sense. */
  add(rule: HttpFaultRule): string;
  remove(id: string): void;
  clear(): void;
  list(): HttpFaultStatus[];
  /** The effects that strike this request. Counts it, so ask once per request. */
  strike(method: string, path: string, body: string): HttpFaultEffect[];
  /** A number in [0, 1) from the seeded generator. */
  random(): number;
}

interface ActiveRule {
  status: HttpFaultStatus;
  path: RegExp | null;
  body: RegExp | null;
}

/** An empty set of faults. The same seed and the same requests give the same failures. */
export function createHttpFaults(options: { seed?: number } = {}): HttpFaults {
  const random = mulberry32(options.seed ?? 1);
  const rules = new Map<string, ActiveRule>();
  let counter = 0;
  return {
    add(rule) {
      const parsed = Rule.parse(rule);
      const id = parsed.id ?? `f${++counter}`;
      rules.set(id, {
        status: { ...parsed, id, matched: 0, struck: 0 },
        path: parsed.path === undefined ? null : new RegExp(parsed.path),
        body: parsed.body === undefined ? null : new RegExp(parsed.body),
      });
      return id;
    },
    remove: (id) => void rules.delete(id),
    clear: () => rules.clear(),
    list: () => [...rules.values()].map((r) => ({ ...r.status })),
    random,
    strike(method, path, body) {
      const effects: HttpFaultEffect[] = [];
      for (const rule of rules.values()) {
        if (matches(rule, method, path, body) && strikes(rule.status, random))
          effects.push(rule.status.effect);
      }
      return effects;
    },
  };
}

function matches(rule: ActiveRule, method: string, path: string, body: string): boolean {
  if (rule.status.method !== undefined && rule.status.method.toUpperCase() !== method) return false;
  return (rule.path?.test(path) ?? true) && (rule.body?.test(body) ?? true);
}

function strikes(rule: HttpFaultStatus, random: () => number): boolean {
  rule.matched += 1;
  if (rule.matched <= (rule.after ?? 0)) return false;
  if (rule.times !== undefined && rule.struck >= rule.times) return false;
  if (rule.probability !== undefined && random() >= rule.probability) return false;
  rule.struck += 1;
  return true;
}

/** A small well-known generator: good enough to pick which request fails, and the same on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
