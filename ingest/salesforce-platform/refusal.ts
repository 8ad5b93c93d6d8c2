/** What the platform says when it will not do something: `[{"message", "errorCode", "fields"}]`, or now and then a web page. */
import { ConfigError, RequestError, TransientError } from "#core/errors";
import type { HttpResponse } from "../http.ts";
import { isObject } from "../payload.ts";

export interface Refusal {
  code: string;
  /** All messages of the answer, verbatim. */
  message: string;
}

export function refusalOf(response: HttpResponse): Refusal {
  let body: unknown = null;
  try {
    body = JSON.parse(response.text());
  } catch {
    // A maintenance page: its status is all there is to go by.
  }
  const entries = (Array.isArray(body) ? body : [body]).filter(isObject);
  const codes = entries
    .map((e) => e.errorCode ?? e.statusCode ?? e.error)
    .filter((c) => typeof c === "string");
  const messages = entries.map((e) => e.message ?? e.error_description).filter((m) => typeof m === "string");
  return {
    code: codes[0] ?? `HTTP_${response.status}`,
    message: messages.join("; ") || `The platform answered ${response.status}.`,
  };
}

/** Codes that pass when the same thing is asked again. */
const PASSING = new Set([
  "UNABLE_TO_LOCK_ROW",
  "QUERY_TIMEOUT",
  "SERVER_UNAVAILABLE",
  "REQUEST_RUNNING_TOO_LONG",
]);

/** Answers whose status says "your mistake" although waiting helps. */
export function passes(response: HttpResponse): boolean {
  return response.status === 400 && PASSING.has(refusalOf(response).code);
}

/** The error for a read that was refused, in words for whoever runs the source. */
export function readRefused(source: string, what: string, response: HttpResponse): Error {
  const { code, message } = refusalOf(response);
  const log = `${source}: ${what}: ${response.status} ${code}: ${message}`;
  if (code === "REQUEST_LIMIT_EXCEEDED")
    return new TransientError("salesforce.quota", log, {
      userMessage: `${source} has used up its API requests for the day, so nothing more is read until the quota frees. Data from it will be late. Ask the org's admin to raise the limit, or read less often (schedule).`,
    });
  if (PASSING.has(code))
    return new TransientError("salesforce.busy", log, {
      userMessage: `${source} was too busy to answer (${message}). It is read again at its next turn.`,
    });
  if (code === "INVALID_FIELD" || code === "INVALID_TYPE" || response.status === 403)
    return new ConfigError("salesforce.not-visible", log, {
      userMessage: `${source} does not let the integration user read ${what}. Grant it read access to the object and its fields, or name the right ones in the source's settings. ${source} said: ${message}`,
    });
  return new RequestError("salesforce.refused", log, {
    userMessage: `${source} refused to answer for ${what}: ${message} (${code}).`,
  });
}
