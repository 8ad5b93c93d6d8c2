/** The errors for calls that were not answered with a result, in words for whoever runs the source. */
import { ConfigError, RequestError, TransientError } from "#core/errors";
import type { HttpResponse } from "../http.ts";
import { type RpcError, unknownName } from "./rpc-error.ts";

const ACCESS = /^You are not allowed to (access|read)\b/;

/** A refusal within an answer. `method` is `model.party.party.search_read`. */
export function callRefused(name: string, method: string, error: RpcError): Error {
  const log = `${name}: ${method}: ${error.kind}: ${error.message}`;
  const missing = unknownName(error);
  if (missing !== null)
    return new ConfigError("tryton.unknown-name", log, {
      userMessage: `${name} does not know "${missing}", which ${modelOf(method)} was asked for. Either a module is not activated there or a name in the settings is wrong; the connection check says which.`,
    });
  if (error.kind === "bug")
    return new TransientError("tryton.failed", log, {
      context: { reached: true },
      userMessage: `${name} met an error of its own at ${modelOf(method)}. It is asked again at the next turn. It said: ${error.message}`,
    });
  if (error.kind === "user" && ACCESS.test(error.message))
    return new ConfigError("tryton.forbidden", log, {
      userMessage: `${name} does not let the integration's user read ${modelOf(method)}. Give the user the groups listed in docs/connect/tryton.md. ${name} said: ${error.message}`,
    });
  return new RequestError("tryton.refused", log, {
    userMessage: `${name} refused to answer for ${modelOf(method)}: ${error.message}`,
  });
}

/** A status at the door instead of an answer. */
export function doorClosed(
  name: string,
  database: string,
  method: string,
  response: HttpResponse,
): ConfigError {
  const log = `${name}: ${method}: ${response.status}`;
  if (response.status === 404)
    return new ConfigError("tryton.no-database", log, {
      userMessage: `${name} has no database "${database}". Check the setting database, and that baseUrl is the server's address without a path.`,
    });
  if (response.status === 403)
    return new ConfigError("tryton.not-exposed", log, {
      userMessage: `${name} does not offer ${method} to other programs. This release of the server may be too old, or a module that should be active is not.`,
    });
  if (response.status === 413)
    return new ConfigError("tryton.too-large", log, {
      userMessage: `${name} does not take requests as large as this one. Raise max_size_authenticated in the server's configuration.`,
    });
  return new ConfigError("tryton.unexpected", log, {
    userMessage: `${name} answered ${response.status} where a Tryton server would not. Check that baseUrl is its address and not that of a page in front of it.`,
  });
}

function modelOf(method: string): string {
  return method.replace(/^model\./, "").replace(/\.[^.]*$/, "");
}
