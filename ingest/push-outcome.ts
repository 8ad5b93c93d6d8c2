/**
 * What is known after a write was sent, the same for every connector: an answer, or no answer. No answer never counts as failure;
 * the record may hold the new value all the same.
 */
import { sameValue } from "#core/decimal";
import { sayError, TransientError } from "#core/errors";
import type { Change, Values, WriteOutcome } from "./connector.ts";
import type { HttpResponse } from "./http.ts";

export type Sent = { answered: true; response: HttpResponse } | { answered: false; outcome: WriteOutcome };

/**
 * Send a write once. Throws TransientError only when nothing can have been written: the connection was never made, or the
 * vendor turned the request away at the door (429, or what `turnedAway` says).
 */
export async function sendOnce(
  vendor: string,
  send: () => Promise<HttpResponse>,
  turnedAway: (response: HttpResponse) => boolean,
): Promise<Sent> {
  let response: HttpResponse;
  try {
    response = await send();
  } catch (error) {
    if (!(error instanceof TransientError) || error.context.reached === false) throw error;
    return {
      answered: false,
      outcome: {
        outcome: "unknown",
        message: `The change was sent and no answer came, so it cannot be told whether ${vendor} made it. ${sayError(error)}`,
      },
    };
  }
  if (response.status === 429 || turnedAway(response))
    throw new TransientError("push.turned-away", `${vendor}: write turned away: ${response.status}`, {
      context: { reached: true, status: response.status },
      userMessage: `${vendor} is too busy and did not take the change. Nothing was written; try again in a few minutes.`,
    });
  if (response.status >= 500)
    return {
      answered: false,
      outcome: {
        outcome: "unknown",
        message: `${vendor} answered with an error of its own (${response.status}), so it cannot be told whether it made the change.`,
      },
    };
  return { answered: true, response };
}

/** The conflict when the target no longer holds what the change starts from; null when it does. */
export function movedSince(change: Change, actual: Values): WriteOutcome | null {
  const moved = change.changes.filter((c) => !sameValue(actual[c.field] ?? null, c.from));
  if (moved.length === 0) return null;
  const said = moved.map((c) => `${c.field} is ${actual[c.field] ?? "empty"}, not ${c.from ?? "empty"}`);
  return {
    outcome: "conflict",
    actual,
    message: `The record moved since it was looked at: ${said.join("; ")}. Nothing was written.`,
  };
}

/** The change's new value for a field; null when it sets none. */
export function newValue(change: Change, field: string): string | null {
  return change.changes.find((c) => c.field === field)?.to ?? null;
}
