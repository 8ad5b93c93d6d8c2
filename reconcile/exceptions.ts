/**
 * What people do to exceptions: acknowledge, assign, comment, snooze, waive, and take a snooze or a waiver back. Each is an event
 * with the one who did it; doing the same thing twice in a row is one event. Nobody resolves an exception by hand: only a
 * conclusive run does.
 */

import { z } from "zod";
import { parseDecimal } from "#core/decimal";
import { RequestError } from "#core/errors";
import { stableId } from "#core/ids";
import { log } from "#core/log";
import { type Clock, type Instant, instantOf, msOf } from "#core/time";
import { type ExceptionEvent, exceptionEventTable, exceptionStates } from "#sql/queries/reconcile";
import type { Store } from "#sql/store";
import { refreshActedOn } from "./exception-state.ts";
import { stateEvent } from "./lifecycle.ts";

const words = z.string().trim().max(2_000);

export const ExceptionAction = z.discriminatedUnion("type", [
  z.object({ type: z.literal("acknowledge"), note: words.default("") }),
  /** `assignee` "" takes the assignment back. */
  z.object({ type: z.literal("assign"), assignee: z.string().trim().max(100), note: words.default("") }),
  z.object({ type: z.literal("comment"), note: words.min(1, "Write something to comment.") }),
  z.object({ type: z.literal("snooze"), until: z.iso.datetime({ offset: false }), note: words.default("") }),
  /** `cap`: most money, in the reporting currency, the waiver covers; it ends when the money outgrows it. */
  z.object({
    type: z.literal("waive"),
    until: z.iso.datetime({ offset: false }),
    note: words.min(3, "A waiver needs a reason."),
    cap: z.string().optional(),
  }),
  /** Takes a snooze or a waiver back. */
  z.object({ type: z.literal("wake"), note: words.default("") }),
]);
export type ExceptionAction = z.infer<typeof ExceptionAction>;

/** Longest a snooze or a waiver may last. */
const LONGEST_DAYS = { snooze: 30, waive: 90 };
const EVENTS = {
  acknowledge: "acknowledged",
  assign: "assigned",
  comment: "commented",
  snooze: "snoozed",
  waive: "waived",
  wake: "woke",
} as const;

/**
 * Does one thing to one exception. Throws RequestError, in a person's words, when there is no such exception, when the thing makes
 * no sense as it stands, or when what was given is not allowed.
 */
export async function actOnException(
  store: Store,
  clock: Clock,
  command: { id: string; actor: string; action: z.input<typeof ExceptionAction> },
): Promise<void> {
  const done = await actOnExceptions(store, clock, {
    ids: [command.id],
    actor: command.actor,
    action: command.action,
  });
  if (done.refused[0]) throw refuse(done.refused[0].message);
}

/**
 * Does the same thing to many exceptions with one write, and says which were refused and why.
 * Throws RequestError when what was given is not allowed for any of them.
 */
export async function actOnExceptions(
  store: Store,
  clock: Clock,
  command: { ids: readonly string[]; actor: string; action: z.input<typeof ExceptionAction> },
): Promise<{ done: string[]; refused: { id: string; message: string }[] }> {
  const parsed = ExceptionAction.safeParse(command.action);
  if (!parsed.success) throw refuse(parsed.error.issues.map((i) => i.message).join(" "));
  const action = parsed.data;
  if (command.actor === "") throw refuse("Say who is acting.");
  checkUntil(action, clock);
  const cap =
    action.type === "waive" && action.cap !== undefined && action.cap !== ""
      ? parseDecimal(action.cap)
      : null;
  if (action.type === "waive" && action.cap && cap === null)
    throw refuse(`"${action.cap}" is not an amount. Write it as 1000 or 1000.50.`);
  const ids = [...new Set(command.ids)];
  const states = new Map((await store.query(exceptionStates, { ids })).map((s) => [s.id, s]));
  const events: ExceptionEvent[] = [];
  const refused: { id: string; message: string }[] = [];
  for (const id of ids) {
    const state = states.get(id);
    const message = state ? whyNot(action, state.was) : "There is no such exception.";
    if (!state || message !== null) {
      refused.push({ id, message: message ?? "" });
      continue;
    }
    const at = instantOf(Math.max(clock.now(), msOf(state.changed_at) + 1));
    events.push(
      stateEvent(state, at, EVENTS[action.type], "", action.note, {
        actor: command.actor,
        // The same command on the same state is the same event, however often it arrives.
        event_id: stableId("command", id, command.actor, JSON.stringify(action), state.changed_at),
        ...(action.type === "assign" ? { assignee: action.assignee } : {}),
        ...("until" in action ? { until: action.until } : {}),
        ...(action.type === "waive" ? { money_reporting: cap } : {}),
      }),
    );
  }
  await store.insert(exceptionEventTable, events);
  const done = events.map((e) => e.exception_id);
  // It is done once the events are stored: an error here would make a person do it again. What is behind, the next run catches up.
  await refreshActedOn(store, done).catch((err: unknown) =>
    log.warn({ err }, "exceptions acted on are shown as they were until the next run"),
  );
  return { done, refused };
}

function checkUntil(action: ExceptionAction, clock: Clock): void {
  if (action.type !== "snooze" && action.type !== "waive") return;
  const until: Instant = action.until;
  const name = action.type === "snooze" ? "snooze" : "waiver";
  const days = LONGEST_DAYS[action.type];
  if (msOf(until) <= clock.now()) throw refuse(`A ${name} must end in the future.`);
  if (msOf(until) > clock.now() + days * 86_400_000) throw refuse(`A ${name} may last ${days} days at most.`);
}

/** Why the thing makes no sense for an exception of this status; null when it does. */
function whyNot(action: ExceptionAction, status: string): string | null {
  if (action.type === "comment") return null;
  if (status === "resolved" || status === "cleared") return "This exception is already resolved.";
  if (status === "suspected") return "This has failed only once so far; it opens at the next failing run.";
  if (status === "shadow")
    return "Its rule runs in shadow: it neither blocks nor counts, so there is nothing to decide until the rule is active.";
  if (status === "absorbed")
    return "This is a symptom of another exception. Act on that one; this follows it.";
  if (action.type === "wake" && status !== "snoozed" && status !== "waived")
    return "This exception is neither snoozed nor waived.";
  if (action.type === "acknowledge" && status !== "open") return `This exception is already ${status}.`;
  return null;
}

function refuse(message: string): RequestError {
  return new RequestError("exception.refused", message, { userMessage: message });
}
