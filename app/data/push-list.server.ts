/** Pushes, sorted by what a person must do about them. */
import { type Push, pushList, STATUS_WORDS } from "#reconcile/push/state";
import { ruleById } from "#reconcile/rules/index";
import { activePeople } from "../auth/accounts.server.ts";
import type { Visit } from "../auth/guard.server.ts";
import { may } from "../auth/permissions.ts";
import { pushWords } from "../words.ts";
import { systemNames } from "./freshness.server.ts";

/** Something will still happen to it by itself, or somebody must look. */
const IN_FLIGHT = ["approved", "started", "applied", "already_right", "unknown", "unconfirmed"] as const;
const HISTORY_SHOWN = 200;

export async function pushesPage({ services, user }: Visit) {
  const { store } = services;
  const [all, people] = await Promise.all([pushList(store, { limit: HISTORY_SHOWN }), activePeople(store)]);
  const systems = systemNames(services.sources);
  const names = Object.fromEntries(people.map((p) => [p.name, p.displayName]));
  const flying: readonly string[] = IN_FLIGHT;
  const rows = all.map((p) => pushSummary(p, systems, names));
  return {
    waiting: rows.filter((p) => p.status === "requested"),
    inFlight: rows.filter((p) => flying.includes(p.status)),
    history: rows.filter((p) => p.status !== "requested" && !flying.includes(p.status)),
    shown: HISTORY_SHOWN,
    isFull: all.length >= HISTORY_SHOWN,
    mayApprove: may(user.roles, "approvePush"),
    me: user.name,
  };
}
export type PushSummary = ReturnType<typeof pushSummary>;

/** One push in words. `systems` is role → system name, `names` is account → display name. */
export function pushSummary(p: Push, systems: Record<string, string>, names: Record<string, string>) {
  const system = systems[p.proposal.targetRole] ?? p.proposal.targetSource;
  return {
    id: p.id,
    exceptionId: p.exceptionId,
    rule: p.rule,
    ruleTitle: ruleById(p.rule)?.title ?? p.rule,
    what: `${p.undoOf === "" ? "" : "Undo: "}${pushWords(p.proposal.action, p.proposal.target.entity, system)}`,
    because: p.proposal.because,
    changes: p.proposal.changes,
    action: p.proposal.action,
    status: p.status,
    statusWords: STATUS_WORDS[p.status],
    requestedBy: names[p.requestedBy] ?? p.requestedBy,
    requestedByName: p.requestedBy,
    requestedAt: p.requestedAt,
    decidedBy: p.decidedBy === null ? null : (names[p.decidedBy] ?? p.decidedBy),
    decidedAt: p.decidedAt,
    appliedAt: p.appliedAt,
    verifiedAt: p.verifiedAt,
    changedAt: p.changedAt,
    undoOf: p.undoOf,
  };
}
