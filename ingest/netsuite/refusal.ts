/** What the vendor says when it will not do something: by status, then by `o:errorCode` or a RESTlet's code; never by title. */
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
    // A gateway's page: the status is all there is to go by.
  }
  if (!isObject(body)) return { code: `HTTP_${response.status}`, message: `It answered ${response.status}.` };
  if (typeof body.error === "string")
    return { code: body.error, message: String(body.error_description ?? body.error) };
  if (isObject(body.error))
    return {
      code: String(body.error.code ?? ""),
      message: String(body.error.message ?? body.error.code ?? ""),
    };
  const list = body["o:errorDetails"];
  const details = (Array.isArray(list) ? list : []).filter(isObject);
  return {
    code: String(details[0]?.["o:errorCode"] ?? body["o:errorCode"] ?? `HTTP_${response.status}`),
    message: details.map((d) => String(d.detail ?? "")).join("; ") || `It answered ${response.status}.`,
  };
}

/** Turned away at the door for being too many at once; nothing was done. RESTlets say so with 400. */
export function turnedAway(response: HttpResponse): boolean {
  return (
    response.status === 429 ||
    (response.status === 400 && /REQUEST_LIMIT_EXCEEDED|CONCURRENCY_LIMIT/.test(refusalOf(response).code))
  );
}

/** The error for a read that was refused, in words for whoever runs the source. */
export function readRefused(source: string, what: string, response: HttpResponse): Error {
  const { code, message } = refusalOf(response);
  const log = `${source}: ${what}: ${response.status} ${code}: ${message}`;
  if (turnedAway(response))
    return new TransientError("netsuite.busy", log, {
      userMessage: `${source} is serving as many requests as its licence allows. It is read again at its next turn; if this keeps happening, lower concurrency for this source.`,
    });
  if (response.status === 403 || /PERMISSION/.test(code))
    return new ConfigError("netsuite.forbidden", log, {
      userMessage: `${source} does not let the integration's role read ${what}. Give the role the permissions listed in docs/connect/netsuite.md. ${source} said: ${message}`,
    });
  if (response.status === 400)
    return new ConfigError("netsuite.bad-query", log, {
      userMessage: `${source} did not accept the query for ${what}. Most often a field named in the settings does not exist in the account, or the role may not see it. ${source} said: ${message}`,
    });
  return new RequestError("netsuite.refused", log, {
    userMessage: `${source} refused to answer for ${what}: ${message} (${code}).`,
  });
}
