/**
 * What a write's answer says. Refusals come in words within an answer of status 200; a status at the door means that the call was not
 * carried out at all.
 */
import type { HttpResponse } from "../http.ts";
import { isObject } from "../payload.ts";
import { doorClosed } from "./call-refused.ts";
import { rpcErrorOf } from "./rpc-error.ts";

export type Answer =
  /** Carried out; `result` is what the method returned, null for an update. */
  | { kind: "taken"; result: unknown }
  /** Somebody changed the record since the stamp that was sent; nothing was written. */
  | { kind: "moved"; message: string }
  /** A rule, a right or a warning forbids it, or the call is not offered; nothing was written. */
  | { kind: "refused"; code: string; message: string }
  /** An error nobody foresaw. Mostly all was rolled back, but the server does some housekeeping after it has committed. */
  | { kind: "failed"; code: string; message: string; busy: boolean }
  /** Not an answer of the agreed form. */
  | { kind: "garbled" };

/** What a database says when calls got in each other's way and the server had tried often enough. */
const BUSY =
  /could not serialize access|deadlock detected|could not obtain lock|lock timeout|database is locked|connection pool exhausted|too many clients|connection slots/i;

export function answerOf(name: string, database: string, method: string, response: HttpResponse): Answer {
  if (response.status !== 200) {
    const door = doorClosed(name, database, method, response);
    return { kind: "refused", code: door.code, message: door.userMessage };
  }
  let body: unknown = null;
  try {
    body = JSON.parse(response.text());
  } catch {
    return { kind: "garbled" };
  }
  const error = rpcErrorOf(body);
  if (error === null)
    return isObject(body) && "result" in body ? { kind: "taken", result: body.result } : { kind: "garbled" };
  const { kind, message } = error;
  if (kind === "conflict") return { kind: "moved", message };
  if (kind === "user") return { kind: "refused", code: "UserError", message };
  if (kind === "warning")
    return {
      kind: "refused",
      code: "UserWarning",
      message: `${name} wants a person to confirm this, which Plumbline does not do: ${message} Make the change there.`,
    };
  return { kind: "failed", code: "ServerError", message, busy: BUSY.test(message) };
}
